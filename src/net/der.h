// Reads DER (X.690) front to back, as far as certificates in a bundle or a server's chain need it. For this
// folder only.
#pragma once

#include <optional>
#include <span>

#include "base/text.h"

namespace certo::net {

using View = std::span<const uint8_t>;

constexpr uint8_t der_sequence = 0x30;

/// One DER element: the whole element, and its content.
struct Element {
  View whole, content;
  uint8_t tag() const { return whole[0]; }
};

/// The element that `bytes` begin with; nothing if it is cut off or longer than any certificate.
std::optional<Element> first_element(View bytes);

/// The elements of a constructed one, in order. A damaged rest ends them, and `is_whole` is false then.
struct Elements {
  std::vector<Element> list;
  bool is_whole = true;
};
Elements elements_in(View content);

}  // namespace certo::net
