// The file of the running program, which is executed again for a child process.
// Implements a part of os/child.h.
#include <fcntl.h>
#include <sys/auxv.h>

#include <climits>
#include <cstdlib>
#include <memory>

#include "os/child.h"
#include "os/file.h"

namespace certo::os {
namespace {

struct Self {
  Fd fd;
  std::string path;
};

Self& self() {
  static Self one;
  return one;
}

}  // namespace

void remember_self() {
  // The path that the kernel was asked to execute, relative to the folder of that time. An upgrade may
  // replace that file, so the file itself is kept open.
  const auto* name = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));
  if (!name) return;
  self().fd = Fd(::open(name, O_PATH | O_CLOEXEC));
  const std::unique_ptr<char, void (*)(void*)> path(::realpath(name, nullptr), std::free);
  if (path) self().path = path.get();
}

int self_fd() { return self().fd.get(); }

std::string self_path() { return self().path; }

}  // namespace certo::os
