// Random numbers for jitter and names; keys use crypto's generator.
#pragma once

#include <cstdint>
#include <string>

namespace certo::os {

uint64_t random_number();               // getrandom(2)
std::string random_name(size_t bytes);  // lower-case hex

}  // namespace certo::os
