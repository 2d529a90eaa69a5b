#include "net/idn.h"

#include <idn2.h>

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/text.h"

// libidn2 has its functions for the locale's charset in the same objects as those for UTF-8. certo calls none
// of them, and with these in place of what they call, the C library's conversion of charsets is not linked.
extern "C" {
uint8_t* u8_strconv_from_encoding(const char* text, const char* charset, int handler);
uint8_t* u8_strconv_from_encoding(const char*, const char*, int) { return nullptr; }
char* u8_strconv_to_encoding(const uint8_t* text, const char* charset, int handler);
char* u8_strconv_to_encoding(const uint8_t*, const char*, int) { return nullptr; }
}

namespace certo::net {
namespace {

struct Range {
  char32_t first, last;
};
constexpr Range latin[] = {{'A', 'Z'}, {'a', 'z'}, {0xc0, 0x24f}, {0x1e00, 0x1eff}};
/// Alphabets with letters that look like Latin ones: Greek, Cyrillic, Armenian, Georgian, Cherokee, Canadian
/// syllabics, Coptic, Lisu, and others up to full-width forms. Chinese, Japanese and Korean names may have
/// Latin letters.
constexpr Range lookalikes[] = {{0x250, 0x58f},   {0x10a0, 0x10ff}, {0x13a0, 0x167f}, {0x1c80, 0x1cbf},
                                {0x1d00, 0x1dbf}, {0x1f00, 0x1fff}, {0x2100, 0x218f}, {0x2c60, 0x2dff},
                                {0xa4d0, 0xa4ff}, {0xa640, 0xa7ff}, {0xab30, 0xabbf}, {0x10000, 0x1ffff}};

bool has(std::string_view label, std::span<const Range> ranges) {
  while (!label.empty()) {
    const char32_t point = next_character(label).value_or(0);
    const auto is_in = [&](const Range& range) { return range.first <= point && point <= range.last; };
    if (std::ranges::any_of(ranges, is_in)) return true;
  }
  return false;
}

bool mixes_alphabets(const std::string& label) { return has(label, latin) && has(label, lookalikes); }

}  // namespace

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

std::string to_unicode(std::string_view name) {
  if (name.find("xn--") == name.npos) return {};
  const std::string_view wildcard = name.starts_with("*.") ? name.substr(0, 2) : "";
  const std::string plain(name.substr(wildcard.size()));
  char* text = nullptr;
  const int code = idn2_to_unicode_8z8z(plain.c_str(), &text, 0);
  const std::unique_ptr<char, decltype(&idn2_free)> owner(text, idn2_free);
  if (code != IDN2_OK) return {};
  const std::string unicode(text);
  try {
    if (to_ascii(unicode) != plain) return {};
  } catch (const Error&) {
    return {};
  }
  const bool is_plain = printable(unicode, unicode.size() + 1) == unicode;
  const std::vector<std::string> labels = split(unicode, '.');
  if (!is_plain || std::ranges::any_of(labels, mixes_alphabets)) return {};
  return std::string(wildcard) + unicode;
}

}  // namespace certo::net
