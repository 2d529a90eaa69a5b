#include "console/table.h"

#include <unistd.h>

#include <algorithm>

#include "base/text.h"
#include "console/layout.h"
#include "console/output.h"
#include "os/terminal.h"

namespace certo::console {
namespace {

constexpr size_t piece = 64 * 1024;
constexpr size_t gap = 2;
constexpr size_t narrowest_cell = 8;

using Cells = std::vector<std::string>;

/// Text of at most `columns` columns; what is cut ends with "…".
std::string cut(const std::string& text, size_t columns) {
  if (width(text) <= columns) return text;
  std::string_view rest = text;
  for (size_t taken = 0; taken + 1 < columns && !rest.empty(); ++taken) next_character(rest);
  return text.substr(0, text.size() - rest.size()) + (columns > 0 ? "…" : "");
}

/// Widths of the columns of a table.
class Widths {
 public:
  /// `limit` 0: as wide as they need.
  Widths(const Table& table, size_t limit) : limit_(limit) {
    add(table.titles);
    for (size_t row = 0; row < table.rows; ++row) add(table.cells(row));
    size_t all = 0;
    for (const size_t one : widths_) all += one + gap;
    if (limit == 0 || all <= limit + gap) return;
    size_t& first = widths_[table.narrowest];
    const size_t wanted = first - std::min(first, all - gap - limit);
    first = std::min(first, std::max(wanted, narrowest_cell));
  }

  /// The line up to the last cell, with the space in front of that, and the last cell.
  std::pair<std::string, std::string> line(const Cells& cells) const {
    std::string line;
    for (size_t i = 0; i + 1 < cells.size(); ++i) line += padded(cut(cells[i], widths_[i]), widths_[i] + gap);
    const std::string last = cut(cells.back(), widths_[cells.size() - 1]);
    if (limit_ == 0) return {line, last};
    line = cut(line, limit_);
    return {line, cut(last, limit_ - width(line))};
  }

 private:
  void add(const Cells& cells) {
    widths_.resize(std::max(widths_.size(), cells.size()));
    for (size_t i = 0; i < cells.size(); ++i) widths_[i] = std::max(widths_[i], width(cells[i]));
  }

  size_t limit_;
  std::vector<size_t> widths_;
};

std::string joined(const std::pair<std::string, std::string>& line) {
  std::string text = line.first + line.second;
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

std::string indented(std::string_view text, size_t columns) {
  const std::string margin(columns, ' ');
  std::string out = margin;
  for (const char c : text) {
    out += c;
    if (c == '\n') out += margin;
  }
  return out;
}

}  // namespace

void Printer::add(std::string_view text) {
  text_ += text;
  if (text_.size() >= piece) end();
}

void Printer::end() {
  print(text_);
  text_.clear();
}

std::vector<std::string> table_lines(const Table& table, size_t width) {
  const Widths widths(table, width);
  std::vector<std::string> lines = {joined(widths.line(table.titles))};
  for (size_t row = 0; row < table.rows; ++row) lines.push_back(joined(widths.line(table.cells(row))));
  return lines;
}

bool has_colours(int fd) {
  const std::string kind = os::environment("TERM");
  return os::is_terminal(fd) && os::environment("NO_COLOR").empty() && !kind.empty() && kind != "dumb";
}

void print_table(const Table& table) {
  const size_t limit = os::terminal_width(STDOUT_FILENO).value_or(0);
  const bool is_coloured = has_colours(STDOUT_FILENO);
  const Widths widths(table, limit);
  Printer out;
  out.add(joined(widths.line(table.titles)) + "\n");
  for (size_t row = 0; row < table.rows; ++row) {
    const auto line = widths.line(table.cells(row));
    const std::string_view colour = is_coloured ? table.colour(row) : "";
    if (colour.empty() || line.second.empty())
      out.add(joined(line) + "\n");
    else
      out.add(line.first + "\033[" + std::string(colour) + "m" + line.second + "\033[0m\n");
  }
  out.end();
}

JsonList::JsonList(const Json& head, std::string_view key) : is_pretty_(os::is_terminal(STDOUT_FILENO)) {
  std::string start = is_pretty_ ? to_pretty_json(head) : to_json(head);
  start.erase(start.rfind('}'));
  start.erase(start.find_last_not_of(" \n") + 1);
  out_.add(start + (is_pretty_ ? ",\n  \"" : ",\"") + std::string(key) + (is_pretty_ ? "\": [" : "\":["));
}

void JsonList::add(const Json& item) {
  std::string text = is_pretty_ ? to_pretty_json(item) : to_json(item);
  if (is_pretty_) text.pop_back();  // the newline
  out_.add(is_empty_ ? "" : ",");
  out_.add(is_pretty_ ? "\n" + indented(text, 4) : text);
  is_empty_ = false;
}

void JsonList::end() {
  if (is_pretty_ && !is_empty_) out_.add("\n  ");
  out_.add(is_pretty_ ? "]\n}\n" : "]}\n");
  out_.end();
}

}  // namespace certo::console
