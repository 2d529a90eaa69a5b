#include "net/der.h"

namespace certo::net {

std::optional<Element> first_element(View bytes) {
  if (bytes.size() < 2) return {};
  size_t header = 2, length = bytes[1];
  if (length >= 0x80) {
    const size_t octets = length & 0x7f;
    if (octets == 0 || octets > 3 || bytes.size() < header + octets) return {};
    length = 0;
    for (size_t i = 0; i < octets; ++i) length = length << 8 | bytes[header++];
  }
  if (bytes.size() - header < length) return {};
  return Element{bytes.first(header + length), bytes.subspan(header, length)};
}

Elements elements_in(View content) {
  Elements found;
  while (!content.empty()) {
    const auto element = first_element(content);
    if (!element) {
      found.is_whole = false;
      break;
    }
    found.list.push_back(*element);
    content = content.subspan(element->whole.size());
  }
  return found;
}

}  // namespace certo::net
