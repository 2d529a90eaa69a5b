#include "provider/mask.h"

#include <algorithm>
#include <array>

#include "base/sort.h"
#include "base/text.h"
#include "sdk/provider.hpp"
#include "sdk/xml.h"

namespace certo::provider {
namespace {

constexpr const char* masked = "***";
constexpr size_t shortest = 4;   // values such as "53" and "yes" reveal nothing
constexpr size_t anywhere = 12;  // a shorter value is masked as a word only
constexpr size_t shortest_part = 16;

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Characters of base64, of its variants, and of names.
bool is_part_character(char c) {
  return is_word_character(c) || std::string_view("+/=_-").find(c) != std::string_view::npos;
}

bool says_where(const std::string& setting) {
  constexpr std::array endings = {"_SERVER", "_NAMESERVER", "_HOST", "_PORT",        "_ZONE",
                                  "_ZONES",  "_REGION",     "_MODE", "_ENVIRONMENT", "_ALGORITHM"};
  return std::ranges::any_of(endings, [&](const char* ending) { return setting.ends_with(ending); });
}

bool is_switch(const std::string& value) {
  const std::string word = lower(value);
  return word == "true" || word == "false" || word == "none" || word == "default";
}

bool is_public(const std::string& value, const std::vector<DnsRecord>& records) {
  return std::ranges::any_of(records, [&](const DnsRecord& record) {
    return sdk::lies_in(record.name, value) || record.value == value;
  });
}

bool has_letter_and_digit(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_letter = [&](char c) { return is_word_character(c) && !is_digit(c); };
  return std::ranges::any_of(text, is_digit) && std::ranges::any_of(text, is_letter);
}

/// The path and query of a URL, without slashes at its ends; "" for other text.
std::string path_of_url(const std::string& value) {
  const size_t scheme = value.find("://");
  if (scheme == value.npos) return "";
  const size_t slash = value.find('/', scheme + 3);
  if (slash == value.npos) return "";
  std::string path = value.substr(slash + 1);
  while (path.ends_with('/')) path.pop_back();
  return path;
}

void mask(std::string& text, const std::string& secret) {
  for (size_t at = text.find(secret); at != text.npos; at = text.find(secret, at)) {
    const size_t end = at + secret.size();
    const bool is_word = (at == 0 || !is_word_character(text[at - 1])) &&
                         (end == text.size() || !is_word_character(text[end]));
    if (!is_word && secret.size() < anywhere) {
      at = end;
      continue;
    }
    text.replace(at, secret.size(), masked);
    at += std::string_view(masked).size();
  }
}

/// "https://user:password@host" to "https://***@host".
void mask_users(std::string& text) {
  for (size_t at = text.find("://"); at != text.npos; at = text.find("://", at + 3)) {
    const size_t start = at + 3;
    const size_t end = std::min(text.find_first_of("/?# \t\"'<>", start), text.size());
    const size_t sign = text.substr(start, end - start).rfind('@');
    if (sign != std::string::npos) text.replace(start, sign, masked);
  }
}

}  // namespace

Mask::Mask(const Values& settings, const std::vector<DnsRecord>& records) {
  std::vector<std::string> values;
  for (const auto& [name, value] : settings) {
    if (says_where(name) || is_switch(value) || is_public(value, records)) continue;
    if (value.find("://") != value.npos && value.find('\n') == value.npos) {
      add(path_of_url(value));  // its user name and password are masked in every URL
    } else if (name.ends_with("_FILE")) {
      add_parts_of(value);
    } else {
      values.push_back(value);
    }
  }
  for (const std::string& value : values) {
    add(value);
    add(base64(as_bytes(value)));
    // HTTP's basic authorization
    for (const std::string& other : values) add(base64(as_bytes(value + ":" + other)));
  }
}

void Mask::add(const std::string& value) {
  if (value.size() < shortest) return;
  secrets_.push_back(value);
  for (std::string code : {sdk::escaped(value), sdk::xml_escaped(value)})
    if (code != value) secrets_.push_back(std::move(code));
}

/// `content` of a key file or a document: the parts that look like keys are secrets.
void Mask::add_parts_of(const std::string& content) {
  auto at = content.begin();
  while (at != content.end()) {
    const auto start = std::find_if(at, content.end(), is_part_character);
    at = std::find_if_not(start, content.end(), is_part_character);
    const std::string part(start, at);
    if (part.size() >= shortest_part && has_letter_and_digit(part)) secrets_.push_back(part);
  }
}

std::string Mask::operator()(std::string text) const {
  mask_users(text);
  std::vector<std::string> longest_first = secrets_;
  sort_stably(longest_first, std::ranges::greater(), &std::string::size);
  for (const std::string& secret : longest_first) mask(text, secret);
  return text;
}

}  // namespace certo::provider
