#include "os/path.h"

#include <sys/stat.h>

#include <climits>
#include <cstdlib>
#include <vector>

#include "base/text.h"

namespace certo::os {

std::string plain_path(const std::string& path) {
  const bool from_root = path.starts_with('/');
  std::vector<std::string> parts;
  for (const std::string& part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (!parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (!from_root) {
      parts.push_back(part);
    }
  }
  const std::string text = (from_root ? "/" : "") + join(parts, "/");
  return text.empty() && !path.empty() ? "." : text;
}

std::string absolute_path(const std::string& path) {
  if (path.empty() || path.starts_with('/')) return plain_path(path);
  const auto here = real_path(".");
  return plain_path(here ? path_in(*here, path) : path);
}

std::optional<std::string> real_path(const std::string& path) {
  char real[PATH_MAX];
  if (!::realpath(path.c_str(), real)) return {};
  return real;
}

bool is_folder(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
}

}  // namespace certo::os
