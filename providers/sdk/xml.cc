#include "sdk/xml.h"

#include <algorithm>
#include <utility>

#include "sdk/provider.hpp"

namespace certo::sdk {
namespace {

constexpr int deepest = 32;

constexpr std::pair<std::string_view, char> entities[] = {
    {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};

struct Malformed {
  const char* why;
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':'; }
bool continues_name(char c) { return starts_name(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; }

std::string utf8(uint32_t code) {
  const auto tail = [code](int shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3f)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xc0 | (code >> 6)), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xe0 | (code >> 12)), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | (code >> 18)), tail(12), tail(6), tail(0)};
}

/// The text between '&' and ';'.
std::string resolved(std::string_view reference) {
  for (const auto& [name, character] : entities) {
    if (reference == name) return {character};
  }
  if (!reference.starts_with('#')) throw Malformed{"an unknown entity"};
  reference.remove_prefix(1);
  const bool is_hex = reference.starts_with('x');
  if (is_hex) reference.remove_prefix(1);
  const auto code = number(reference, 1, 0x10ffff, is_hex ? 16 : 10);
  const bool is_surrogate = code && *code >= 0xd800 && *code < 0xe000;
  if (!code || is_surrogate) throw Malformed{"a bad character reference"};
  return utf8(static_cast<uint32_t>(*code));
}

std::string unescaped(std::string_view text) {
  std::string result;
  for (size_t at = text.find('&'); at != text.npos; at = text.find('&')) {
    const size_t end = text.find(';', at);
    if (end == text.npos) throw Malformed{"'&' without ';'"};
    result += text.substr(0, at);
    result += resolved(text.substr(at + 1, end - at - 1));
    text.remove_prefix(end + 1);
  }
  return result.append(text);
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  Element document() {
    take("\xef\xbb\xbf");
    if (take("<?xml ")) until("?>");
    skip_between();
    Element root = element(0);
    skip_between();
    if (!rest_.empty()) throw Malformed{"something after its end"};
    return root;
  }

 private:
  bool take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  void expect(std::string_view token, const char* why) {
    if (!take(token)) throw Malformed{why};
  }

  /// The text before `token`, which is consumed, too.
  std::string_view until(std::string_view token) {
    const size_t end = rest_.find(token);
    if (end == rest_.npos) throw Malformed{"it breaks off"};
    const std::string_view before = rest_.substr(0, end);
    rest_.remove_prefix(end + token.size());
    return before;
  }

  template <typename Belongs>
  std::string_view take_while(Belongs belongs) {
    const auto end = std::ranges::find_if_not(rest_, belongs);
    const std::string_view taken = rest_.substr(0, static_cast<size_t>(end - rest_.begin()));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  bool skip_space() { return !take_while(is_space).empty(); }

  /// White space and comments around the root.
  void skip_between() {
    while (skip_space() || take_comment()) continue;
  }

  bool take_comment() {
    if (!take("<!--")) return false;
    until("-->");
    return true;
  }

  std::string name() {
    if (rest_.empty()) throw Malformed{"it breaks off"};
    if (!starts_name(rest_.front())) throw Malformed{"a name with a character that does not belong there"};
    return std::string(take_while(continues_name));
  }

  Element element(int depth) {
    if (depth == deepest) throw Malformed{"its nesting is too deep"};
    expect("<", "no element where one must be");
    Element element{name()};
    if (attributes(element)) content(element, depth);
    return element;
  }

  /// To the end of the start tag. False for an element that ends there ("/>").
  bool attributes(Element& element) {
    for (;;) {
      const bool is_apart = skip_space();
      if (take("/>")) return false;
      if (take(">")) return true;
      if (!is_apart) throw Malformed{"an unfinished tag"};
      std::string key = name();
      skip_space();
      expect("=", "an attribute without a value");
      skip_space();
      const char* const quote = rest_.starts_with('\'') ? "'" : "\"";
      expect(quote, "an attribute's value without quotes");
      const std::string_view value = until(quote);
      if (value.find('<') != value.npos) throw Malformed{"'<' in an attribute's value"};
      if (!element.attributes.emplace(std::move(key), unescaped(value)).second)
        throw Malformed{"a repeated attribute"};
    }
  }

  void content(Element& element, int depth) {
    for (;;) {
      element.text += unescaped(take_while([](char c) { return c != '<'; }));
      if (take_comment()) continue;
      if (take("<![CDATA[")) {
        element.text += until("]]>");
      } else if (take("</")) {
        if (name() != element.name) throw Malformed{"an end tag that fits no start tag"};
        skip_space();
        return expect(">", "an unfinished tag");
      } else {
        element.children.push_back(this->element(depth + 1));
      }
    }
  }

  std::string_view rest_;
};

}  // namespace

const Element* Element::find(std::string_view child) const {
  const auto found = std::ranges::find(children, child, &Element::name);
  return found == children.end() ? nullptr : &*found;
}

std::string Element::text_of(std::string_view child) const {
  const Element* const found = find(child);
  return found ? found->text : "";
}

std::string Element::attribute(const std::string& key) const {
  const auto found = attributes.find(key);
  return found == attributes.end() ? "" : found->second;
}

Element parse_xml(std::string_view text, const std::string& subject) {
  try {
    return Reader(text).document();
  } catch (const Malformed& malformed) {
    throw Failure{CERTO_UNREACHABLE, subject + " cannot be read as XML: " + malformed.why};
  }
}

std::string to_xml(const Element& element) {
  std::string text = "<" + element.name;
  for (const auto& [name, value] : element.attributes) text += " " + name + "=\"" + xml_escaped(value) + "\"";
  if (element.text.empty() && element.children.empty()) return text + "/>";
  text += ">" + xml_escaped(element.text);
  for (const Element& child : element.children) text += to_xml(child);
  return text + "</" + element.name + ">";
}

std::string xml_escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto entity = std::ranges::find(entities, c, &std::pair<std::string_view, char>::second);
    if (entity == std::end(entities)) {
      result += c;
    } else {
      result.append("&").append(entity->first).append(";");
    }
  }
  return result;
}

}  // namespace certo::sdk
