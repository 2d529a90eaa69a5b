// The parts of paths, and where a path leads.
#pragma once

#include <optional>
#include <string>

namespace certo::os {

/// "a/b" for "a/b/c", "." for "c", "/" for "/c".
inline std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// "c" for "a/b/c".
inline std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

inline std::string path_in(const std::string& folder, const std::string& name) { return folder + "/" + name; }

/// Without ".", "..", and slashes that say nothing. Links are not followed, the path need not exist, and a
/// path that does not begin with a slash still does not.
std::string plain_path(const std::string& path);
/// The same from the root, if the current folder is known. "" stays "".
std::string absolute_path(const std::string& path);
/// The path without any link; nothing, with errno set, if it does not exist.
std::optional<std::string> real_path(const std::string& path);
bool is_folder(const std::string& path);  // follows links

}  // namespace certo::os
