#include "webserver/apache_edit.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace certo::webserver {

size_t begin_of_line(std::string_view text, size_t at) {
  const size_t newline = at == 0 ? text.npos : text.rfind('\n', at - 1);
  return newline == text.npos ? 0 : newline + 1;
}

size_t end_of_lines(std::string_view text, size_t at) {
  for (;;) {
    const size_t end = text.find('\n', at);
    if (end == text.npos) return text.size();
    std::string_view line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.ends_with('\\')) return end;
    at = end + 1;
  }
}

Span lines_of(const ApacheFile& file, const ApacheDirective& directive) {
  const std::string& text = file.text();
  const size_t end =
      directive.is_section ? end_of_lines(text, directive.body.end) : size_t{directive.whole.end};
  return {static_cast<uint32_t>(begin_of_line(text, directive.whole.begin)),
          static_cast<uint32_t>(std::min(end + 1, text.size()))};
}

std::string indentation_in(const ApacheHost& host) {
  const auto all = host.file->directives();
  const size_t first = static_cast<size_t>(host.section - all.data()) + 1;
  const bool has_directive = first < host.section->next;
  const size_t at = has_directive ? all[first].whole.begin : host.section->whole.begin;
  const size_t begin = begin_of_line(host.file->text(), at);
  const std::string blanks = host.file->text().substr(begin, at - begin);
  return has_directive ? blanks : blanks + "    ";
}

Change lines_before(EditPart part, const ApacheFile& file, size_t at, const std::string& blanks,
                    const std::vector<std::string>& lines) {
  Change change{.part = part, .file = without_links(file.path()), .at = at, .removed = {}, .added = {}};
  const std::string newline = newline_at(file.text(), at == 0 ? 0 : at - 1);  // as the line before
  for (const std::string& line : lines) change.added += with_mark_above(blanks, line, newline);
  return change;
}

Change line_below(EditPart part, const ApacheFile& file, size_t end, const std::string& blanks,
                  const std::string& line) {
  const std::string& text = file.text();
  if (end < text.size()) return lines_before(part, file, end + 1, blanks, {line});
  // The file ends without a newline, and does so then, too.
  std::string added = "\n" + with_mark_above(blanks, line, "\n");
  added.pop_back();
  return {
      .part = part, .file = without_links(file.path()), .at = end, .removed = {}, .added = std::move(added)};
}

Change line_in_place(EditPart part, const ApacheLine& old, const std::string& line) {
  const std::string& text = old.file->text();
  const Span span = lines_of(*old.file, *old.directive);
  const std::string blanks = text.substr(span.begin, old.directive->whole.begin - span.begin);
  std::string added = with_mark_above(blanks, line, newline_at(text, span.begin));
  std::string removed = text.substr(span.begin, span.end - span.begin);
  while (!removed.ends_with('\n') && (added.ends_with('\n') || added.ends_with('\r'))) added.pop_back();
  return {.part = part,
          .file = without_links(old.file->path()),
          .at = span.begin,
          .removed = std::move(removed),
          .added = std::move(added)};
}

Span own_body(const ApacheHost& host) {
  const std::string& text = host.file->text();
  Span body = host.section->body;
  const auto all = host.file->directives();
  const size_t first = static_cast<size_t>(host.section - all.data()) + 1;
  const auto begin_with_mark = [&](const ApacheDirective& one) -> size_t {
    if (mark_above(text, one.whole.begin).empty()) return text.npos;
    return begin_of_line(text, begin_of_line(text, one.whole.begin) - 1);
  };
  std::vector<const ApacheDirective*> inside;
  for (size_t i = first; i < host.section->next; i = all[i].next) inside.push_back(&all[i]);
  for (const ApacheDirective* one : inside) {
    if (begin_with_mark(*one) != body.begin) break;
    body.begin = lines_of(*host.file, *one).end;
  }
  while (!inside.empty()) {
    const size_t begin = begin_with_mark(*inside.back());
    if (begin == text.npos || begin < body.begin || lines_of(*host.file, *inside.back()).end != body.end)
      break;
    body.end = static_cast<uint32_t>(begin);
    inside.pop_back();
  }
  return body;
}

std::string quoted_path(const std::string& path) {
  const bool is_nameable = std::ranges::all_of(path, [](unsigned char c) {
    return c >= ' ' && c != 0x7f &&
           std::string_view("\"\\$*?[").find(static_cast<char>(c)) == std::string_view::npos;
  });
  if (!is_nameable)
    throw Error(
        Exit::usage,
        path + ": Apache cannot name a file with quotes, '$', '*', '?', '[', '\\' or control characters",
        "choose another folder");
  return "\"" + path + "\"";
}

}  // namespace certo::webserver
