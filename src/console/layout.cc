#include "console/layout.h"

#include <algorithm>

#include "base/text.h"

namespace certo::console {

std::vector<std::string_view> spellings(const char* flags) {
  std::vector<std::string_view> found;
  for (std::string_view rest = flags; !rest.empty();) {
    const size_t space = std::min(rest.find(' '), rest.size());
    found.push_back(rest.substr(0, space));
    rest.remove_prefix(std::min(space + 1, rest.size()));
  }
  return found;
}

size_t width(std::string_view text) {
  return static_cast<size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string padded(std::string_view text, size_t columns) {
  const size_t taken = width(text);
  return std::string(text) + std::string(columns > taken ? columns - taken : 0, ' ');
}

std::string wrapped(std::string_view text, size_t indent, size_t columns) {
  const std::string margin = "\n" + std::string(indent, ' ');
  std::string out;
  size_t column = indent;
  for (const std::string& line : split(text, '\n')) {
    if (!out.empty()) {
      out += margin;
      column = indent;
    }
    for (const std::string& word : split(line, ' ')) {
      const bool at_margin = column == indent;
      if (!at_margin && column + 1 + width(word) > columns) {
        out += margin;
        column = indent;
      } else if (!at_margin) {
        out += ' ';
        column += 1;
      }
      out += word;
      column += width(word);
    }
  }
  return out;
}

std::string columns(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      line += i + 1 == row.size() ? row[i] : padded(row[i], widths[i] + 2);
    }
    while (line.ends_with(' ')) line.pop_back();
    out += line + '\n';
  }
  return out;
}

}  // namespace certo::console
