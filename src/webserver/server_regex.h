// The regular expressions of nginx's server_name, "~^(?<user>.+)\.example\.com$". nginx uses PCRE; this
// matches the part of its language that names are written in, and says "unknown" of everything else.
#pragma once

#include <string_view>

namespace certo::webserver {

enum class Matches { no, yes, unknown };

/// Whether `pattern` (without the "~") is found in `name`, without regard to case.
Matches matches_regex(std::string_view pattern, std::string_view name);

}  // namespace certo::webserver
