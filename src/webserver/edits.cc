#include "webserver/edits.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/sort.h"
#include "base/text.h"
#include "os/failure.h"
#include "os/path.h"
#include "os/random.h"

namespace certo::webserver {
namespace {

constexpr size_t mark_bytes = 6;

/// The blanks in front of the first directive of the block, if it has a line of its own; otherwise one step
/// more than the block.
std::string indentation(const NginxFile& file, const NginxDirective& block) {
  const std::string_view text = file.text();
  const auto blanks_before = [&](size_t at) -> std::string_view {
    const size_t begin = text.find_last_of('\n', at == 0 ? 0 : at - 1) + 1;
    const std::string_view blanks = text.substr(std::min(begin, at), at - std::min(begin, at));
    return blanks.find_first_not_of(" \t") == blanks.npos ? blanks : std::string_view();
  };
  const auto all = file.directives();
  const size_t first = static_cast<size_t>(&block - all.data()) + 1;
  if (first < block.next) {
    const size_t at = all[first].whole.begin;
    const bool is_on_own_line =
        text.substr(block.body_span.begin, at - block.body_span.begin).find('\n') != text.npos;
    if (is_on_own_line) return std::string(blanks_before(at));
  }
  return std::string(blanks_before(block.whole.begin)) + "    ";
}

/// Nothing but a comment follows on the line.
bool is_rest_free(std::string_view text, size_t at) {
  const size_t end = text.find('\n', at);
  const size_t word = text.find_first_not_of(" \t\r", at);
  return end != text.npos && (word == text.npos || word >= end || text[word] == '#');
}

/// Lines in a block after the place `after`.
Change lines_at(EditPart part, const NginxFile& file, const NginxDirective& block, size_t after,
                const std::vector<std::string>& lines) {
  const std::string_view text = file.text();
  const bool is_free = is_rest_free(text, after);
  const std::string newline = newline_at(text, after);
  Change change{.part = part, .file = without_links(file.path()), .at = after, .removed = {}, .added = {}};
  const std::string blanks = indentation(file, block);
  if (is_free) change.at = text.find('\n', after) + 1;
  // Behind a brace with directives on its line, the first of ours follows on that line, and theirs begin a
  // new one: our comments would end them. So nothing in front of ours belongs to us.
  for (const std::string& line : lines)
    change.added += (is_free || !change.added.empty() ? blanks : " ") + line + new_mark() + newline;
  return change;
}

}  // namespace

std::string_view text(EditPart part) {
  switch (part) {
    case EditPart::proof: return "proof";
    case EditPart::certificate: return "certificate";
    case EditPart::redirect: return "redirect";
  }
  return {};
}

std::string new_mark() { return std::string(mark_start) + os::random_name(mark_bytes); }

std::string mark_after(std::string_view text, size_t at) {
  const std::string_view rest = text.substr(at, mark_start.size() + 2 * mark_bytes);
  return rest.starts_with(mark_start) ? std::string(rest) : "";
}

std::string newline_at(std::string_view text, size_t at) {
  const size_t end = text.find('\n', at);
  return end != text.npos && end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

std::string with_mark_above(const std::string& blanks, const std::string& line, const std::string& newline) {
  // The mark begins with a blank of its own.
  const size_t shorter = blanks.ends_with(' ') ? blanks.size() - 1 : blanks.size();
  return blanks.substr(0, shorter) + new_mark() + newline + blanks + line + newline;
}

std::string mark_above(std::string_view text, size_t at) {
  const size_t end = at == 0 ? text.npos : text.rfind('\n', at - 1);
  if (end == text.npos || end == 0) return {};
  const size_t before = text.rfind('\n', end - 1);
  const size_t begin = before == text.npos ? 0 : before + 1;
  const size_t mark = text.find(mark_start, begin);
  if (mark >= end) return {};
  const std::string found = mark_after(text, mark);
  return trim(text.substr(begin, end - begin)) == found.substr(1) ? found : "";
}

Change lines_at_begin(EditPart part, const NginxFile& file, const NginxDirective& block,
                      const std::vector<std::string>& lines) {
  return lines_at(part, file, block, block.body_span.begin, lines);
}

Change lines_after(EditPart part, const NginxFile& file, const NginxDirective& block,
                   const NginxDirective& neighbour, const std::vector<std::string>& lines) {
  return lines_at(part, file, block, neighbour.whole.end, lines);
}

Change in_place_of(EditPart part, const NginxFile& file, const NginxDirective& directive,
                   const std::string& line) {
  const std::string_view text = file.text();
  const size_t end = directive.whole.end;
  std::string added = line + new_mark();
  if (!is_rest_free(text, end)) added += newline_at(text, end);
  return {.part = part,
          .file = without_links(file.path()),
          .at = directive.whole.begin,
          .removed = std::string(file.slice(directive.whole)),
          .added = std::move(added)};
}

void add(Edits& edits, const Edits& more) {
  edits.changes.insert(edits.changes.end(), more.changes.begin(), more.changes.end());
  edits.files.insert(edits.files.end(), more.files.begin(), more.files.end());
}

std::map<std::string, std::vector<Change>> by_file(const std::vector<Change>& changes) {
  std::map<std::string, std::vector<Change>> files;
  for (const Change& one : changes) files[one.file].push_back(one);
  for (auto& [file, all] : files) {
    // An insertion stands in front of the bytes that give way at the same place.
    sort_stably(all, {}, [](const Change& one) { return std::pair(one.at, !one.removed.empty()); });
  }
  return files;
}

std::string with_changes(std::string_view text, const std::vector<Change>& changes) {
  std::string result;
  size_t at = 0;
  for (const Change& one : changes) {
    result += text.substr(at, one.at - at);
    result += one.added;
    at = one.at + one.removed.size();
  }
  return result.append(text.substr(at));
}

std::string without_links(const std::string& path) {
  const auto real = os::real_path(path);
  if (!real) throw Error(Exit::bad_input, path + ": " + os::reason(errno));
  return *real;
}

}  // namespace certo::webserver
