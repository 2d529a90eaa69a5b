// Templates: text with {placeholders}. "{{" and "}}" stand for braces.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace certo::recipe {

/// The values of placeholders: strings, integers, and arrays such as {values}.
using Scope = std::map<std::string, Json>;

/// How a value is written in the text around it.
enum class Escape { none, percent, pointer, xml };

/// Letters, digits and '_': the name of a setting or placeholder.
bool is_word(std::string_view text);
/// The names of the placeholders in a template; nothing if a brace is in the wrong place.
std::optional<std::vector<std::string>> placeholders(std::string_view text);
/// A template that gives `text`, braces included.
std::string literal(std::string_view text);

/// The text of a string or integer; "" for anything else.
std::string text_of(const Json& json);

/// Whether all placeholders in it have a value.
bool can_be_filled(const std::string& text, const Scope& scope);
bool can_be_filled(const Json& json, const Scope& scope);
std::string filled(std::string_view text, const Scope& scope, Escape escape);
/// A string that is one placeholder becomes its value, which may be a number; others become text. Names of
/// members are templates, too.
Json filled(const Json& json, const Scope& scope);
/// The value at a pointer that is a template; nullptr if there is none.
const Json* find(const Json& json, std::string_view pointer, const Scope& scope);

}  // namespace certo::recipe
