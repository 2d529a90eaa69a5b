// Reading JSON, and the members of the tree. The only file that includes simdjson.
#include "base/json.h"

#include <simdjson.h>

#include <algorithm>

#include "base/text.h"

namespace certo {
namespace {

constexpr size_t depth_limit = 32;

const char* reason(simdjson::error_code code) {
  switch (static_cast<int>(code)) {
    case simdjson::EMPTY: return "it is empty";
    case simdjson::UTF8_ERROR: return "it is not UTF-8";
    case simdjson::DEPTH_ERROR: return "it is nested deeper than 32";
    case simdjson::NUMBER_ERROR: return "a number is malformed or out of range";
    case simdjson::STRING_ERROR: return "a string is malformed";
    case simdjson::UNESCAPED_CHARS: return "a string holds a control character";
    case simdjson::UNCLOSED_STRING: return "a string does not end";
    case simdjson::MEMALLOC: return "there is not enough memory";
    default: return "it ends early, or a character is out of place";
  }
}

/// The length of the string that begins at `start`, with its quotes.
size_t string_length(std::string_view text, size_t start) {
  size_t end = start + 1;
  while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
  return std::min(end + 1, text.size()) - start;
}

bool is_long_integer(std::string_view text) {
  const bool is_integer = text.find_first_not_of("0123456789", text.starts_with('-') ? 1 : 0) == text.npos;
  return is_integer && !number(text, INT64_MIN, INT64_MAX);
}

/// simdjson refuses integers beyond 64 bits (a serial number, say), which JSON allows. With an exponent
/// they are doubles, and those it takes. Each character is looked at once, however long strings and
/// numbers are.
std::string with_long_integers_as_doubles(std::string_view text) {
  std::string changed;
  changed.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    size_t length = 1;
    bool is_long = false;
    if (text[at] == '"') {
      length = string_length(text, at);
    } else if (const size_t end = std::min(text.find_first_not_of("0123456789-+.eE", at), text.size());
               end > at) {
      length = end - at;
      is_long = is_long_integer(text.substr(at, length));
    }
    changed += text.substr(at, length);
    if (is_long) changed += "e0";
    at += length;
  }
  return changed;
}

class Reader {
 public:
  Reader(const std::string& subject, Exit on_error, size_t size_limit)
      : parser_(size_limit), size_limit_(size_limit), subject_(subject), on_error_(on_error) {}

  Json read(std::string_view text) {
    if (text.size() > size_limit_) fail("it is longer than " + std::to_string(size_limit_ >> 20) + " MiB");
    simdjson::dom::element root;
    simdjson::error_code error = parse(text, root);
    if (error == simdjson::NUMBER_ERROR) error = parse(with_long_integers_as_doubles(text), root);
    if (error) fail(reason(error));
    has_escapes_ = text.find('\\') != text.npos;
    return tree(root, 0);
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw Error(on_error_, subject_ + " is not JSON: " + why);
  }

  simdjson::error_code parse(std::string_view text, simdjson::dom::element& root) {
    // simdjson counts the document as a level, and an empty array or object as none.
    if (const auto error = parser_.allocate(std::max<size_t>(text.size(), 64), depth_limit + 1)) return error;
    return parser_.parse(text.data(), text.size()).get(root);
  }

  std::string string(std::string_view text) const {
    if (!has_escapes_) return std::string(text);  // the parser has checked the bytes as they stand
    if (text.find('\0') != std::string_view::npos) fail("a string holds NUL");
    // An escaped half of a UTF-16 pair is not caught by every version of the parser.
    if (!simdjson::validate_utf8(text)) fail(reason(simdjson::UTF8_ERROR));
    return std::string(text);
  }

  /// `depth`: of the brackets around it.
  Json tree(simdjson::dom::element element, size_t depth) const {
    using simdjson::dom::element_type;
    switch (element.type()) {
      case element_type::NULL_VALUE: return {};
      case element_type::BOOL: return element.get_bool().value_unsafe();
      case element_type::INT64: return element.get_int64().value_unsafe();
      case element_type::UINT64:
      case element_type::DOUBLE: return element.get_double().value_unsafe();
      case element_type::STRING: return string(element.get_string().value_unsafe());
      case element_type::ARRAY: return array(element.get_array().value_unsafe(), depth + 1);
      case element_type::OBJECT: return object(element.get_object().value_unsafe(), depth + 1);
    }
    fail("it holds a value of an unknown type");
  }

  Json array(simdjson::dom::array source, size_t depth) const {
    if (depth > depth_limit) fail(reason(simdjson::DEPTH_ERROR));
    Json::Array items;
    for (const simdjson::dom::element item : source) items.push_back(tree(item, depth));
    return items;
  }

  Json object(simdjson::dom::object source, size_t depth) const {
    if (depth > depth_limit) fail(reason(simdjson::DEPTH_ERROR));
    Json::Object members;
    std::vector<std::string_view> keys;
    members.reserve(source.size());
    keys.reserve(source.size());
    for (const simdjson::dom::key_value_pair& member : source) {
      members.emplace_back(string(member.key), tree(member.value, depth));
      keys.push_back(member.key);
    }
    std::sort(keys.begin(), keys.end());
    const auto twice = std::adjacent_find(keys.begin(), keys.end());
    if (twice != keys.end()) fail("\"" + std::string(*twice) + "\" occurs twice in one object");
    return members;
  }

  simdjson::dom::parser parser_;
  size_t size_limit_;
  bool has_escapes_ = false;
  const std::string& subject_;
  Exit on_error_;
};

}  // namespace

double Json::number() const {
  return is_integer() ? static_cast<double>(integer()) : std::get<double>(value_);
}

const Json* Json::find(std::string_view key) const {
  if (!is_object()) return nullptr;
  const auto found = std::find_if(members().begin(), members().end(),
                                  [&](const Member& member) { return member.first == key; });
  return found == members().end() ? nullptr : &found->second;
}

Json& Json::set(std::string_view key, Json value) {
  if (is_null()) *this = object();
  for (Member& member : members()) {
    if (member.first != key) continue;
    member.second = std::move(value);
    return *this;
  }
  members().emplace_back(key, std::move(value));
  return *this;
}

void Json::erase(std::string_view key) {
  std::erase_if(members(), [&](const Member& member) { return member.first == key; });
}

void Json::push(Json value) {
  if (is_null()) *this = array();
  items().push_back(std::move(value));
}

Json parse_json(std::string_view text, const std::string& subject, Exit on_error, size_t size_limit) {
  return Reader(subject, on_error, size_limit).read(text);
}

}  // namespace certo
