#include "net/idn.h"

#include <idn2.h>

#include <algorithm>
#include <memory>

#include "base/error.h"

namespace certo::net {

std::string to_ascii(std::string_view name) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::all_of(name.begin(), name.end(), is_ascii)) return std::string(name);

  // The library does not accept the asterisk.
  const std::string_view wildcard = name.starts_with("*.") ? name.substr(0, 2) : "";
  const std::string plain(name.substr(wildcard.size()));
  char* ascii = nullptr;
  const int code = idn2_to_ascii_8z(plain.c_str(), &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const std::unique_ptr<char, decltype(&idn2_free)> owner(ascii, idn2_free);
  if (code != IDN2_OK) {
    throw Error(Exit::usage, std::string(name) + " is not a domain name: " + idn2_strerror(code),
                "names beyond ASCII follow RFC 5891, in UTF-8");
  }
  return std::string(wildcard) + ascii;
}

}  // namespace certo::net
