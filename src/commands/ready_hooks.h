// The deploy hooks that come with certo.
#pragma once

#include <string>
#include <vector>

namespace certo::commands {

/// Their names, sorted: "nginx".
std::vector<std::string> ready_hooks();
/// A hook by its path, or one that comes with certo by its name. Throws Error{config}.
std::string path_of_hook(const std::string& hook);
/// What the first lines of the file say about it: what it does, then its settings.
std::string about_hook(const std::string& path);

}  // namespace certo::commands
