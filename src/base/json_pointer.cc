#include "base/json_pointer.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace certo {
namespace {

constexpr size_t nowhere = std::string_view::npos;
constexpr size_t deepest = 32;  // as the reader's

/// Follows the grammar of RFC 8259 and no more: what a string or number means is for the reader to decide.
class Walk {
 public:
  Walk(std::string_view text, JsonLines::Tree& tree) : text_(text), tree_(tree) {}

  /// False if the text breaks the grammar; `line` is then the line where it does.
  bool document() {
    if (!value(0, 0)) return false;
    skip_space();
    return at_ == text_.size();
  }

  size_t line() const { return line_; }

 private:
  void skip_space() {
    for (; at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos;
         ++at_)
      if (text_[at_] == '\n') ++line_;
  }

  bool take(char c) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  /// A new value; nothing if its parent has the same step already.
  std::optional<size_t> child(size_t parent, std::string step) {
    const size_t id = tree_.lines.size();
    if (!tree_.children.emplace(std::pair(parent, std::move(step)), id).second) return std::nullopt;
    tree_.lines.push_back(line_);
    return id;
  }

  bool value(size_t id, size_t depth) {
    skip_space();
    if (at_ >= text_.size() || depth > deepest) return false;
    switch (text_[at_]) {
      case '{': return list('}', [&](size_t) { return member(id, depth); });
      case '[': return list(']', [&](size_t index) { return item(id, index, depth); });
      case '"': return string().has_value();
      default: return word();
    }
  }

  template <typename Part>
  bool list(char close, Part part) {
    ++at_;
    if (take(close)) return true;
    for (size_t index = 0;; ++index) {
      if (!part(index)) return false;
      if (take(close)) return true;
      if (!take(',')) return false;
    }
  }

  bool member(size_t parent, size_t depth) {
    skip_space();
    auto key = string();
    if (!key) return false;
    const auto id = child(parent, *std::move(key));
    return id && take(':') && value(*id, depth + 1);
  }

  bool item(size_t parent, size_t index, size_t depth) {
    skip_space();
    return value(*child(parent, std::to_string(index)), depth + 1);
  }

  bool is_escape(size_t at) const {
    return at < text_.size() && std::string_view("\"\\/bfnrtu").find(text_[at]) != nowhere;
  }

  /// The text between the quotes, escapes as they are written.
  std::optional<std::string> string() {
    if (at_ >= text_.size() || text_[at_] != '"') return std::nullopt;
    const size_t start = ++at_;
    for (; at_ < text_.size() && static_cast<unsigned char>(text_[at_]) >= 0x20; ++at_) {
      if (text_[at_] == '"') return std::string(text_.substr(start, at_++ - start));
      if (text_[at_] == '\\' && !is_escape(++at_)) break;
    }
    return std::nullopt;
  }

  bool word() {
    const size_t end = std::min(text_.find_first_of(" \t\r\n,]}", at_), text_.size());
    const std::string_view word = text_.substr(at_, end - at_);
    if (word != "true" && word != "false" && word != "null" && !is_number(word)) return false;
    at_ = end;
    return true;
  }

  static bool is_number(std::string_view word) {
    double number = 0;
    const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    const std::string_view digits = word.substr(word.starts_with('-') ? 1 : 0);
    const auto digit_at = [&](size_t at) {
      return at < digits.size() && digits[at] >= '0' && digits[at] <= '9';
    };
    const size_t point = digits.find('.');
    const bool is_padded = digits.starts_with('0') && digit_at(1);
    return digit_at(0) && !is_padded && (point == nowhere || digit_at(point + 1)) &&
           stop == word.data() + word.size() && error == std::errc();
  }

  std::string_view text_;
  JsonLines::Tree& tree_;
  size_t at_ = 0, line_ = 1;
};

}  // namespace

std::optional<std::vector<std::string>> pointer_steps(std::string_view pointer) {
  if (pointer.empty()) return std::vector<std::string>();
  if (!pointer.starts_with('/')) return std::nullopt;
  std::vector<std::string> steps = split(pointer.substr(1), '/');
  for (std::string& step : steps) {
    std::string plain;
    for (size_t at = 0; at < step.size(); ++at) {
      if (step[at] != '~') {
        plain += step[at];
        continue;
      }
      const char code = ++at < step.size() ? step[at] : ' ';
      if (code != '0' && code != '1') return std::nullopt;
      plain += code == '0' ? '~' : '/';
    }
    step = std::move(plain);
  }
  return steps;
}

std::string pointer_to(std::string_view pointer, std::string_view step) {
  std::string result = std::string(pointer) + '/';
  for (const char c : step) {
    if (c == '~' || c == '/') {
      result += c == '~' ? "~0" : "~1";
    } else {
      result += c;
    }
  }
  return result;
}

const Json* follow(const Json& json, std::string_view pointer) {
  const auto steps = pointer_steps(pointer);
  const Json* at = steps ? &json : nullptr;
  for (size_t i = 0; at && i < steps->size(); ++i) {
    const std::string& step = (*steps)[i];
    if (!at->is_array()) {
      at = at->find(step);
      continue;
    }
    const auto index = number(step, 0, static_cast<int64_t>(at->items().size()) - 1);
    at = index ? &at->items()[static_cast<size_t>(*index)] : nullptr;
  }
  return at;
}

JsonLines::JsonLines(std::string_view text) {
  Walk walk(text, tree_);
  if (!walk.document()) fault_ = walk.line();
}

size_t JsonLines::line_of(std::string_view pointer) const {
  size_t id = 0;
  for (std::string& step : pointer_steps(pointer).value_or(std::vector<std::string>())) {
    const auto found = tree_.children.find(std::pair(id, std::move(step)));
    if (found == tree_.children.end()) break;
    id = found->second;
  }
  return tree_.lines[id];
}

}  // namespace certo
