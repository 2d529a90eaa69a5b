#include "os/outside.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "os/failure.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/path.h"

namespace certo::os {

std::string read_file_outside(const std::string& folder, const std::string& path, size_t limit) {
  // O_NONBLOCK: a FIFO without a writer must not stop us.
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat opened {
  }, found{};
  if (!fd || ::fstat(fd.get(), &opened) != 0) fail(path, "cannot be read", errno, Exit::bad_input);
  if (!S_ISREG(opened.st_mode)) throw Error(Exit::bad_input, path + ": not a regular file");
  if (folder.empty()) return read_all(fd.get(), limit, path);

  const std::string real = real_path(path).value_or(""), root = real_path(folder).value_or("");
  if (!root.empty() && real.starts_with(root + "/"))
    throw Error(Exit::not_permitted, path + ": is inside certo's state folder");
  // A link may have been exchanged between the two looks.
  const bool is_same = !real.empty() && ::stat(real.c_str(), &found) == 0 && found.st_dev == opened.st_dev &&
                       found.st_ino == opened.st_ino;
  if (!is_same) throw Error(Exit::not_permitted, path + ": was exchanged while it was opened");
  return read_all(fd.get(), limit, path);
}

}  // namespace certo::os
