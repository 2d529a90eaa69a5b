#include "crypto/name.h"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/text.h"

namespace certo::crypto {

namespace {

constexpr size_t most_names = 1000;        // no CA is known that allows more
constexpr size_t most_public_names = 100;  // what the large CAs allow in one certificate

[[noreturn]] void refuse(std::string_view name, const std::string& why, const std::string& hint = {}) {
  throw Error(Exit::usage, "'" + std::string(name) + "' cannot be a name in a certificate: " + why, hint);
}

[[noreturn]] void refuse_count(size_t count, size_t most) {
  throw Error(Exit::usage, std::to_string(count) + " names are too many for one certificate",
              "at most " + std::to_string(most) + ": make two certificates of them");
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// With the underscore, which a private CA may allow.
bool is_ldh(char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_'; }

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
  const auto odd = std::ranges::find_if_not(label, is_ldh);
  if (odd != label.end()) refuse(name, std::string("it contains '") + *odd + "'");
  if (label.starts_with('-') || label.ends_with('-')) refuse(name, "a part of it begins or ends with '-'");
}

void check_labels(std::string_view name, const std::vector<std::string>& labels) {
  for (size_t i = labels.front() == "*" ? 1 : 0; i < labels.size(); ++i) check_label(name, labels[i]);
  if (labels.size() == 1 && labels.front() == "*") refuse(name, "a name must follow '*.'");
  if (std::ranges::all_of(labels.back(), is_digit)) refuse(name, "its last part is a number");
}

/// What people paste instead of a name: a URL, an e-mail address, a name with a port.
void refuse_pasted(std::string_view text) {
  const size_t scheme = text.find("://");
  if (scheme != text.npos) {
    const std::string_view rest = text.substr(scheme + 3);
    refuse(text, "it is a URL",
           "give only its host: " + std::string(rest.substr(0, rest.find_first_of("/:?#"))));
  }
  if (text.find('@') != text.npos) refuse(text, "it is an e-mail address", "give the name of a host");
  const size_t end = text.find_first_of("/:");
  if (end != text.npos && end > 0 && (text[end] == '/' || text.find(':', end + 1) == text.npos))
    refuse(text, text[end] == '/' ? "it has a path" : "it has a port",
           "give only the host: " + std::string(text.substr(0, end)));
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

  refuse_pasted(text);
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

bool covers(const Identifier& held, const Identifier& wanted) {
  if (held == wanted) return true;
  const size_t dot = wanted.value.find('.');
  return held.is_wildcard() && wanted.type == "dns" && dot != std::string::npos && dot > 0 &&
         wanted.value.substr(dot + 1) == held.base();
}

std::vector<Identifier> identifiers(const std::vector<std::string>& texts) {
  std::vector<Identifier> result;
  std::set<Identifier> seen;
  for (const std::string& text : texts) {
    Identifier one = identifier(text);
    if (seen.insert(one).second) result.push_back(std::move(one));
  }
  if (result.size() > most_names) refuse_count(result.size(), most_names);
  return result;
}

void require_public(const std::vector<Identifier>& all) {
  constexpr const char* hint = "a CA of your own may certify it: --server URL";
  for (const Identifier& one : all) {
    if (one.type != "dns") continue;
    if (one.value.find('.') == std::string::npos)
      refuse(one.value, "it has a single part, and this CA is a public one",
             std::string("give the full name, as in host.example.com; ") + hint);
    if (one.value.find('_') != std::string::npos)
      refuse(one.value, "it contains '_', and this CA is a public one", hint);
  }
  if (all.size() > most_public_names) refuse_count(all.size(), most_public_names);
}

bool same_set(std::vector<Identifier> a, std::vector<Identifier> b) {
  return std::set(a.begin(), a.end()) == std::set(b.begin(), b.end());
}

}  // namespace certo::crypto
