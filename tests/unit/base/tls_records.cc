#include "base/tls_records.h"

#include <doctest/doctest.h>

using namespace certo;

namespace {

/// A record with a part of the handshake.
Bytes record(const Bytes& part) {
  Bytes all = {22, 3, 3, 0, static_cast<uint8_t>(part.size())};
  all.insert(all.end(), part.begin(), part.end());
  return all;
}

Bytes joined(Bytes one, const Bytes& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

const Bytes server_hello = {2, 0, 0, 2, 3, 3};
// Its list has one certificate of three bytes.
const Bytes certificate = {11, 0, 0, 9, 0, 0, 6, 0, 0, 3, 0xa, 0xb, 0xc};

}  // namespace

TEST_CASE("TLS records: the first certificate, also if its message is spread over two records") {
  const Bytes found = {0xa, 0xb, 0xc};
  CHECK(first_certificate_in(record(joined(server_hello, certificate))) == found);
  const Bytes first(certificate.begin(), certificate.begin() + 7),
      rest(certificate.begin() + 7, certificate.end());
  const Bytes spread = joined(record(joined(server_hello, first)), record(rest));
  CHECK(first_certificate_in(spread) == found);
  for (size_t length = 0; length < spread.size(); ++length)
    CHECK(
        first_certificate_in(Bytes(spread.begin(), spread.begin() + static_cast<ptrdiff_t>(length))).empty());
}

TEST_CASE("TLS records: lengths that lie are not followed") {
  Bytes message = certificate;
  message[9] = 0xff;  // the certificate is longer than its message
  CHECK(first_certificate_in(record(message)).empty());
  message = server_hello;
  message[1] = 0xff;  // the message is longer than all records
  CHECK(first_certificate_in(record(joined(message, certificate))).empty());
  CHECK(first_certificate_in({21, 3, 3, 0, 2, 2, 40}).empty());  // an alert
}
