// Changes in Apache's files. Apache takes no comment after a directive, so the mark of a line of certo's has
// a line of its own above it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "webserver/apache_hosts.h"
#include "webserver/edits.h"

namespace certo::webserver {

/// The beginning of the line with the byte at `at`.
size_t begin_of_line(std::string_view text, size_t at);
/// The end, without the newline, of the line with the byte at `at` and of those that continue it.
size_t end_of_lines(std::string_view text, size_t at);
/// From the beginning of its first line to the beginning of the line after it; a section with its content.
Span lines_of(const ApacheFile& file, const ApacheDirective& directive);

/// The blanks in front of the first directive of the section, or one step more than the section's.
std::string indentation_in(const ApacheHost& host);

/// `lines`, each with a mark, as lines at the place `at`, which is the beginning of a line.
Change lines_before(EditPart part, const ApacheFile& file, size_t at, const std::string& blanks,
                    const std::vector<std::string>& lines);
/// `line` below the line that ends at `end`, which may be the last one of the file.
Change line_below(EditPart part, const ApacheFile& file, size_t end, const std::string& blanks,
                  const std::string& line);
/// `line` in the place of a directive.
Change line_in_place(EditPart part, const ApacheLine& old, const std::string& line);

/// The part of the section that is the user's: without certo's lines at its beginning and its end.
Span own_body(const ApacheHost& host);

/// A path as a word of Apache. Throws Error{usage} for one that Apache cannot name.
std::string quoted_path(const std::string& path);

}  // namespace certo::webserver
