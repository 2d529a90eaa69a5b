#include "sdk/totp.h"

namespace certo::sdk {

std::optional<Bytes> from_base32(std::string_view text) {
  Bytes bytes;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == ' ' || c == '=' || c == '-') continue;
    const size_t digit = std::string_view("abcdefghijklmnopqrstuvwxyz234567").find(lower({&c, 1}));
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 5 | static_cast<uint32_t>(digit)) & 0xfff;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<uint8_t>(bits >> count));
  }
  if (bytes.empty()) return std::nullopt;
  return bytes;
}

std::string totp(const Host& host, const char* setting, std::string_view secret) {
  const std::optional<Bytes> key = from_base32(secret);
  if (!key) throw Failure{CERTO_CONFIG, std::string(setting) + " is not a shared secret in base32"};
  const auto step = static_cast<uint64_t>(host.now().time_since_epoch().count() / 30);
  std::string counter;
  for (int shift = 56; shift >= 0; shift -= 8) counter += static_cast<char>(step >> shift & 0xff);
  const Bytes code = host.hmac("sha1", *key, counter);
  const size_t at = code.back() & 0x0f;  // dynamic truncation, RFC 4226 section 5.3
  const uint32_t number =
      static_cast<uint32_t>(code[at] & 0x7f) << 24 | code[at + 1] << 16 | code[at + 2] << 8 | code[at + 3];
  const std::string digits = std::to_string(number % 1000000);
  return std::string(6 - digits.size(), '0') + digits;
}

}  // namespace certo::sdk
