#include "crypto/random.h"

#include <mbedtls/entropy.h>
#include <sys/random.h>

#include <cerrno>

namespace certo::crypto {

int random_bytes(void* /*state*/, unsigned char* output, size_t length) {
  while (length > 0) {
    const ssize_t got = getrandom(output, length, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return MBEDTLS_ERR_ENTROPY_SOURCE_FAILED;
    output += got;
    length -= static_cast<size_t>(got);
  }
  return 0;
}

}  // namespace certo::crypto
