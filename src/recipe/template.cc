#include "recipe/template.h"

#include <algorithm>

#include "base/json_pointer.h"
#include "base/text.h"
#include "sdk/provider.hpp"
#include "sdk/xml.h"

namespace certo::recipe {
namespace {

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string escaped(const std::string& value, Escape escape) {
  switch (escape) {
    case Escape::none: break;
    case Escape::percent: return sdk::escaped(value);
    case Escape::pointer: return pointer_to("", value).substr(1);
    case Escape::xml: return sdk::xml_escaped(value);
  }
  return value;
}

/// The name in a text that is one placeholder and nothing else.
std::optional<std::string> sole_placeholder(const std::string& text) {
  const auto names = placeholders(text);
  if (!names || names->size() != 1 || text.size() != names->front().size() + 2) return std::nullopt;
  return names->front();
}

/// A brace at `at` that is written twice stands for itself.
bool is_doubled(std::string_view text, size_t at) { return at + 1 < text.size() && text[at + 1] == text[at]; }

}  // namespace

bool is_word(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_word_character); }

std::optional<std::vector<std::string>> placeholders(std::string_view text) {
  std::vector<std::string> names;
  for (size_t at = text.find_first_of("{}"); at != text.npos; at = text.find_first_of("{}", at)) {
    if (is_doubled(text, at)) {
      at += 2;
      continue;
    }
    const size_t end = text.find('}', at);
    if (text[at] != '{' || end == text.npos || end == at + 1) return std::nullopt;
    const std::string_view name = text.substr(at + 1, end - at - 1);
    if (!is_word(name)) return std::nullopt;
    names.emplace_back(name);
    at = end + 1;
  }
  return names;
}

std::string literal(std::string_view text) {
  std::string result;
  for (const char c : text) {
    result += c;
    if (c == '{' || c == '}') result += c;
  }
  return result;
}

std::string text_of(const Json& json) {
  if (json.is_string()) return json.string();
  return json.is_integer() || json.is_bool() ? to_json(json) : "";
}

bool can_be_filled(const std::string& text, const Scope& scope) {
  const auto names = placeholders(text);
  return names && std::ranges::all_of(*names, [&](const std::string& name) { return scope.contains(name); });
}

bool can_be_filled(const Json& json, const Scope& scope) {
  if (json.is_string()) return can_be_filled(json.string(), scope);
  if (json.is_array())
    return std::ranges::all_of(json.items(), [&](const Json& item) { return can_be_filled(item, scope); });
  if (!json.is_object()) return true;
  return std::ranges::all_of(json.members(), [&](const auto& member) {
    return can_be_filled(member.first, scope) && can_be_filled(member.second, scope);
  });
}

std::string filled(std::string_view text, const Scope& scope, Escape escape) {
  std::string result;
  for (size_t at = 0; at < text.size();) {
    const size_t open = std::min(text.find_first_of("{}", at), text.size());
    result += text.substr(at, open - at);
    if (open == text.size()) break;
    if (is_doubled(text, open)) {
      result += text[open];
      at = open + 2;
      continue;
    }
    const size_t close = text.find('}', open);
    result += escaped(text_of(scope.at(std::string(text.substr(open + 1, close - open - 1)))), escape);
    at = close + 1;
  }
  return result;
}

Json filled(const Json& json, const Scope& scope) {
  if (json.is_string()) {
    if (const auto name = sole_placeholder(json.string())) return scope.at(*name);
    return filled(json.string(), scope, Escape::none);
  }
  Json result = json;
  if (json.is_array()) {
    for (Json& item : result.items()) item = filled(item, scope);
  } else if (json.is_object()) {
    for (auto& [name, member] : result.members()) {
      name = filled(name, scope, Escape::none);
      member = filled(member, scope);
    }
  }
  return result;
}

const Json* find(const Json& json, std::string_view pointer, const Scope& scope) {
  return follow(json, filled(pointer, scope, Escape::pointer));
}

}  // namespace certo::recipe
