#include "commands/status_text.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "base/sort.h"
#include "base/text.h"
#include "console/layout.h"
#include "console/output.h"
#include "console/table.h"
#include "os/terminal.h"
#include "status/judge.h"

namespace certo::commands {
namespace {

using status::Endpoint;
using status::Finding;
using status::Level;
using status::Overview;

/// A certificate of the store, or an endpoint that belongs to none.
struct Line {
  Level level = Level::ok;
  std::string name, names, expires, renewal;
  double left = -1;  // part of the lifetime; negative: not known
  std::vector<Finding> findings{};
};

std::string away(Time time, Time now) {
  if (time == Time{}) return "-";
  const long long seconds = (time - now).count();
  return seconds < 0 ? spoken_duration(-seconds) + " ago" : "in " + spoken_duration(seconds);
}

std::string brief(const std::vector<std::string>& names) {
  constexpr size_t most = 3;
  if (names.empty()) return "-";
  const size_t count = std::min(names.size(), most);
  const std::string more = names.size() > count ? " +" + std::to_string(names.size() - count) : "";
  return printable(join({names.begin(), names.begin() + static_cast<std::ptrdiff_t>(count)}, ", "), 200) +
         more;
}

Line line_of(const status::Row& row, Time now) {
  Line line{.level = row.level,
            .name = row.name,
            .names = brief(row.names),
            .expires = away(row.not_after, now),
            .renewal = away(row.renew_at, now),
            .findings = row.findings};
  if (row.not_after != Time{} && row.not_before != Time{})
    line.left = status::part_left(row.not_before, row.not_after, now);
  Level level = row.level;
  for (const Endpoint& endpoint : row.endpoints) {
    for (Finding finding : endpoint.findings) {
      finding.what = endpoint.server + ": " + finding.what;
      add(line.findings, level, std::move(finding));
    }
  }
  return line;
}

/// The first end of those that it presents.
Line line_of(const Endpoint& endpoint, Time now) {
  Line line{.level = endpoint.level, .name = endpoint.server, .names = "-", .expires = "-", .renewal = "-"};
  line.findings = endpoint.findings;
  Time first{};
  for (const status::Served& one : endpoint.served) {
    if (one.serial.empty() || (first != Time{} && one.not_after >= first)) continue;
    first = one.not_after;
    line.names = brief(one.names);
    line.left = status::part_left(one.not_before, one.not_after, now);
  }
  line.expires = away(first, now);
  return line;
}

std::vector<Line> lines_of(const Overview& overview) {
  std::vector<Line> lines;
  for (const status::Row& row : overview.rows) lines.push_back(line_of(row, overview.now));
  for (const Endpoint& one : overview.endpoints) lines.push_back(line_of(one, overview.now));
  sort_stably(lines, std::ranges::greater(), &Line::level);
  return lines;
}

// ---- layout ----

constexpr size_t bar_cells = 10;
constexpr size_t narrow = 60;  // a terminal that has no room for the bar

std::string bar(double left) {
  if (left < 0) return "-";
  const auto full = static_cast<size_t>(std::ceil(left * bar_cells));
  std::string text;
  for (size_t i = 0; i < bar_cells; ++i) text += i < full ? "█" : "·";
  return text;
}

std::string_view colour_of(Level level) {
  switch (level) {
    case Level::ok: return "32";
    case Level::warn: return "33";
    case Level::crit: return "31";
  }
  return "";
}

/// Colours the first `columns` columns of a line, without the space at their end.
std::string coloured(const std::string& line, size_t columns, Level level) {
  std::string_view rest = line;
  for (size_t i = 0; i < columns && !rest.empty(); ++i) next_character(rest);
  std::string const start = line.substr(0, line.size() - rest.size());
  const size_t end = start.find_last_not_of(' ') + 1;
  return "\033[" + std::string(colour_of(level)) + "m" + start.substr(0, end) + "\033[0m" +
         start.substr(end) + std::string(rest);
}

class StatusLayout {
 public:
  StatusLayout(const Overview& overview, size_t width, bool is_coloured)
      : overview_(overview), lines_(lines_of(overview)), width_(width), is_coloured_(is_coloured) {}

  std::string text() {
    if (!lines_.empty()) add_table();
    if (!overview_.findings.empty() && !lines_.empty()) text_ += "\n";
    for (const Finding& one : overview_.findings) add_finding(one, 0);
    add_total();
    return std::move(text_);
  }

 private:
  bool has_bar() const { return width_ >= narrow; }

  std::vector<std::string> cells(const Line& line) const {
    std::vector<std::string> cells = {std::string(name(line.level))};
    if (has_bar()) cells.push_back(bar(line.left));
    for (const std::string& one : {line.name, line.names, line.expires, line.renewal}) cells.push_back(one);
    return cells;
  }

  void add_table() {
    console::Table table;
    table.titles = {"STATE", "NAME", "FOR", "EXPIRES", "RENEWAL"};
    if (has_bar()) table.titles.insert(table.titles.begin() + 1, "LEFT");
    table.rows = lines_.size();
    table.narrowest = has_bar() ? 3 : 2;
    table.cells = [&](size_t at) { return cells(lines_[at]); };
    const std::vector<std::string> shown = console::table_lines(table, width_);
    text_ += shown.front() + "\n";
    const size_t coloured_columns = has_bar() ? 7 + bar_cells : 5;
    for (size_t at = 0; at < lines_.size(); ++at) {
      const std::string& line = shown[at + 1];
      text_ += (is_coloured_ ? coloured(line, coloured_columns, lines_[at].level) : line) + "\n";
      for (const Finding& one : lines_[at].findings) add_finding(one, 5);
    }
  }

  void add_finding(const Finding& finding, size_t indent) {
    const std::string margin(indent, ' ');
    const size_t width = width_ == 0 ? std::string::npos / 2 : std::max(width_, narrow / 2);
    const std::string level = finding.level == Level::ok ? "note" : std::string(name(finding.level));
    const std::string what = console::wrapped(printable(finding.what), indent + 6, width);
    const std::string first = margin + console::padded(level, 4);
    text_ += (is_coloured_ && finding.level != Level::ok ? coloured(first, width, finding.level) : first) +
             "  " + what + "\n";
    if (finding.advice.empty()) return;
    text_ += margin + "  do  " + console::wrapped(printable(finding.advice), indent + 6, width) + "\n";
  }

  /// "12 certificates and servers: 1 crit, 11 ok"
  void add_total() {
    std::vector<std::string> parts;
    for (const Level one : {Level::crit, Level::warn, Level::ok})
      if (const auto count = std::ranges::count(lines_, one, &Line::level); count > 0)
        parts.push_back(std::to_string(count) + " " + std::string(name(one)));
    const size_t rows = overview_.rows.size(), servers = overview_.endpoints.size();
    std::vector<std::string> things;
    if (rows > 0 || servers == 0)
      things.push_back(std::to_string(rows) + (rows == 1 ? " certificate" : " certificates"));
    if (servers > 0) things.push_back(std::to_string(servers) + (servers == 1 ? " server" : " servers"));
    if (!text_.empty()) text_ += "\n";
    text_ += join(things, " and ") + (parts.empty() ? "" : ": " + join(parts, ", ")) + asked() + "\n";
  }

  /// How many endpoints of certificates were asked.
  std::string asked() const {
    size_t count = 0, fine = 0;
    for (const status::Row& row : overview_.rows) {
      for (const Endpoint& one : row.endpoints) {
        const bool is_silent = std::ranges::all_of(
            one.served, [](const status::Served& served) { return served.serial.empty(); });
        if (one.is_guessed && is_silent) continue;  // nobody listens there
        ++count;
        fine += one.level == Level::ok ? 1 : 0;
      }
    }
    if (count == 0) return {};
    return "; " + std::to_string(fine) + " of " + std::to_string(count) +
           (count == 1 ? " server presents" : " servers present") + " the right certificate";
  }

  const Overview& overview_;
  const std::vector<Line> lines_;
  const size_t width_;
  const bool is_coloured_;
  std::string text_;
};

}  // namespace

std::string status_text(const Overview& overview, size_t width, bool is_coloured) {
  return StatusLayout(overview, width, is_coloured).text();
}

void print_status(const Overview& overview) {
  const size_t width = os::terminal_width(STDOUT_FILENO).value_or(0);
  console::print(status_text(overview, width, console::has_colours(STDOUT_FILENO)));
}

}  // namespace certo::commands
