// Whose files they are: what may be executed, and where state may lie.
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>

#include "base/text.h"
#include "os/failure.h"
#include "os/file.h"
#include "os/path.h"
#include "os/terminal.h"

namespace certo::os {
namespace {

bool is_ours(const struct stat& facts) { return facts.st_uid == 0 || facts.st_uid == ::geteuid(); }

// An ACL that lets others write shows in the group's bits.
bool is_writable_by_others(const struct stat& facts) { return (facts.st_mode & (S_IWGRP | S_IWOTH)) != 0; }

bool is_executable(const std::string& path, const struct stat& facts) {
  return S_ISREG(facts.st_mode) && ::faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) == 0;
}

/// Throws Error{config} when somebody else could put another thing in the place of `path`.
void require_ours(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) fail(path, "cannot be used", errno, Exit::config);
  if (!is_ours(facts)) {
    throw Error(Exit::config, path + ": belongs to another user, so it is not trusted",
                "make it yours or root's with chown");
  }
  if (is_writable_by_others(facts)) {
    throw Error(Exit::config, path + ": others may write to it, so it is not trusted", "chmod go-w " + path);
  }
}

}  // namespace

void require_private_folder(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) fail(path, "cannot be used", errno, Exit::not_permitted);
  if (!S_ISDIR(facts.st_mode)) throw Error(Exit::not_permitted, path + ": not a folder");
  if (!is_ours(facts)) {
    throw Error(Exit::not_permitted, path + ": belongs to another user",
                "run as that user, or choose another folder with --home");
  }
  if (is_writable_by_others(facts)) {
    throw Error(Exit::not_permitted, path + ": others may write to this folder", "chmod go-w " + path);
  }
}

void require_private_file(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) fail(path, "cannot be used", errno, Exit::config);
  if (!S_ISREG(facts.st_mode)) throw Error(Exit::config, path + ": not a regular file");
  if (!is_ours(facts))
    throw Error(Exit::config, path + ": belongs to another user", "make it yours with chown");
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    throw Error(Exit::config, path + ": others can read or write it, and it holds secrets",
                "chmod 600 " + path);
  }
}

void require_trusted_file(const std::string& path) {
  if (!path.starts_with('/')) {
    throw Error(Exit::config, path + ": not an absolute path", "write it with all folders, from / on");
  }
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) {
    if (errno == ENOENT) throw Error(Exit::config, path + ": there is no such file", "check the path");
    fail(path, "cannot be used", errno, Exit::config);
  }
  if (!S_ISREG(facts.st_mode)) throw Error(Exit::config, path + ": not a regular file");
  require_ours(path);
  require_ours(folder_of(path));

  // Behind a link stands a second folder, where the file itself may be exchanged.
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), std::free);
  if (!real) fail(path, "cannot be used", errno, Exit::config);
  require_ours(folder_of(real.get()));
}

void require_trusted_program(const std::string& path) {
  require_trusted_file(path);
  struct stat facts {};
  if (::stat(path.c_str(), &facts) == 0 && is_executable(path, facts)) return;
  throw Error(Exit::config, path + ": not executable", "chmod +x " + path);
}

std::string search_path() {
  std::string path = environment("PATH");
  const std::vector<std::string> known = split(path, ':');
  for (const std::string& folder : split(standard_path, ':')) {
    if (std::ranges::find(known, folder) == known.end()) path += (path.empty() ? "" : ":") + folder;
  }
  return path;
}

std::optional<std::string> find_program(const std::string& name) {
  if (name.empty() || name.find('/') != std::string::npos) return std::nullopt;
  for (const std::string& folder : split(search_path(), ':')) {
    if (!folder.starts_with('/')) continue;
    const std::string path = path_in(folder, name);
    struct stat facts {};
    if (::stat(path.c_str(), &facts) == 0 && is_executable(path, facts)) return path;
  }
  return std::nullopt;
}

}  // namespace certo::os
