// RRsets whose TXT values are in quotes, which a person or another client may have left out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sdk/provider.hpp"

namespace certo::sdk {

bool is_same_text(std::string_view held, std::string_view value);

/// Like `merged`, for values as the service has them, which are kept as they are. Ours are added in quotes.
std::vector<std::string> merged_quoted(std::vector<std::string> held, const std::vector<std::string>& ours,
                                       Change change);

}  // namespace certo::sdk
