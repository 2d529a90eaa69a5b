#include "crypto/der.h"

#include <mbedtls/asn1.h>
#include <mbedtls/asn1write.h>

#include "base/error.h"

namespace certo::crypto::der {

namespace {

[[noreturn]] void malformed() { throw Error(Exit::bad_input, "malformed DER"); }

void append(Bytes& bytes, View more) { bytes.insert(bytes.end(), more.begin(), more.end()); }

}  // namespace

Bytes element(uint8_t tag, std::initializer_list<View> parts) {
  size_t length = 0;
  for (const View part : parts) length += part.size();

  unsigned char header[8] = {};
  unsigned char* start = header + sizeof header;
  if (mbedtls_asn1_write_len(&start, header, length) < 0 || mbedtls_asn1_write_tag(&start, header, tag) < 0) {
    throw Error(Exit::bug, "a DER element is too long");
  }
  Bytes bytes;
  bytes.reserve(sizeof header + length);
  append(bytes, View(start, header + sizeof header));
  for (const View part : parts) append(bytes, part);
  return bytes;
}

Bytes concat(const std::vector<Bytes>& elements) {
  Bytes bytes;
  for (const Bytes& one : elements) append(bytes, one);
  return bytes;
}

Bytes bit_string(View content) {
  const uint8_t unused_bits[] = {0};
  return element(bit_string_tag, {unused_bits, content});
}

Bytes small_integer(uint8_t value) {
  const uint8_t content[] = {value};
  return element(integer_tag, {content});
}

Bytes null() { return element(MBEDTLS_ASN1_NULL, {}); }

View Reader::whole() {
  const View before = rest_;
  any();
  return before.first(before.size() - rest_.size());
}

View Reader::any() {
  if (rest_.empty()) malformed();
  return content(rest_.front());
}

View Reader::content(uint8_t tag) {
  unsigned char* position = const_cast<unsigned char*>(rest_.data());  // mbedTLS only reads
  const unsigned char* end = position + rest_.size();
  size_t length = 0;
  if (mbedtls_asn1_get_tag(&position, end, &length, tag) != 0) malformed();
  rest_ = View(position + length, end);
  return View(position, length);
}

void Reader::expect_end() const {
  if (!at_end()) malformed();
}

}  // namespace certo::crypto::der
