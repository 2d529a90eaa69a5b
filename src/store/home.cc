#include "store/home.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "net/idn.h"
#include "os/file.h"
#include "os/path.h"
#include "os/temporary.h"
#include "os/terminal.h"
#include "os/trust.h"

namespace certo::store {

namespace {

std::string default_path() {
  if (os::is_root()) return system_home;
  const std::string state = os::environment("XDG_STATE_HOME");
  // A relative one must be ignored (XDG Base Directory Specification).
  if (state.starts_with('/')) return state + "/certo";
  const std::string user = os::home_folder();
  if (user.empty())
    throw Error(Exit::config, "no state folder: this user has no home folder",
                "name one with --home or CERTO_HOME");
  return user + "/.local/state/certo";
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

/// Scheme and host in lower case, without "https://".
std::string shortened(const std::string& url) {
  const size_t host = url.find("://");
  if (host == std::string::npos) return url;
  const size_t path = std::min(url.find('/', host + 3), url.size());
  const std::string text = lower(url.substr(0, path)) + url.substr(path);
  return text.starts_with("https://") ? text.substr(8) : text;
}

constexpr size_t cut_at = 160;  // a name of a CA that is too long
constexpr size_t cut_size = cut_at + 1 + 32;

std::vector<std::string> inside(const std::string& folder) {
  try {
    return os::list_folder(folder);
  } catch (const Error&) {
    return {};  // not a folder
  }
}

}  // namespace

// Absolute, because hooks run elsewhere and get paths below it.
Home::Home(const std::string& path) : path_(os::absolute_path(path.empty() ? default_path() : path)) {
  if (os::exists(path_)) os::require_private_folder(path_);
}

void Home::prepare() const {
  try {
    os::make_folder(path_, 0700);
  } catch (Error& error) {
    if (error.hint.empty()) error.hint = "choose another state folder with --home or CERTO_HOME";
    throw;
  }
  os::require_private_folder(path_);
  os::probe_writable(path_);
  os::probe_links(path_);
  sweep();
}

void Home::sweep() const {
  for (const std::string& folder : {path_, credentials(), orders(), presented(), installing()})
    os::sweep_temporaries(folder);
  for (const std::string& ca : inside(path_ + "/ca")) os::sweep_temporaries(path_ + "/ca/" + ca);
  for (const std::string& ca : inside(path_ + "/accounts")) {
    const std::string folder = path_ + "/accounts/" + ca;
    for (const std::string& account : inside(folder)) os::sweep_temporaries(folder + "/" + account);
  }
}

std::string Home::accounts(const std::string& directory_url) const {
  return path_ + "/accounts/" + ca_name(directory_url);
}

std::string Home::ca(const std::string& directory_url) const {
  return path_ + "/ca/" + ca_name(directory_url);
}

std::string ca_name(const std::string& directory_url) {
  std::string name;
  for (const char c : shortened(directory_url)) {
    if (c == '/') {
      name += '_';
    } else if (is_plain(c) && (c != '.' || !name.empty())) {
      name += c;
    } else {
      constexpr const char* digits = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      name += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  // Names end at 255 bytes.
  if (name.size() > 200)
    name = name.substr(0, cut_at) + "%" + hex(crypto::sha256(directory_url)).substr(0, 32);
  if (name.empty()) throw Error(Exit::usage, "the CA's directory URL is empty", "name a CA with --server");
  return name;
}

std::optional<std::string> directory_of_ca(const std::string& ca) {
  if (ca.size() == cut_size && ca[cut_at] == '%') return {};
  std::string url;
  for (size_t at = 0; at < ca.size(); ++at) {
    if (ca[at] != '%') {
      url += ca[at] == '_' ? '/' : ca[at];
      continue;
    }
    const auto byte = number(ca.substr(at + 1, 2), 0, 255, 16);
    if (!byte || ca.size() < at + 3) return {};
    url += static_cast<char>(*byte);
    at += 2;
  }
  if (url.find("://") == url.npos) url = "https://" + url;
  // A folder that a person made has any name.
  if (ca.empty() || ca_name(url) != ca) return {};
  return url;
}

bool is_component(const std::string& text) {
  try {
    return component(text, "a name") == text;
  } catch (const Error&) {
    return false;
  }
}

std::string component(const std::string& text, const std::string& what) {
  const auto refuse = [&](const char* why) {
    throw Error(Exit::usage, "'" + text + "' cannot be " + what + ": " + why);
  };
  if (text.empty()) refuse("it is empty");
  if (text.size() > 200) refuse("it is longer than 200 bytes");
  if (text[0] == '.' || text[0] == '-') refuse("it begins with a dot or a dash");
  if (text.find_first_of("/*") != std::string::npos) refuse("it holds a slash or an asterisk");
  if (std::any_of(text.begin(), text.end(), is_control)) refuse("it holds a control character");
  return text;
}

std::string certificate_name(const std::string& text) {
  const bool is_ascii = std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; });
  const std::string plain = is_ascii ? text : net::to_ascii(text);
  const std::string name = plain.starts_with("*.") ? "_wildcard" + plain.substr(1) : plain;
  return component(name, "the name of a certificate");
}

bool is_certificate_name(const std::string& text) {
  try {
    return certificate_name(text) == text;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace certo::store
