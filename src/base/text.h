// Text: encodings, grammar checks, and escaping of text from outside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace certo {

using Bytes = std::vector<uint8_t>;

std::span<const uint8_t> as_bytes(std::string_view text);
std::string_view as_text(std::span<const uint8_t> bytes);

/// base64url without padding (RFC 7515 section 2).
std::string base64url(std::span<const uint8_t> bytes);
/// Nothing if `text` is not strict, unpadded base64url.
std::optional<Bytes> from_base64url(std::string_view text);
/// Only characters of base64url, whether or not they encode whole bytes.
bool is_base64url(std::string_view text);
/// Standard base64 with padding, for PEM and Basic authorization.
std::string base64(std::span<const uint8_t> bytes);
std::optional<Bytes> from_base64(std::string_view text);  // white space is skipped
std::string hex(std::span<const uint8_t> bytes);          // lower case

/// `[A-Za-z0-9_-]{1,256}`: the grammar of an ACME token (RFC 8555 section 8.1),
/// checked before a token is used for anything. It need not be canonical base64url.
bool is_token(std::string_view text);

/// Makes text from outside safe to show: C0, C1, DEL and bidi controls and
/// invalid UTF-8 become `\xNN` or `\u{NNNN}`; more than `limit` bytes are cut with "…".
std::string printable(std::string_view text, size_t limit = 1024);

/// Takes one UTF-8 character off the front of `text`, which is not empty. If the bytes are not
/// valid UTF-8: takes one byte and returns nothing.
std::optional<char32_t> next_character(std::string_view& text);
/// True for the characters that `printable` escapes: those that move the cursor, change the
/// direction of writing, break a line, or are invisible.
bool is_hidden(char32_t character);

/// The whole of `text` as a number from `least` to `most`; nothing if it is not one. Digits, with a
/// '-' only if `least` is negative; no blanks and no '+'.
std::optional<int64_t> number(std::string_view text, int64_t least, int64_t most, int base = 10);

std::string lower(std::string_view text);  // ASCII only
std::string_view trim(std::string_view text);
std::vector<std::string> split(std::string_view text, char separator);  // keeps empty parts
std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// The candidate that a person probably meant by `word`, if one is near.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);
/// "did you mean 'certo issue'?", with `before` "'certo " and `after` "'"; nothing if no candidate is near.
std::optional<std::string> did_you_mean(std::string_view word, const std::vector<std::string>& candidates,
                                        std::string_view before = {}, std::string_view after = {});

/// "3 days", "2 h", "45 s": a length of time for people, in the largest unit only.
std::string spoken_duration(long long seconds);

}  // namespace certo
