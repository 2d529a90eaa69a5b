// The output of plug-ins as monitoring programs read it (Monitoring Plugins Development Guidelines).
// Implements a part of status/formats.h.
#include <algorithm>

#include "base/sort.h"
#include "status/formats.h"

namespace certo::status {
namespace {

constexpr size_t most_lines = 100;  // Nagios reads 8 KiB

struct Count {
  size_t ok = 0, warn = 0, crit = 0;
  void add(Level level) {
    switch (level) {
      case Level::ok: ++ok; break;
      case Level::warn: ++warn; break;
      case Level::crit: ++crit; break;
    }
  }
};

/// A bar would begin the performance data.
std::string plain(const std::string& text) {
  std::string safe = printable(text, 300);
  std::ranges::replace(safe, '|', '/');
  return safe;
}

std::string title(Level level) {
  switch (level) {
    case Level::ok: return "OK";
    case Level::warn: return "WARNING";
    case Level::crit: return "CRITICAL";
  }
  return "";
}

/// Those that raise an alarm.
void add(std::vector<std::pair<Level, std::string>>& lines, const std::string& subject,
         const std::vector<Finding>& findings) {
  for (const Finding& one : findings) {
    if (one.level == Level::ok) continue;
    const std::string advice = one.advice.empty() ? "" : " (" + one.advice + ")";
    lines.emplace_back(one.level, plain((subject.empty() ? "" : subject + ": ") + one.what + advice));
  }
}

/// Seconds until the first certificate ends.
std::string soonest(const Overview& overview) {
  Time first{};
  for (const Row& row : overview.rows)
    if (row.not_after != Time{} && (first == Time{} || row.not_after < first)) first = row.not_after;
  for (const Endpoint& endpoint : overview.endpoints)
    for (const Served& one : endpoint.served)
      if (!one.serial.empty() && (first == Time{} || one.not_after < first)) first = one.not_after;
  return first == Time{} ? "" : " first_expiry=" + std::to_string((first - overview.now).count()) + "s";
}

}  // namespace

std::string nagios_text(const Overview& overview) {
  Count count;
  std::vector<std::pair<Level, std::string>> lines;
  for (const Row& row : overview.rows) {
    count.add(row.level);
    add(lines, row.name, row.findings);
    for (const Endpoint& one : row.endpoints) add(lines, row.name + ", " + one.server, one.findings);
  }
  for (const Endpoint& one : overview.endpoints) {
    count.add(one.level);
    add(lines, one.server, one.findings);
  }
  add(lines, "", overview.findings);
  sort_stably(lines, std::ranges::greater(), &std::pair<Level, std::string>::first);

  std::string text = "CERTO " + title(overview.level) + " - " + std::to_string(count.crit) + " critical, " +
                     std::to_string(count.warn) + " warning, " + std::to_string(count.ok) + " ok";
  if (!lines.empty()) text += ": " + lines.front().second;
  text += " | critical=" + std::to_string(count.crit) + " warning=" + std::to_string(count.warn) +
          " ok=" + std::to_string(count.ok) + soonest(overview) + "\n";
  const size_t shown = std::min(lines.size(), most_lines);
  for (size_t i = 0; i < shown; ++i) text += name(lines[i].first).data() + (": " + lines[i].second) + "\n";
  if (shown < lines.size()) text += "and " + std::to_string(lines.size() - shown) + " more\n";
  return text;
}

}  // namespace certo::status
