#include "crypto/signature.h"

#include "base/error.h"
#include "crypto/mbed.h"

namespace certo::crypto {

bool is_signed(std::string_view text, std::span<const uint8_t> signature, std::span<const uint8_t> spki) {
  mbed::Pk key;
  mbed::parse(*key.get(), spki);
  if (mbed::key_type(*key.get()) != KeyType::ec256) throw Error(Exit::bad_input, "its key is not on P-256");
  return mbed::verifies(*key.get(), MBEDTLS_PK_ECDSA, nullptr, MBEDTLS_MD_SHA256, as_bytes(text), signature);
}

}  // namespace certo::crypto
