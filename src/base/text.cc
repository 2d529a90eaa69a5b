#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace certo {
namespace {

constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view plain_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string encode64(std::span<const uint8_t> bytes, std::string_view alphabet) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  uint32_t window = 0;
  unsigned bits = 0;
  for (const uint8_t byte : bytes) {
    window = (window << 8) | byte;
    for (bits += 8; bits >= 6; bits -= 6) text += alphabet[(window >> (bits - 6)) & 63];
  }
  if (bits > 0) text += alphabet[(window << (6 - bits)) & 63];
  return text;
}

using Values = std::array<int8_t, 256>;

/// The value of each digit, -1 for other characters: a table, because a CA bundle is decoded at every start.
constexpr Values values_of(std::string_view alphabet) {
  Values values{};
  values.fill(-1);
  for (size_t i = 0; i < alphabet.size(); ++i)
    values[static_cast<uint8_t>(alphabet[i])] = static_cast<int8_t>(i);
  return values;
}

/// Decodes digits without padding. Strict: one value has one spelling, so the bits that do not fill a
/// byte must be 0.
std::optional<Bytes> decode64(std::string_view text, const Values& values) {
  if (text.size() % 4 == 1) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  uint32_t window = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const int8_t digit = values[static_cast<uint8_t>(c)];
    if (digit < 0) return std::nullopt;
    window = (window << 6) | static_cast<uint32_t>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<uint8_t>(window >> bits));
  }
  if ((window & ((1u << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace

std::span<const uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string_view as_text(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string base64url(std::span<const uint8_t> bytes) { return encode64(bytes, url_alphabet); }

std::optional<Bytes> from_base64url(std::string_view text) {
  static constexpr Values values = values_of(url_alphabet);
  return decode64(text, values);
}

bool is_base64url(std::string_view text) {
  return text.find_first_not_of(url_alphabet) == std::string_view::npos;
}

std::string base64(std::span<const uint8_t> bytes) {
  std::string text = encode64(bytes, plain_alphabet);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
  static constexpr Values values = values_of(plain_alphabet);
  std::string digits;
  digits.reserve(text.size());
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), [](char c) { return !is_space(c); });
  if (digits.size() % 4 != 0) return std::nullopt;
  for (int i = 0; i < 2 && digits.ends_with('='); ++i) digits.pop_back();
  return decode64(digits, values);
}

std::string hex(std::span<const uint8_t> bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

bool is_token(std::string_view text) { return !text.empty() && text.size() <= 256 && is_base64url(text); }

std::optional<char32_t> next_character(std::string_view& text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const size_t length = first < 0x80   ? 1
                        : first < 0xc2 ? 0
                        : first < 0xe0 ? 2
                        : first < 0xf0 ? 3
                        : first < 0xf5 ? 4
                                       : 0;
  if (length == 1) {
    text.remove_prefix(1);
    return first;
  }
  const auto invalid = [&] {
    text.remove_prefix(1);
    return std::nullopt;
  };
  if (length == 0 || text.size() < length) return invalid();
  char32_t character = first & (0x7fu >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return invalid();
    character = (character << 6) | (byte(i) & 0x3fu);
  }
  // Longer than needed, half of a UTF-16 pair, or beyond Unicode (RFC 3629 section 3).
  static constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = character >= 0xd800 && character <= 0xdfff;
  if (character < smallest[length] || surrogate || character > 0x10ffff) return invalid();
  text.remove_prefix(length);
  return character;
}

bool is_hidden(char32_t character) {
  struct Range {
    char32_t first, last;
  };
  static constexpr Range ranges[] = {
      {0x00, 0x1f},        // C0
      {0x7f, 0x9f},        // DEL, C1
      {0x61c, 0x61c},      // Arabic letter mark
      {0x200b, 0x200f},    // zero width, direction marks
      {0x2028, 0x202e},    // line and paragraph separator, direction embedding and override
      {0x2060, 0x206f},    // invisible operators, direction isolates
      {0xfeff, 0xfeff},    // zero width no-break space
      {0xfff9, 0xfffb},    // interlinear annotation
      {0xe0000, 0xe007f},  // tags
  };
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [&](const Range& range) { return character >= range.first && character <= range.last; });
}

std::string printable(std::string_view text, size_t limit) {
  std::string shown;
  while (!text.empty()) {
    const std::string_view before = text;
    const std::optional<char32_t> character = next_character(text);
    std::string piece(before.substr(0, before.size() - text.size()));
    if (!character || (*character < 0x80 && is_hidden(*character))) {
      piece = fmt::format("\\x{:02x}", static_cast<unsigned char>(piece[0]));
    } else if (is_hidden(*character)) {
      piece = fmt::format("\\u{{{:04x}}}", static_cast<uint32_t>(*character));
    }
    if (shown.size() + piece.size() > limit) return shown + "…";
    shown += piece;
  }
  return shown;
}

std::optional<int64_t> number(std::string_view text, int64_t least, int64_t most, int base) {
  if (least >= 0 && text.starts_with('-')) return std::nullopt;
  int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc() || stop != end || value < least || value > most) return std::nullopt;
  return value;
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string joined;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) joined += separator;
    joined += parts[i];
  }
  return joined;
}

std::string spoken_duration(long long seconds) {
  struct Unit {
    long long length;
    std::string_view name;
  };
  static constexpr Unit units[] = {{86400, "days"}, {3600, "h"}, {60, "min"}, {1, "s"}};
  seconds = std::max(seconds, 0LL);
  const Unit& unit = *std::find_if(std::begin(units), std::end(units) - 1,
                                   [&](const Unit& candidate) { return seconds >= candidate.length; });
  const long long count = seconds / unit.length;
  if (unit.name == "days" && count == 1) return "1 day";
  return fmt::format("{} {}", count, unit.name);
}

}  // namespace certo
