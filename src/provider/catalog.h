// The providers that run in a cage: those that are linked into certo, and those that lie in the user's and
// the system's provider folders.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provider/descriptor.h"

namespace certo::provider {

/// One of them. What it is made of stands in at most one of the last two; neither is a built-in.
struct Caged {
  Descriptor descriptor;
  std::string origin;    // "certo", or the file
  std::string recipe{};  // its text
  std::string plugin{};  // path of a .so
  const char* kind() const;
};

/// `folders` are looked through in their order, after what is built in. By name or alias in the program, by
/// the file's name (NAME.so, NAME.json) in a folder. Throws Error{config} for a file that cannot be used.
std::optional<Caged> find_caged(std::string_view name, const std::vector<std::string>& folders);
/// A .so or a recipe by its path.
Caged read_caged(const std::string& path);

struct Listed {
  std::string name, kind, origin, title;
  std::vector<std::string> aliases;
};
/// All that there are, one line each; nothing is run.
std::vector<Listed> list_caged(const std::vector<std::string>& folders);

/// The state tree's own folder, then the one beside the installed program: PREFIX/lib/certo/providers.
std::vector<std::string> provider_folders(const std::string& of_home);

}  // namespace certo::provider
