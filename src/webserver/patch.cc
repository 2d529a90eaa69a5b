#include "webserver/patch.h"

#include <algorithm>

namespace certo::webserver {
namespace {

constexpr size_t context_lines = 3;  // lines before and after a change

/// A line of the old text, or several of which a change takes parts, and what takes their place.
struct Line {
  size_t number = 0;             // of the first one, counted from 1
  std::string_view old{};        // with its end
  std::vector<Change> inside{};  // places relative to the line
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

size_t end_of(const Change& change) { return change.at + change.removed.size(); }

/// An insertion at the beginning of a line belongs to that line.
std::vector<Line> with_places(std::string_view text, const std::vector<Change>& changes) {
  std::vector<Line> lines;
  size_t next = 0, number = 1;
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    Line line{.number = number};
    for (; next < changes.size() && (changes[next].at < end || end == text.size()); ++next) {
      end = std::max(end, std::min(text.find('\n', end_of(changes[next]) - 1), text.size() - 1) + 1);
      line.inside.push_back(changes[next]);
      line.inside.back().at -= at;
    }
    line.old = text.substr(at, end - at);
    number += static_cast<size_t>(std::ranges::count(line.old, '\n'));
    lines.push_back(std::move(line));
    at = end;
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
  const std::vector<Change>& all = line.inside;
  const bool is_in_front = std::ranges::all_of(
      all, [](const Change& one) { return end_of(one) == 0 && one.added.ends_with('\n'); });
  const std::vector<std::string_view> old = lines_of(line.old);
  if (!is_in_front)
    for (const std::string_view one : old) body += marked('-', one);
  const std::string text = with_changes(is_in_front ? "" : line.old, all);
  for (const std::string_view one : lines_of(text)) {
    body += marked('+', one);
    ++counts.after;
  }
  if (is_in_front) {
    body += marked(' ', line.old);
    ++counts.after;
  }
  counts.before += old.size();
}

std::string range_text(size_t first, size_t count) {
  return std::to_string(first) + "," + std::to_string(count);
}

std::string head(const std::string& before, const std::string& after) {
  return "--- " + before + "\n+++ " + after + "\n";
}

}  // namespace

std::string patch_of(const std::string& path, std::string_view text, const std::vector<Change>& changes) {
  if (changes.empty()) return {};
  const std::vector<Line> lines = with_places(text, changes);
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
    const size_t first = lines[begin].number;
    patch += "@@ -" + range_text(first, counts.before) + " +" + range_text(first + shift, counts.after) +
             " @@\n" + body;
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

/// As git writes it: patch makes a link of it.
namespace {

std::string patch_of_link(const OwnFile& link) {
  return "diff --git a" + link.path + " b" + link.path + "\nnew file mode 120000\n" +
         patch_of_new(link.path, link.target);
}

}  // namespace

std::string patch_of(const Edits& edits, const std::function<std::string(const std::string&)>& text_of) {
  std::string patch;
  for (const OwnFile& one : edits.files)
    patch += one.target.empty() ? patch_of_new(one.path, one.content) : patch_of_link(one);
  for (const auto& [file, changes] : by_file(edits.changes)) patch += patch_of(file, text_of(file), changes);
  return patch;
}

}  // namespace certo::webserver
