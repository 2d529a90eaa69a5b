// Files of credentials with [sections] and "key = value", as the tools of several services write them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace certo::sdk {

using IniSection = std::map<std::string, std::string>;  // keys in lower case

/// The section [wanted]; several of that name count as one. Nothing if the file has none.
std::optional<IniSection> ini_section(std::string_view file, const std::string& wanted);

}  // namespace certo::sdk
