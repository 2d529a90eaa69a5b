#include "import/review.h"

#include <sys/stat.h>

#include <cerrno>
#include <set>

#include "base/error.h"
#include "install/hook_list.h"
#include "os/failure.h"
#include "os/file.h"
#include "os/path.h"
#include "os/place.h"

namespace certo::imports {
namespace {

bool is_ours(const os::Facts& facts) { return facts.owner == 0 || facts.owner == os::own_user(); }

/// A link has no mode of its own. Many users have a group to themselves, and a umask that lets it write.
bool is_open(const os::Facts& facts) {
  if (facts.kind == os::Kind::link) return false;
  const bool is_own_group = os::own_user() != 0 && facts.group == os::own_group();
  return (facts.mode & S_IWOTH) != 0 || ((facts.mode & S_IWGRP) != 0 && !is_own_group);
}

std::string complaint(const std::string& path) {
  const auto facts = os::facts(path);
  if (!facts) return {};
  if (!is_ours(*facts)) return path + " belongs to another user";
  return is_open(*facts) ? path + " can be written by others" : "";
}

/// A sticky folder such as /tmp is fine: nobody else can exchange what is ours in it.
std::string complaint_of_parent(const std::string& path) {
  struct stat facts {};
  const bool is_sticky =
      ::stat(path.c_str(), &facts) == 0 && (facts.st_mode & S_ISVTX) != 0 && facts.st_uid == 0;
  return is_sticky ? "" : complaint(path);
}

/// Follows no link, so it ends.
std::string complaint_below(const std::string& path) {
  std::string found = complaint(path);
  const auto facts = os::facts(path);
  if (!found.empty() || !facts || facts->kind != os::Kind::folder) return found;
  for (const std::string& name : os::list_folder(path)) {
    found = complaint_below(os::path_in(path, name));
    if (!found.empty()) break;
  }
  return found;
}

void add_way(std::set<std::string>& lines, const std::string& name, const store::Way& way) {
  if (const std::string folder = store::served_folder(way); !folder.empty())
    lines.insert(name + ": webroot: " + folder);
}

}  // namespace

std::vector<std::string> review(const FoundCertificate& found) {
  std::vector<std::string> lines;
  for (const install::HookKind kind : install::every_hook_kind)
    for (const std::string& command : found.hooks[static_cast<size_t>(kind)])
      lines.push_back(found.name + ": " + std::string(name(kind)) + " hook: " + command);
  if (!found.installation.reload.empty())
    lines.push_back(found.name + ": reload command: " + found.installation.reload);
  for (const install::Target& target : found.installation.targets)
    lines.push_back(found.name + ": installed to: " + target.path);
  std::set<std::string> webroots;
  add_way(webroots, found.name, found.request.ways.usual);
  for (const store::OtherWay& other : found.request.ways.others) add_way(webroots, found.name, other.way);
  lines.insert(lines.end(), webroots.begin(), webroots.end());
  return lines;
}

std::string foreign_part(const std::string& folder) {
  const auto real = os::real_path(folder);
  if (!real) return folder + ": " + os::reason(errno);
  for (std::string below = *real; below != "/";) {
    below = os::folder_of(below);
    if (std::string found = complaint_of_parent(below); !found.empty()) return found;
  }
  try {
    return complaint_below(*real);
  } catch (const Error& error) {
    return error.message;
  }
}

}  // namespace certo::imports
