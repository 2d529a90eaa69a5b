// PEM (RFC 7468), strict: the blocks of a text and nothing else.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace certo::crypto {

struct PemBlock {
  std::string label;  // "CERTIFICATE"
  Bytes der;
};

/// All blocks of `text` in order. `stray`: there is something other than white space outside of them.
/// A block that is cut off or not base64 is left out, and `damaged` is set.
struct PemText {
  std::vector<PemBlock> blocks;
  bool stray = false;
  bool damaged = false;
};
PemText read_pem(std::string_view text);
std::string write_pem(std::string_view label, std::span<const uint8_t> der);  // 64 columns

}  // namespace certo::crypto
