#include "os/walk.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cerrno>

#include "base/text.h"

namespace certo::os {
namespace {

bool is_absolute(const std::string& path) { return path.starts_with('/'); }

/// The whole way in one call, which the kernel guards.
int open_guarded(int at, const std::string& path, int flags) {
  open_how how{};
  how.flags = static_cast<unsigned>(flags) | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  if (!is_absolute(path)) how.resolve |= RESOLVE_BENEATH;
  return static_cast<int>(::syscall(SYS_openat2, at, path.c_str(), &how, sizeof how));
}

}  // namespace

Fd walk(int at, const std::string& path, int flags) {
  Fd folder(open_guarded(at, path, flags));
  if (folder || (errno != ENOSYS && errno != EPERM)) return folder;
  folder = Fd(::openat(at, is_absolute(path) ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
  for (const std::string& part : split(path, '/')) {
    if (!folder) return folder;
    if (!part.empty())
      folder = Fd(::openat(folder.get(), part.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  }
  if (!folder || flags == O_PATH) return folder;
  return Fd(::openat(folder.get(), ".", flags | O_DIRECTORY | O_CLOEXEC));
}

std::optional<std::string> first_link(const std::string& path) {
  for (size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string start = path.substr(0, end);
    struct stat facts {};
    if (::lstat(start.c_str(), &facts) == 0 && S_ISLNK(facts.st_mode)) return start;
    if (end == path.npos) return {};
  }
}

}  // namespace certo::os
