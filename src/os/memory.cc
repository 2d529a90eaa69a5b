#include "os/memory.h"

#include <sys/mman.h>

#include <cerrno>

#include "os/failure.h"
#include "os/file.h"

namespace certo::os {
namespace {

constexpr const char* subject = "a file in memory";

}  // namespace

MemoryFile::MemoryFile(std::string_view content) : fd_(::memfd_create("secret", MFD_CLOEXEC)) {
  if (!fd_) fail(subject, "cannot be made", errno, Exit::cannot_write);
  write_all(fd_.get(), content, subject);
}

std::string MemoryFile::path() const { return "/proc/self/fd/" + std::to_string(fd_.get()); }

}  // namespace certo::os
