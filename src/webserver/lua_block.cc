// The end of a block of Lua in nginx's configuration ("content_by_lua_block { … }"): braces count outside of
// strings and comments only (Lua 5.1 reference manual, section 2.1).
// Implements a part of webserver/nginx_file.h.
#include "webserver/nginx_file.h"

namespace certo::webserver {
namespace {

/// The number of "=" if a long bracket ("[[" or "[==[") opens at `at`; npos if none does.
size_t level_of_bracket(std::string_view text, size_t at) {
  if (at >= text.size() || text[at] != '[') return text.npos;
  const size_t after = text.find_first_not_of('=', at + 1);
  return after != text.npos && text[after] == '[' ? after - at - 1 : text.npos;
}

/// The place after the long bracket of this level that opens at `at`.
size_t after_bracket(std::string_view text, size_t at, size_t level) {
  const std::string closing = "]" + std::string(level, '=') + "]";
  const size_t found = text.find(closing, at + level + 2);
  return found == text.npos ? text.npos : found + closing.size();
}

size_t after_string(std::string_view text, size_t at) {
  const char quote = text[at];
  for (size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == quote) return i + 1;
    if (text[i] == '\\') ++i;
  }
  return text.npos;
}

/// `at` is after the "--".
size_t after_comment(std::string_view text, size_t at) {
  const size_t level = level_of_bracket(text, at);
  return level == text.npos ? text.find('\n', at) : after_bracket(text, at, level);
}

}  // namespace

size_t end_of_lua(std::string_view text, size_t begin) {
  size_t depth = 1;
  for (size_t at = begin; at < text.size();) {
    const char c = text[at];
    if (c == '}' && --depth == 0) return at + 1;
    if (c == '{') ++depth;
    if (c == '"' || c == '\'') {
      at = after_string(text, at);
    } else if (c == '-' && text.substr(at, 2) == "--") {
      at = after_comment(text, at + 2);
    } else if (const size_t level = level_of_bracket(text, at); level != text.npos) {
      at = after_bracket(text, at, level);
    } else {
      ++at;
    }
  }
  return text.npos;
}

}  // namespace certo::webserver
