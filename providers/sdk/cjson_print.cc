// The cJSON API: from a tree to text, with exactly the layout of cJSON.
#include <fmt/format.h>

#include <climits>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "sdk/cJSON.h"
#include "sdk/cjson_node.h"

using namespace certo::sdk::cjson;

namespace {

/// Whole numbers without decimals; others with 15 digits, or 17 if 15 do not give the same number.
std::string number_text(const cJSON& item) {
  const double number = item.valuedouble;
  if (!std::isfinite(number)) return "null";
  if (number == item.valueint) return fmt::format("{}", item.valueint);
  const std::string digits = fmt::format("{:.15g}", number);
  return nearly_equal(std::strtod(digits.c_str(), nullptr), number) ? digits : fmt::format("{:.17g}", number);
}

class Printer {
 public:
  explicit Printer(bool formatted) : formatted_(formatted) {}

  /// False if the node, or one below it, cannot be printed.
  bool value(const cJSON& item) {
    if (text.size() > INT_MAX) return false;  // a list that leads into itself
    switch (kind(item)) {
      case cJSON_NULL: text += "null"; return true;
      case cJSON_False: text += "false"; return true;
      case cJSON_True: text += "true"; return true;
      case cJSON_Number: text += number_text(item); return true;
      case cJSON_String: string(item.valuestring); return true;
      case cJSON_Array: return array(item);
      case cJSON_Object: return object(item);
      case cJSON_Raw:
        if (!item.valuestring) return false;
        text += item.valuestring;
        return true;
      default: return false;
    }
  }

  std::string text;

 private:
  bool array(const cJSON& array) {
    text += '[';
    ++depth_;
    for (const cJSON* item = array.child; item; item = item->next) {
      if (!value(*item)) return false;
      if (item->next) text += formatted_ ? ", " : ",";
    }
    --depth_;
    text += ']';
    return true;
  }

  bool object(const cJSON& object) {
    text += '{';
    ++depth_;
    new_line();
    for (const cJSON* item = object.child; item; item = item->next) {
      if (formatted_) text.append(depth_, '\t');
      string(item->string);
      text += formatted_ ? ":\t" : ":";
      if (!value(*item)) return false;
      if (item->next) text += ',';
      new_line();
    }
    --depth_;
    if (formatted_) text.append(depth_, '\t');
    text += '}';
    return true;
  }

  void new_line() {
    if (formatted_) text += '\n';
  }

  void string(const char* characters) {
    text += '"';
    for (const char c : std::string_view(characters ? characters : "")) {
      switch (c) {
        case '"': text += "\\\""; break;
        case '\\': text += "\\\\"; break;
        case '\b': text += "\\b"; break;
        case '\f': text += "\\f"; break;
        case '\n': text += "\\n"; break;
        case '\r': text += "\\r"; break;
        case '\t': text += "\\t"; break;
        default:
          if (const auto byte = static_cast<unsigned char>(c); byte < ' ') {
            text += fmt::format("\\u{:04x}", byte);
          } else {
            text += c;
          }
      }
    }
    text += '"';
  }

  bool formatted_;
  size_t depth_ = 0;
};

constexpr bool is_formatted = true, is_compact = false;

char* print(const cJSON* item, bool formatted) {
  if (!item) return nullptr;
  try {
    Printer printer(formatted);
    return printer.value(*item) ? copied(printer.text.c_str()) : nullptr;
  } catch (...) {  // memory
    return nullptr;
  }
}

}  // namespace

char* cJSON_Print(const cJSON* item) { return print(item, is_formatted); }

char* cJSON_PrintUnformatted(const cJSON* item) { return print(item, is_compact); }

char* cJSON_PrintBuffered(const cJSON* item, int prebuffer, cJSON_bool fmt) {
  return prebuffer < 0 ? nullptr : print(item, fmt);
}

cJSON_bool cJSON_PrintPreallocated(cJSON* item, char* buffer, int length, cJSON_bool format) {
  if (!item || !buffer || length < 0) return false;
  try {
    Printer printer(format);
    if (!printer.value(*item) || printer.text.size() >= static_cast<size_t>(length)) return false;
    std::memcpy(buffer, printer.text.c_str(), printer.text.size() + 1);
    return true;
  } catch (...) {  // memory
    return false;
  }
}
