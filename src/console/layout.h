// Text in columns for help, man page and the tables that commands print. Widths are
// in code points: every text that is laid out here is ours or escaped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace certo::console {

/// The spellings of an option in a table, "-d --domain", as parts of `flags`.
std::vector<std::string_view> spellings(const char* flags);

size_t width(std::string_view text);
std::string padded(std::string_view text, size_t columns);

/// Breaks `text` at spaces so that no line is longer than `columns`; each line but the first begins with
/// `indent` spaces. A newline in `text` stays one. No newline at the end.
std::string wrapped(std::string_view text, size_t indent, size_t columns = 96);

/// Rows of cells, aligned, two spaces apart; the last column is not padded.
std::string columns(const std::vector<std::vector<std::string>>& rows);

}  // namespace certo::console
