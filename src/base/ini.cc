#include "base/ini.h"

#include <optional>

#include "base/text.h"

namespace certo {
namespace {

using Text = std::string_view;

/// The kind of quotes that `text` begins with; "" for none.
Text quotes_of(Text text) {
  for (const Text quotes : {Text("'''"), Text("\"\"\""), Text("'"), Text("\"")})
    if (text.starts_with(quotes)) return quotes;
  return {};
}

/// Removes one value from the front of `rest`, up to a comma, a comment or the end. Returns nullopt if a
/// quote is not closed. There is no escaping inside quotes.
std::optional<std::string> take_value(Text& rest) {
  const Text quotes = quotes_of(rest);
  if (quotes.empty()) {
    const Text value = rest.substr(0, rest.find_first_of(",#"));
    rest.remove_prefix(value.size());
    return std::string(trim(value));
  }
  rest.remove_prefix(quotes.size());
  const size_t end = rest.find(quotes);
  if (end == rest.npos) return {};
  std::string value(rest.substr(0, end));
  rest = trim(rest.substr(end + quotes.size()));
  return value;
}

std::optional<std::vector<std::string>> values_of(Text rest) {
  std::vector<std::string> values;
  for (rest = trim(rest);;) {
    const std::optional<std::string> value = take_value(rest);
    const bool is_at_end = rest.empty() || rest.front() == '#';
    if (!value || (!is_at_end && rest.front() != ',')) return {};
    const bool closes_a_list = is_at_end && value->empty() && !values.empty();  // "a,"
    if (!closes_a_list) values.push_back(*value);
    if (is_at_end) return values;
    rest = trim(rest.substr(1));
  }
}

/// Removes one line from the front of `rest`, or several if a value in triple quotes continues. If the quotes
/// are never closed, it removes one line, and that is not a value.
Text take_line(Text& rest) {
  size_t end = rest.find('\n');
  const Text first = rest.substr(0, end);
  const size_t equals = first.find('=');
  const Text value = equals == first.npos ? Text() : trim(first.substr(equals + 1));
  if (const Text quotes = quotes_of(value); quotes.size() == 3 && !trim(first).starts_with('#')) {
    const size_t open = static_cast<size_t>(value.data() - rest.data());
    const size_t close = rest.find(quotes, open + quotes.size());
    if (close != rest.npos) end = rest.find('\n', close);
  }
  const Text line = rest.substr(0, end);
  rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  return trim(line);
}

std::string name_in_brackets(Text line) {
  while (line.starts_with('[')) line.remove_prefix(1);
  return std::string(trim(line.substr(0, line.find(']'))));
}

}  // namespace

Ini Ini::parse(std::string_view text) {
  Ini ini;
  std::string section;
  while (!text.empty()) {
    const Text line = take_line(text);
    if (line.starts_with('[')) section = name_in_brackets(line);
    const size_t equals = line.find('=');
    if (line.starts_with('#') || line.starts_with('[') || equals == line.npos) continue;
    std::string key(trim(line.substr(0, equals)));
    if (const Text quotes = quotes_of(key); !quotes.empty() && key.size() >= 2 * quotes.size())
      key = key.substr(quotes.size(), key.size() - 2 * quotes.size());
    if (auto values = values_of(line.substr(equals + 1))) ini.sections_[section][key] = *std::move(values);
  }
  return ini;
}

const std::map<std::string, std::vector<std::string>>& Ini::section(const std::string& name) const {
  static const std::map<std::string, std::vector<std::string>> none;
  const auto found = sections_.find(name);
  return found == sections_.end() ? none : found->second;
}

std::vector<std::string> Ini::list(const std::string& name, const std::string& key) const {
  const auto found = section(name).find(key);
  if (found == section(name).end() || join(found->second, "") == "None") return {};
  std::vector<std::string> values = found->second;
  std::erase(values, "");
  return values;
}

std::string Ini::value(const std::string& name, const std::string& key) const {
  return join(list(name, key), ", ");
}

}  // namespace certo
