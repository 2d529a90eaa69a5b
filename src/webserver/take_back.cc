#include "webserver/take_back.h"

#include <algorithm>
#include <ranges>

#include "base/text.h"

namespace certo::webserver {
namespace {

/// From its first byte up to and with its "\n".
Span line_around(std::string_view text, size_t at) {
  const size_t before = at == 0 ? text.npos : text.rfind('\n', at - 1);
  const size_t begin = before == text.npos ? 0 : before + 1;
  const size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
  return {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
}

/// With one blank in the place of several.
std::string squeezed(std::string_view line) {
  std::string result;
  for (const char c : trim(line))
    if (const char blank = c == '\t' ? ' ' : c; blank != ' ' || !result.ends_with(' ')) result += blank;
  return result;
}

/// One line of an added text. Its blanks do not count, because editors change them.
/// `has_end`: the end of the line is one of certo's, too.
void take_back_line(TakenBack& result, std::string_view line, const std::string& removed, bool has_end) {
  const size_t at = line.find(mark_start);
  if (at == line.npos) return;
  std::string& text = result.text;
  // The blanks and the "#" before it may have changed.
  const size_t found = text.find(mark_after(line, at).substr(mark_start.find("certo")));
  if (found == std::string::npos) return;  // a person has removed it
  const Span there = line_around(text, found);
  const std::string_view now = std::string_view(text).substr(there.begin, there.end - there.begin);
  const std::string ours(trim(line));
  const size_t inside = now.find(ours);
  if (inside != now.npos && !removed.empty()) {
    text.replace(there.begin + inside, ours.size() + (has_end ? 1 : 0), removed);
  } else if (squeezed(now) == squeezed(ours) && !removed.empty()) {
    const size_t begin = now.find(trim(now)), end = has_end ? now.size() : begin + trim(now).size();
    text.replace(there.begin + begin, end - begin, removed);
  } else if (squeezed(now) == squeezed(ours)) {
    text.erase(there.begin, now.size());
  } else if (inside != now.npos) {
    // After a brace, with a blank in front; or a person has written a remark behind it, which stays.
    const size_t begin = inside - (inside > 0 && now[inside - 1] == ' ' ? 1 : 0);
    const bool has_remark = !trim(now.substr(inside + ours.size())).empty();
    text.erase(there.begin + begin, has_remark ? inside - begin + ours.size() : now.size() - begin);
  } else {
    result.kept.emplace_back(trim(now));
  }
}

/// A line that holds only the mark of the line below it.
bool is_mark_alone(std::string_view line) { return trim(line).starts_with(mark_start.substr(1)); }

/// Such a line and the one below it: both, or none if a person has changed the one below.
void take_back_pair(TakenBack& result, std::string_view mark, std::string_view line, const Change& change) {
  std::string& text = result.text;
  const size_t found = text.find(trim(mark));
  if (found == std::string::npos) return;  // a person has removed it
  Span above = line_around(text, found);
  Span below = above.end < text.size() ? line_around(text, above.end) : Span{above.end, above.end};
  const auto slice = [&](Span span) {
    return trim(std::string_view(text).substr(span.begin, span.end - span.begin));
  };
  if (slice(above) != trim(mark) || slice(below) != trim(line)) {
    result.kept.emplace_back(slice(below));
    return;
  }
  const bool has_end = change.added.ends_with('\n'), has_start = change.added.starts_with('\n');
  // The newline in front is certo's, and not the one at the end.
  if (has_start && above.begin > 0) --above.begin;
  if (!has_end && text[below.end - 1] == '\n' && (has_start || !change.removed.empty())) --below.end;
  text.replace(above.begin, below.end - above.begin, change.removed);
}

}  // namespace

TakenBack take_back(std::string text, const std::vector<Change>& changes) {
  TakenBack result{std::move(text), {}};
  // The last one first: it may stand in the text of an earlier one.
  for (const Change& one : changes | std::views::reverse) {
    if (const size_t at = result.text.find(one.added); at != std::string::npos && !one.added.empty()) {
      result.text.replace(at, one.added.size(), one.removed);
      continue;
    }
    const std::vector<std::string> lines = split(one.added, '\n');
    for (size_t i = 0; i < lines.size(); ++i) {
      if (is_mark_alone(lines[i]) && i + 1 < lines.size()) {
        take_back_pair(result, lines[i], lines[i + 1], one);
        ++i;
      } else {
        take_back_line(result, lines[i], one.removed, one.added.ends_with('\n'));
      }
    }
  }
  return result;
}

std::string without_plain_only(std::string_view text) {
  std::vector<Span> opened, ours;
  for (size_t at = 0; at < text.size();) {
    const Span mark = line_around(text, at);
    at = mark.end;
    if (at == text.size() || !is_mark_alone(text.substr(mark.begin, mark.end - mark.begin))) continue;
    const Span below = line_around(text, at);
    const std::string_view line = trim(text.substr(below.begin, below.end - below.begin));
    if (line == plain_only_condition) {
      ours.push_back({mark.begin, below.end});
    } else if (line == plain_only_begin) {
      opened.push_back({mark.begin, below.end});
    } else if (line == plain_only_end && !opened.empty()) {
      ours.push_back(opened.back());
      ours.push_back({mark.begin, below.end});
      opened.pop_back();
    }
  }
  std::ranges::sort(ours, {}, &Span::begin);
  std::string result;
  size_t at = 0;
  for (const Span& one : ours) {
    result += text.substr(at, one.begin - at);
    at = one.end;
  }
  return result.append(text.substr(at));
}

}  // namespace certo::webserver
