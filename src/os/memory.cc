#include "os/memory.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>

#include "os/failure.h"
#include "os/file.h"

namespace certo::os {
namespace {

constexpr const char* subject = "a file in memory";

}  // namespace

MemoryFile::MemoryFile(std::string_view content) : fd_(::memfd_create("secret", MFD_CLOEXEC)) {
  // It is made with mode 777, and what reads its path checks whose it is (os/trust.h).
  if (!fd_ || ::fchmod(fd_.get(), 0600) != 0) fail(subject, "cannot be made", errno, Exit::cannot_write);
  write_all(fd_.get(), content, subject);
}

std::string MemoryFile::path() const { return "/proc/self/fd/" + std::to_string(fd_.get()); }

}  // namespace certo::os
