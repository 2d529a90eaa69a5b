#include "provider/script_codes.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "net/idn.h"
#include "os/file.h"

namespace certo::provider {
namespace {

constexpr size_t line_of_base64 = 64;
constexpr size_t largest_key = 1 << 16;

using ScriptWords = std::vector<std::string>;

std::string word_at(const ScriptWords& words, size_t at) { return at < words.size() ? words[at] : ""; }

std::string in_lines(std::string_view code) {
  std::string text;
  for (; !code.empty(); code.remove_prefix(std::min(line_of_base64, code.size())))
    text += std::string(code.substr(0, line_of_base64)) + "\n";
  return text;
}

std::string decoded(std::string_view text) {
  if (const auto bytes = from_base64(text)) return std::string(as_text(*bytes));
  throw Error(Exit::bad_input, "the text is not base64");
}

std::string hex_dump(std::string_view text) {
  std::string dump;
  for (const uint8_t byte : as_bytes(text)) {
    const uint8_t one[] = {byte};
    dump += " " + hex(one);
  }
  return dump;
}

/// Skips characters that are not hexadecimal digits.
std::string from_hex(std::string_view text) {
  std::string digits, bytes;
  for (const char c : text)
    if (number({&c, 1}, 0, 15, 16)) digits += c;
  for (size_t at = 0; at + 1 < digits.size(); at += 2)
    bytes += static_cast<char>(*number(std::string_view(digits).substr(at, 2), 0, 255, 16));
  return bytes;
}

bool stays_in_url(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-_.~").find(c) != std::string_view::npos;
}

std::string url_encoded(std::string_view text, bool in_capitals) {
  std::string code;
  for (const char c : text) {
    if (stays_in_url(c)) {
      code += c;
      continue;
    }
    const uint8_t byte[] = {static_cast<uint8_t>(c)};
    std::string digits = hex(byte);
    if (in_capitals)
      std::ranges::transform(digits, digits.begin(), [](char d) { return d >= 'a' ? d - 32 : d; });
    code += "%" + digits;
  }
  return code;
}

std::string digest_of(const std::string& algorithm, std::string_view text, bool in_hex) {
  const Bytes digest = crypto::digest(algorithm, text);
  if (digest.empty()) throw Error(Exit::bad_input, "'" + algorithm + "' is not a digest");
  return in_hex ? hex(digest) + "\n" : base64(digest);
}

std::string hmac_of(const std::string& algorithm, std::string_view input, bool in_hex) {
  const size_t line = std::min(input.find('\n'), input.size());
  const std::string key = from_hex(input.substr(0, line));
  input.remove_prefix(std::min(line + 1, input.size()));
  const Bytes code = crypto::hmac(algorithm, as_bytes(key), input);
  if (code.empty()) throw Error(Exit::bad_input, "'" + algorithm + "' is not an HMAC");
  return in_hex ? hex(code) + "\n" : std::string(as_text(code));
}

crypto::PrivateKey key_in(const std::string& path) {
  return crypto::PrivateKey::from_pem(os::read_file(path, largest_key), path);
}

bool is_rsa(const crypto::PrivateKey& key) { return !key.public_key().n.empty(); }

/// `algorithm`: "sha512", or "sha256 -sigopt rsa_padding_mode:pss …".
std::string signature_of(const std::string& path, const std::string& algorithm, std::string_view text) {
  const crypto::PrivateKey key = key_in(path);
  if (!is_rsa(key)) return base64(key.sign(text));
  const bool is_pss = algorithm.find("rsa_padding_mode:pss") != algorithm.npos;
  const std::string hash = algorithm.substr(0, algorithm.find(' '));
  return base64(
      key.sign_by((is_pss ? "PS" : "RS") + (hash.starts_with("sha") ? hash.substr(3) : hash), text));
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Only the labels that need it, because a record's name may begin with one that no host has.
std::string ascii_name(const std::string& name) {
  std::vector<std::string> labels = split(name, '.');
  for (std::string& label : labels)
    if (!is_ascii(label)) label = net::to_ascii(label);
  return join(labels, ".");
}

std::string ascii_names(const std::string& list) {
  std::vector<std::string> names = split(list, ',');
  for (std::string& name : names) name = ascii_name(name);
  return join(names, ",");
}

}  // namespace

std::optional<std::string> script_code(const ScriptWords& words, std::string_view input) {
  const std::string name = word_at(words, 0), first = word_at(words, 1), second = word_at(words, 2);
  if (name == "base64") return first.empty() ? base64(as_bytes(input)) : in_lines(base64(as_bytes(input)));
  if (name == "dbase64") return decoded(input);
  if (name == "hex-dump") return hex_dump(input);
  if (name == "from-hex") return from_hex(input);
  if (name == "url-encode") return url_encoded(input, first == "upper-hex");
  if (name == "digest") return digest_of(first, input, !second.empty());
  if (name == "hmac") return hmac_of(first, input, !second.empty());
  if (name == "sign") return signature_of(first, second, input);
  if (name == "idn") return ascii_names(first);
  if (name == "is-rsa") {
    if (is_rsa(key_in(first))) return "";
    throw Error(Exit::bad_input, first + " is not an RSA key");
  }
  return std::nullopt;
}

}  // namespace certo::provider
