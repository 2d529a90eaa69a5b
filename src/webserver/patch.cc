#include "webserver/patch.h"

#include <algorithm>

namespace certo::webserver {
namespace {

constexpr size_t context_lines = 3;  // lines before and after a change

/// A line of the old text, and what takes its place.
struct Line {
  std::string_view old;             // with its end
  std::vector<Insertion> inside{};  // places relative to the line
};

/// The parts of a text, each with its "\n".
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

/// An insertion at the beginning of a line belongs to that line.
std::vector<Line> with_places(std::string_view text, const std::vector<Insertion>& insertions) {
  std::vector<Line> lines;
  size_t at = 0, next = 0;
  for (const std::string_view old : lines_of(text)) {
    Line& line = lines.emplace_back(Line{old});
    for (; next < insertions.size() && insertions[next].at < at + old.size(); ++next)
      line.inside.push_back({insertions[next].at - at, insertions[next].text});
    at += old.size();
  }
  return lines;
}

std::string marked(char mark, std::string_view line) {
  std::string text = mark + std::string(line);
  if (!line.ends_with('\n')) text += "\n\\ No newline at end of file\n";
  return text;
}

struct Counts {
  size_t before = 0, after = 0;
};

/// Whole lines before a line leave that line as it is.
void add_changed(std::string& body, Counts& counts, const Line& line) {
  const std::vector<Insertion>& all = line.inside;
  const bool is_in_front =
      std::ranges::all_of(all, [](const Insertion& one) { return one.at == 0 && one.text.ends_with('\n'); });
  if (!is_in_front) body += marked('-', line.old);
  std::string text = with_insertions(is_in_front ? "" : line.old, all);
  for (const std::string_view one : lines_of(text)) {
    body += marked('+', one);
    ++counts.after;
  }
  if (is_in_front) {
    body += marked(' ', line.old);
    ++counts.after;
  }
  ++counts.before;
}

std::string range_text(size_t first, size_t count) {
  return std::to_string(first) + "," + std::to_string(count);
}

std::string head(const std::string& before, const std::string& after) {
  return "--- " + before + "\n+++ " + after + "\n";
}

}  // namespace

std::string with_insertions(std::string_view text, const std::vector<Insertion>& insertions) {
  std::string result;
  size_t at = 0;
  for (const Insertion& one : insertions) {
    result += text.substr(at, one.at - at);
    result += one.text;
    at = one.at;
  }
  return result.append(text.substr(at));
}

std::string patch_of(const std::string& path, std::string_view text,
                     const std::vector<Insertion>& insertions) {
  if (insertions.empty()) return {};
  const std::vector<Line> lines = with_places(text, insertions);
  const auto is_changed = [&](size_t at) { return at < lines.size() && !lines[at].inside.empty(); };
  std::string patch = head("a" + path, "b" + path);
  size_t shift = 0;  // lines that were added by earlier parts
  for (size_t at = 0; at < lines.size();) {
    if (!is_changed(at)) {
      ++at;
      continue;
    }
    const size_t begin = at - std::min(at, context_lines);
    // Changes whose context_lines would meet are one part.
    size_t last = at;
    for (size_t next = at + 1; next <= last + 2 * context_lines + 1 && next < lines.size(); ++next)
      if (is_changed(next)) last = next;
    const size_t end = std::min(last + context_lines + 1, lines.size());
    std::string body;
    Counts counts;
    for (size_t i = begin; i < end; ++i) {
      if (is_changed(i)) {
        add_changed(body, counts, lines[i]);
        continue;
      }
      body += marked(' ', lines[i].old);
      ++counts.before;
      ++counts.after;
    }
    patch += "@@ -" + range_text(begin + 1, counts.before) + " +" +
             range_text(begin + 1 + shift, counts.after) + " @@\n" + body;
    shift += counts.after - counts.before;
    at = end;
  }
  return patch;
}

std::string patch_of_new(const std::string& path, std::string_view content) {
  const std::vector<std::string_view> lines = lines_of(content);
  std::string patch = head("/dev/null", "b" + path) + "@@ -0,0 +" + range_text(1, lines.size()) + " @@\n";
  for (const std::string_view line : lines) patch += marked('+', line);
  return patch;
}

}  // namespace certo::webserver
