// The cJSON API: from text to a tree, by certo's strict reader.
#include <cstring>
#include <string_view>

#include "base/json.h"
#include "sdk/cJSON.h"
#include "sdk/cjson_node.h"
#include "sdk/provider.h"

using namespace certo::sdk::cjson;
using certo::Json;

namespace {

constexpr std::string_view white_space = " \t\r\n";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

const char* refused_at = nullptr;

size_t after_white_space(std::string_view text, size_t at) {
  return std::min(text.find_first_not_of(white_space, at), text.size());
}

/// The length of the string at the start of `text`, including its quotes.
size_t string_length(std::string_view text) {
  size_t end = 1;
  while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
  return std::min(end + 1, text.size());
}

/// The length of the value at the start of `text`, judged only by its quotes and brackets; the reader decides
/// whether it is JSON. All of the text if the value does not end.
size_t value_length(std::string_view text) {
  for (const std::string_view word : {"null", "true", "false"}) {
    if (text.starts_with(word)) return word.size();
  }
  if (text.find_first_of("\"[{") != 0) {
    return std::min(text.find_first_not_of("0123456789+-.eE"), text.size());
  }
  size_t depth = 0;
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    at += c == '"' ? string_length(text.substr(at)) : 1;
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (depth == 0) return at;
  }
  return text.size();
}

Node node_of(const Json& json);

Node array_of(const Json::Array& items) {
  Node array = new_node(cJSON_Array);
  for (const Json& item : items) {
    Node node = node_of(item);
    if (!cJSON_AddItemToArray(array.get(), node.get())) return nullptr;
    static_cast<void>(node.release());  // the tree owns it now
  }
  return array;
}

Node object_of(const Json::Object& members) {
  Node object = new_node(cJSON_Object);
  for (const auto& [key, value] : members) {
    Node node = node_of(value);
    if (!cJSON_AddItemToObject(object.get(), key.c_str(), node.get())) return nullptr;
    static_cast<void>(node.release());  // the tree owns it now
  }
  return object;
}

Node bool_of(bool value) {
  Node node = new_node(value ? cJSON_True : cJSON_False);
  if (node) node->valueint = value;  // read by old code instead of the type
  return node;
}

Node node_of(const Json& json) {
  if (json.is_null()) return new_node(cJSON_NULL);
  if (json.is_bool()) return bool_of(json.boolean());
  if (json.is_string()) return Node(cJSON_CreateString(json.string().c_str()));
  if (json.is_array()) return array_of(json.items());
  if (json.is_object()) return object_of(json.members());
  return Node(cJSON_CreateNumber(json.number()));
}

Node read(std::string_view text) {
  try {
    return node_of(certo::parse_json(text, "the text", certo::Exit::bad_input, CERTO_REPLY_SIZE));
  } catch (...) {  // C has no way to learn why
    return nullptr;
  }
}

cJSON* refuse(const char* at, const char** end) {
  refused_at = at;
  if (at && end) *end = at;
  return nullptr;
}

/// The length of white space or a comment at the start of `text`. A slash that does not begin a comment
/// counts, too.
size_t meaningless_length(std::string_view text) {
  if (text.starts_with("//")) return std::min(text.find('\n'), text.size());
  if (!text.starts_with("/*")) return white_space.find(text[0]) != text.npos || text[0] == '/' ? 1 : 0;
  const size_t end = text.find("*/", 2);
  return end == text.npos ? text.size() : end + 2;
}

}  // namespace

// By default, text after the value is ignored.
static constexpr cJSON_bool any_rest = false;

cJSON* cJSON_Parse(const char* value) { return cJSON_ParseWithOpts(value, nullptr, any_rest); }

cJSON* cJSON_ParseWithLength(const char* value, size_t buffer_length) {
  return cJSON_ParseWithLengthOpts(value, buffer_length, nullptr, any_rest);
}

cJSON* cJSON_ParseWithOpts(const char* value, const char** return_parse_end,
                           cJSON_bool require_null_terminated) {
  if (!value) return nullptr;  // what cJSON_GetErrorPtr says stays
  return cJSON_ParseWithLengthOpts(value, std::strlen(value) + 1, return_parse_end, require_null_terminated);
}

cJSON* cJSON_ParseWithLengthOpts(const char* value, size_t buffer_length, const char** return_parse_end,
                                 cJSON_bool require_null_terminated) {
  refused_at = nullptr;
  if (!value || buffer_length == 0) return refuse(value, return_parse_end);
  const std::string_view text(value, buffer_length);
  const bool is_marked = text.size() > byte_order_mark.size() + 1 && text.starts_with(byte_order_mark);
  const size_t begin = after_white_space(text, is_marked ? byte_order_mark.size() : 0);
  size_t end = begin + value_length(text.substr(begin));
  Node root = read(text.substr(begin, end - begin));
  if (!root) return refuse(value + std::min(begin, buffer_length - 1), return_parse_end);
  if (require_null_terminated) {
    end = after_white_space(text, end);
    if (end == text.size() || text[end] != '\0')
      return refuse(value + std::min(end, buffer_length - 1), return_parse_end);
  }
  if (return_parse_end) *return_parse_end = value + end;
  return root.release();
}

const char* cJSON_GetErrorPtr() { return refused_at; }

void cJSON_Minify(char* json) {
  if (!json) return;
  char* to = json;
  for (std::string_view rest = json; !rest.empty();) {
    const size_t dropped = meaningless_length(rest);
    const size_t kept = dropped ? 0 : rest[0] == '"' ? string_length(rest) : 1;
    std::memmove(to, rest.data(), kept);
    to += kept;
    rest.remove_prefix(dropped + kept);
  }
  *to = '\0';
}
