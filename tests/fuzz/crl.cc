// CRLs: as a server sends them, and with any content that is signed by the right key, because a CA is not
// trusted either.
#include "crypto/crl.h"

#include <algorithm>
#include <cctype>

#include "crypto/der.h"
#include "crypto/key.h"
#include "os/file.h"
#include "target.h"

using namespace certo;
using namespace certo::crypto;

namespace {

struct Issuer {
  PrivateKey key = PrivateKey::from_pem(os::read_file("tests/fuzz/key.pem"), "key");
  Certificate certificate =
      parse_chain(os::read_file("tests/fuzz/crl_issuer.pem"), "the issuer", Exit::bad_input).front();
};

Bytes positive(std::span<const uint8_t> number) {
  while (number.size() > 1 && number[0] == 0) number = number.subspan(1);
  const uint8_t zero[] = {0};
  return der::element(der::integer_tag, {std::span(zero, number[0] >> 7), number});
}

/// `fields`: of a TBSCertList, from thisUpdate on.
Bytes signed_crl(const Issuer& issuer, std::string_view fields) {
  const Bytes algorithm = der::sequence({der::oid("\x2a\x86\x48\xce\x3d\x04\x03\x02")});
  const Bytes value = der::element(der::utf8_string, {as_bytes("a")});
  const Bytes name = der::sequence({der::set({der::sequence({der::oid("\x55\x04\x03"), value})})});
  const Bytes body = der::sequence({algorithm, name, as_bytes(fields)});
  const Bytes raw = issuer.key.sign(as_text(body));
  const auto half = std::span(raw).first(raw.size() / 2), other = std::span(raw).last(raw.size() / 2);
  return der::sequence({body, algorithm, der::bit_string(der::sequence({positive(half), positive(other)}))});
}

void run(std::string_view input) {
  static const Issuer issuer;
  const Time now = issuer.certificate.not_before + std::chrono::hours(48);
  const CrlQuestion question{
      .leaf = issuer.certificate, .issuer = issuer.certificate, .url = "http://crl.example/1", .now = now};
  const bool is_taken = fuzz::accepts([&] { read_crl(as_bytes(input), question); });
  fuzz::promise(!is_taken, "no CRL without a signature");
  fuzz::accepts([&] {
    const Crl crl = read_crl(signed_crl(issuer, input), question);
    fuzz::promise(crl.next_update > now, "a CRL that counts");
    if (crl.revocation)
      fuzz::promise(
          std::ranges::all_of(crl.revocation->reason, [](unsigned char c) { return std::isalpha(c); }),
          "a reason of the RFC");
  });
}

const fuzz::Registered registered("crl", run);

}  // namespace
