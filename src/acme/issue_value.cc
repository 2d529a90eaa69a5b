#include "acme/issue_value.h"

#include <algorithm>

#include "base/text.h"

namespace certo::acme {
namespace {

constexpr size_t longest_parameter = 1000;
constexpr std::string_view blanks = " \t";

std::string_view without_blanks(std::string_view text) {
  const size_t first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_tag(std::string_view tag) {
  const auto is_of_tag = [](char c) { return is_alphanumeric(c) || c == '-'; };
  return !tag.empty() && is_alphanumeric(tag.front()) && is_alphanumeric(tag.back()) &&
         std::ranges::all_of(tag, is_of_tag);
}

}  // namespace

const std::string* IssueValue::find(std::string_view tag) const {
  const auto found = std::ranges::find(parameters, tag, &std::pair<std::string, std::string>::first);
  return found == parameters.end() ? nullptr : &found->second;
}

bool is_issuer_name(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  return std::ranges::all_of(split(name, '.'), [](const std::string& label) {
    const auto is_of_label = [](char c) { return is_alphanumeric(c) || c == '-'; };
    return !label.empty() && label.size() <= 63 && is_alphanumeric(label.front()) &&
           is_alphanumeric(label.back()) && std::ranges::all_of(label, is_of_label);
  });
}

std::string folded_issuer(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return lower(name);
}

bool is_parameter_value(std::string_view text) {
  const auto fits = [](char c) { return c >= 0x21 && c <= 0x7e && c != ';'; };
  return !text.empty() && text.size() <= longest_parameter && std::ranges::all_of(text, fits);
}

std::optional<IssueValue> parse_issue_value(std::string_view text) {
  constexpr size_t most_parts = 100;
  const std::vector<std::string> parts = split(text, ';');
  IssueValue found;
  found.issuer = folded_issuer(without_blanks(parts.front()));
  if (!found.issuer.empty() && !is_issuer_name(found.issuer)) return {};
  // A semicolon at the end is not allowed after a parameter.
  if (parts.size() == 2 && without_blanks(parts[1]).empty()) return found;
  if (parts.size() > most_parts) return {};
  for (size_t i = 1; i < parts.size(); ++i) {
    const std::string_view part = without_blanks(parts[i]);
    const size_t equals = std::min(part.find('='), part.size());
    const std::string tag = lower(without_blanks(part.substr(0, equals)));
    const std::string_view value = without_blanks(part.substr(std::min(equals + 1, part.size())));
    if (equals == part.size() || !is_tag(tag) || !is_parameter_value(value) || found.find(tag)) return {};
    found.parameters.emplace_back(tag, value);
  }
  return found;
}

}  // namespace certo::acme
