#include "console/option.h"

#include <cctype>

namespace certo::console {

std::string long_flag(const Option& option) { return std::string(option.name()); }

std::string short_flag(const Option& option) {
  const std::string_view flags = option.flags;
  return std::string(flags.substr(0, flags.find(',') == flags.npos ? 0 : flags.find(',')));
}

std::string environment_name(const Option& option) {
  std::string name = "CERTO_" + long_flag(option).substr(2);
  for (char& c : name) c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

}  // namespace certo::console
