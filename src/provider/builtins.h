// The providers that are part of certo, one file each in providers/.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sdk/provider.h"

namespace certo::provider {

std::span<const certo_provider* const> builtins();
std::vector<std::string> builtin_names();  // of built-in recipes, too
/// By name or alias; nullptr if there is none.
const certo_provider* find_builtin(std::string_view name);
/// Whether `variable` is a setting of a built-in or recipe, under any of its names.
bool is_of_built_in(const std::string& variable);

}  // namespace certo::provider
