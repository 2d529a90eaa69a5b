// The providers that run in a cage: those that are part of certo, and the files in the user's and the
// system's provider folders.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provider/descriptor.h"
#include "provider/environment.h"

namespace certo::provider {

/// One of them. At most one of the last two is set, and none for a built-in.
struct Caged {
  Descriptor descriptor;  // as its code declares it, without what only a built-in may ask for
  /// What certo knows it by, whatever its code calls itself: a built-in's name, the file's name without its
  /// ending, or the path that the user gave.
  std::string id;
  FoundBy found_by = FoundBy::built_in;
  std::string origin;    // "certo", or the file
  std::string recipe{};  // its text
  std::string plugin{};  // path of a .so
  const char* kind() const;
};

/// A built-in by name or alias; then, in the order of `folders`, a file by its name (NAME.so, NAME.json),
/// which therefore never takes the name of a built-in. Throws Error{config} for a file that cannot be used.
std::optional<Caged> find_caged(std::string_view name, const std::vector<std::string>& folders);
/// A .so or a recipe by its path.
Caged read_caged(const std::string& path);

struct Listed {
  std::string name, kind, origin, title;
  std::vector<std::string> aliases;
  bool has_settings = false;  // the user gave some
  bool is_untried = false;    // Descriptor::is_untried
};
/// All of them; nothing is run. `credentials`: the folder of the stored settings.
std::vector<Listed> list_caged(const std::vector<std::string>& folders, const std::string& credentials = "");

/// What certo knows of the providers that it is built with, and of the recipes in `folders`.
std::vector<Descriptor> descriptors(const std::vector<std::string>& folders);

/// The state tree's own folder, then that of the installed program: PREFIX/lib/certo/providers.
std::vector<std::string> provider_folders(const std::string& of_home);

}  // namespace certo::provider
