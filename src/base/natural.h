// The order of names for people: a2 before a10.
#pragma once

#include <string_view>

namespace certo {

/// Runs of digits are compared as numbers, everything else byte by byte. A strict order of all texts.
bool is_naturally_before(std::string_view a, std::string_view b);

}  // namespace certo
