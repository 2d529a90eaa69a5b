// Writing JSON. `parse_json` can always read the result, whatever bytes the strings
// contain, and it is safe to show on a terminal.
// Implements a part of base/json.h.
#include <fmt/format.h>

#include <cmath>

#include "base/json.h"
#include "base/text.h"

namespace certo {
namespace {

enum class Layout { one_line, pretty };

class Writer {
 public:
  explicit Writer(Layout layout) : layout_(layout) {}

  void value(const Json& json) {
    if (json.is_null()) {
      text += "null";
    } else if (json.is_bool()) {
      text += json.boolean() ? "true" : "false";
    } else if (json.is_integer()) {
      text += fmt::format("{}", json.integer());
    } else if (json.is_string()) {
      string(json.string());
    } else if (json.is_array()) {
      list('[', ']', json.items(), [this](const Json& item) { value(item); });
    } else if (json.is_object()) {
      list('{', '}', json.members(), [this](const Json::Member& member) {
        string(member.first);
        text += layout_ == Layout::pretty ? ": " : ":";
        value(member.second);
      });
    } else {
      number(json.number());
    }
  }

  std::string text;

 private:
  template <typename Items, typename Write>
  void list(char open, char close, const Items& items, Write write) {
    text += open;
    ++depth_;
    bool first = true;
    for (const auto& item : items) {
      if (!first) text += ',';
      first = false;
      new_line();
      write(item);
    }
    --depth_;
    if (!items.empty()) new_line();
    text += close;
  }

  void new_line() {
    if (layout_ == Layout::pretty) text.append("\n").append(depth_ * 2, ' ');
  }

  void number(double number) {
    if (!std::isfinite(number)) {  // JSON has no word for these
      text += "null";
      return;
    }
    std::string digits = fmt::format("{}", number);
    if (digits.find_first_of(".e") == std::string::npos) digits += ".0";  // read again, it is a double again
    text += digits;
  }

  void string(std::string_view rest) {
    text += '"';
    while (!rest.empty()) {
      const std::string_view before = rest;
      // The reader refuses NUL and invalid UTF-8, so they do not get into a file.
      const char32_t character = next_character(rest).value_or(0);
      switch (character) {
        case 0: text += "\\ufffd"; break;
        case '"': text += "\\\""; break;
        case '\\': text += "\\\\"; break;
        case '\n': text += "\\n"; break;
        case '\r': text += "\\r"; break;
        case '\t': text += "\\t"; break;
        default:
          if (is_hidden(character) && character < 0x10000) {
            text += fmt::format("\\u{:04x}", static_cast<uint32_t>(character));
          } else {
            text += before.substr(0, before.size() - rest.size());
          }
      }
    }
    text += '"';
  }

  Layout layout_;
  size_t depth_ = 0;
};

}  // namespace

std::string to_json(const Json& value) {
  Writer writer(Layout::one_line);
  writer.value(value);
  return writer.text;
}

std::string to_pretty_json(const Json& value) {
  Writer writer(Layout::pretty);
  writer.value(value);
  return writer.text + '\n';
}

}  // namespace certo
