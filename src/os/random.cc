#include "os/random.h"

#include <sys/random.h>

#include <cerrno>
#include <vector>

#include "base/text.h"
#include "os/failure.h"

namespace certo::os {
namespace {

void fill(void* bytes, size_t count) {
  auto* at = static_cast<uint8_t*>(bytes);
  while (count > 0) {
    const ssize_t got = ::getrandom(at, count, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("getrandom", "no random numbers", errno, Exit::failed);
    at += got;
    count -= static_cast<size_t>(got);
  }
}

}  // namespace

uint64_t random_number() {
  uint64_t number = 0;
  fill(&number, sizeof number);
  return number;
}

std::string random_name(size_t bytes) {
  std::vector<uint8_t> name(bytes);
  fill(name.data(), name.size());
  return hex(name);
}

}  // namespace certo::os
