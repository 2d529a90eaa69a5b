#include "crypto/name.h"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/text.h"

namespace certo::crypto {

namespace {

constexpr size_t most_names = 100;  // what the large CAs allow in one certificate

[[noreturn]] void refuse(std::string_view name, const std::string& why, const std::string& hint = {}) {
  throw Error(Exit::usage, "'" + std::string(name) + "' cannot be a name in a certificate: " + why, hint);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_ldh(char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; }

std::optional<Identifier> address(std::string_view text) {
  if (text.find('\0') != text.npos) return {};
  const std::string terminated(text);
  uint8_t bytes[sizeof(in6_addr)];
  if (inet_pton(AF_INET, terminated.c_str(), bytes) == 1) return ip_identifier({bytes, sizeof(in_addr)});
  if (inet_pton(AF_INET6, terminated.c_str(), bytes) == 1) return ip_identifier({bytes, sizeof(in6_addr)});
  return {};
}

void check_label(std::string_view name, std::string_view label) {
  if (label.empty()) refuse(name, "it has two dots in a row, or begins with one");
  if (label.size() > 63) refuse(name, "a part of it is longer than 63 characters");
  if (label.find('*') != label.npos) refuse(name, "'*' must be the whole first part");
  if (label.find('_') != label.npos) refuse(name, "'_' is not allowed in a host's name");
  const auto odd = std::ranges::find_if_not(label, is_ldh);
  if (odd != label.end()) refuse(name, std::string("it contains '") + *odd + "'");
  if (label.starts_with('-') || label.ends_with('-')) refuse(name, "a part of it begins or ends with '-'");
}

void check_labels(std::string_view name, const std::vector<std::string>& labels) {
  for (size_t i = labels.front() == "*" ? 1 : 0; i < labels.size(); ++i) check_label(name, labels[i]);
  if (labels.size() < 2) refuse(name, "it has a single part", "give the full name, as in host.example.com");
  if (std::ranges::all_of(labels.back(), is_digit)) refuse(name, "its last part is a number");
}

}  // namespace

Identifier ip_identifier(std::span<const uint8_t> bytes) {
  char text[INET6_ADDRSTRLEN];
  const int family = bytes.size() == sizeof(in_addr) ? AF_INET : AF_INET6;
  return {"ip", inet_ntop(family, bytes.data(), text, sizeof text)};
}

Bytes ip_bytes(const Identifier& identifier) {
  const bool v6 = identifier.value.find(':') != std::string::npos;
  Bytes bytes(v6 ? sizeof(in6_addr) : sizeof(in_addr));
  if (inet_pton(v6 ? AF_INET6 : AF_INET, identifier.value.c_str(), bytes.data()) != 1) {
    throw Error(Exit::bug, "'" + identifier.value + "' is not an IP address");
  }
  return bytes;
}

Identifier identifier(std::string_view text) {
  if (auto ip = address(text)) return *ip;

  std::string name = lower(text);
  if (name.ends_with('.')) name.pop_back();
  if (name.empty()) refuse(text, "it is empty");
  if (std::ranges::any_of(name, [](unsigned char c) { return c >= 0x80; })) {
    refuse(text, "it is not ASCII", "give it in its xn-- form");
  }
  if (name.size() > 253) refuse(text, "it is longer than 253 characters");
  check_labels(text, split(name, '.'));
  return {"dns", name};
}

std::vector<Identifier> identifiers(const std::vector<std::string>& texts) {
  std::vector<Identifier> result;
  std::set<Identifier> seen;
  for (const std::string& text : texts) {
    Identifier one = identifier(text);
    if (seen.insert(one).second) result.push_back(std::move(one));
  }
  if (result.size() > most_names) {
    throw Error(Exit::usage, std::to_string(result.size()) + " names are too many for one certificate",
                "at most " + std::to_string(most_names) + ": make two certificates of them");
  }
  return result;
}

bool same_set(std::vector<Identifier> a, std::vector<Identifier> b) {
  return std::set(a.begin(), a.end()) == std::set(b.begin(), b.end());
}

}  // namespace certo::crypto
