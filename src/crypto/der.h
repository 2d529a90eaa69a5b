// DER (X.690), both ways. Elements are written inside out: each function returns a
// complete one, made of complete ones. They are read front to back. For this folder only.
#pragma once

#include <initializer_list>
#include <span>

#include "base/text.h"

namespace certo::crypto::der {

using View = std::span<const uint8_t>;

enum Tag : uint8_t {
  boolean = 0x01,
  integer_tag = 0x02,
  bit_string_tag = 0x03,
  octet_string_tag = 0x04,
  oid_tag = 0x06,
  utf8_string = 0x0c,
  generalized_time = 0x18,
  sequence_tag = 0x30,
  set_tag = 0x31,
};
/// The tag of `[number]`; constructed when it holds elements.
constexpr uint8_t context(uint8_t number, bool constructed) {
  return static_cast<uint8_t>(0x80 | (constructed ? 0x20 : 0) | number);
}

Bytes element(uint8_t tag, std::initializer_list<View> parts);
Bytes concat(const std::vector<Bytes>& elements);

inline Bytes sequence(std::initializer_list<View> parts) { return element(sequence_tag, parts); }
inline Bytes set(std::initializer_list<View> parts) { return element(set_tag, parts); }
inline Bytes octet_string(View content) { return element(octet_string_tag, {content}); }
Bytes bit_string(View content);      // of whole bytes
Bytes small_integer(uint8_t value);  // below 128
Bytes null();

/// The content of an OID as a literal, which may hold zero bytes.
template <size_t Size>
Bytes oid(const char (&content)[Size]) {
  return element(oid_tag, {as_bytes({content, Size - 1})});
}

/// Throws Error{bad_input} "malformed DER" if the bytes are not the requested element.
class Reader {
 public:
  explicit Reader(View bytes) : rest_(bytes) {}

  bool at_end() const { return rest_.empty(); }
  bool next_is(uint8_t tag) const { return !rest_.empty() && rest_.front() == tag; }
  View whole();               // the next element, header included
  View content(uint8_t tag);  // the content of the next element
  View any();                 // the same, whatever its tag
  Reader inside(uint8_t tag) { return Reader(content(tag)); }
  void expect_end() const;

 private:
  View rest_;
};

}  // namespace certo::crypto::der
