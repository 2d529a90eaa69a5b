// The parts of paths.
#pragma once

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

}  // namespace certo::os
