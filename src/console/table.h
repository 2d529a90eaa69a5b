// Tables and lists that are printed while they are made, so that a hundred thousand rows need no memory.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace certo::console {

/// Standard output in large pieces.
class Printer {
 public:
  void add(std::string_view text);
  void end();  // throws Error{cannot_write} as print does

 private:
  std::string text_;
};

/// What print_table needs to know of a table.
struct Table {
  std::vector<std::string> titles;
  size_t rows = 0;
  /// Called twice for each row: for the widths, and to print it.
  std::function<std::vector<std::string>(size_t row)> cells;
  size_t narrowest = 0;  // the column that is cut first if a line is wider than the terminal
  /// The parameters of SGR for the last cell on a terminal ("31"), or "".
  std::function<std::string_view(size_t row)> colour = [](size_t) { return ""; };
};

/// Whether text on this descriptor has colours: it is a terminal that knows them, and NO_COLOR is not set.
bool has_colours(int fd);

/// Prints aligned columns, two spaces apart. On a terminal no line is wider than it is, and cells have
/// colours unless NO_COLOR is set.
void print_table(const Table& table);

/// The lines of a table that is `width` columns wide at most (0: as wide as it needs), without colours.
std::vector<std::string> table_lines(const Table& table, size_t width);

/// {"certo":"list/1","certificates":[…]}, item by item; pretty on a terminal.
class JsonList {
 public:
  /// `head`: the members in front of the list.
  JsonList(const Json& head, std::string_view key);
  void add(const Json& item);
  void end();

 private:
  Printer out_;
  bool is_pretty_, is_empty_ = true;
};

}  // namespace certo::console
