// A TXT record consists of strings of at most 255 bytes (RFC 1035 section 3.3.14), which mean one text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace certo {

std::vector<std::string> txt_strings(std::string_view value);

/// As zone files have it: "first string" "second string". The value has no quotation marks.
std::string quoted_txt(std::string_view value);

}  // namespace certo
