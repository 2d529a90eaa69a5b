#include "commands/ready_hooks.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "os/child.h"
#include "os/file.h"
#include "os/path.h"

namespace certo::commands {
namespace {

constexpr std::string_view ending = ".sh";

/// Folders of the hooks that come with certo: of an installation, and of the source.
std::vector<std::string> folders() {
  const std::string parent = os::folder_of(os::folder_of(os::self_path()));
  return {parent + "/share/certo/hooks/deploy", parent + "/hooks/deploy"};
}

}  // namespace

std::vector<std::string> ready_hooks() {
  std::vector<std::string> names;
  for (const std::string& folder : folders()) {
    if (!os::exists(folder)) continue;
    for (const std::string& file : os::list_folder(folder))
      if (file.ends_with(ending)) names.push_back(file.substr(0, file.size() - ending.size()));
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string path_of_hook(const std::string& hook) {
  if (hook.starts_with('/')) return hook;
  for (const std::string& folder : folders()) {
    const std::string path = os::path_in(folder, hook + std::string(ending));
    if (hook.find('/') == hook.npos && os::exists(path)) return path;
  }
  const std::vector<std::string> names = ready_hooks();
  const auto meant = nearest(hook, names);
  throw Error(Exit::config, "there is no hook '" + hook + "'",
              meant ? "did you mean " + *meant + "?"
                    : (names.empty() ? "your own is /path/to/it" : "there are " + join(names, ", ")) +
                          std::string(names.empty() ? "" : "; your own is /path/to/it"));
}

std::string about_hook(const std::string& path) {
  std::string text;
  for (const std::string& line : split(os::read_file(path), '\n')) {
    if (line.starts_with("#!")) continue;
    if (!line.starts_with('#')) break;
    text += line.substr(line.starts_with("# ") ? 2 : 1) + "\n";
  }
  return text;
}

}  // namespace certo::commands
