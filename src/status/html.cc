#include "status/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/sort.h"
#include "base/text.h"
#include "base/version.h"
#include "os/packed.h"
#include "status/html_parts.h"

CERTO_CARRY(report_css);

namespace certo::status {
namespace {

constexpr size_t most_names = 3;  // of a certificate; the rest is a number

/// A word and a sign, so that nobody needs to see the colour.
std::string level_mark(Level level) {
  switch (level) {
    case Level::ok: return "<b class=\"l ok\">&#10003; fine</b>";
    case Level::warn: return "<b class=\"l warn\">&#9650; soon</b>";
    case Level::crit: return "<b class=\"l crit\">&#10007; now</b>";
  }
  return {};
}

std::string plural(size_t count, std::string_view one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::string host_of(const std::string& directory) {
  const size_t host = directory.find("://");
  if (host == directory.npos) return directory.empty() ? "not known" : directory;
  return directory.substr(host + 3, directory.find('/', host + 3) - host - 3);
}

size_t rows_of(const Overview& overview, Level level) {
  return static_cast<size_t>(
      std::ranges::count_if(overview.rows, [&](const Row& row) { return row.level == level; }));
}

/// The earliest time of all rows that is not before now; zero if there is none.
Time next_of(const Overview& overview, Time Row::*member) {
  Time next{};
  for (const Row& row : overview.rows) {
    const Time time = row.*member;
    if (time >= overview.now && (next == Time{} || time < next)) next = time;
  }
  return next;
}

std::string tile(const std::string& figure, std::string_view what, std::string_view mark = {}) {
  return fmt::format("<div><b{}>{}</b>{}</div>\n", mark.empty() ? "" : fmt::format(" class={}", mark), figure,
                     what);
}

std::string next_tile(const Overview& overview, Time Row::*member, std::string_view what) {
  const Time next = next_of(overview, member);
  if (next == Time{}) return {};
  return tile(html_date(next), fmt::format("{} ({})", what, html_distance(next, overview.now)));
}

std::string totals(const Overview& overview) {
  const size_t now = rows_of(overview, Level::crit), soon = rows_of(overview, Level::warn);
  return "<div class=tiles>\n" + tile(std::to_string(overview.rows.size()), "certificates") +
         tile(std::to_string(rows_of(overview, Level::ok)), "are fine", "ok") +
         tile(std::to_string(soon), "need a look soon", soon ? "warn" : "") +
         tile(std::to_string(now), "need you now", now ? "crit" : "") +
         next_tile(overview, &Row::renew_at, "next renewal") +
         next_tile(overview, &Row::not_after, "next end") + "</div>\n";
}

std::string finding(const std::string& subject, const Finding& finding) {
  const std::string advice =
      finding.advice.empty() ? "" : "<br><span class=s>" + html(finding.advice) + "</span>";
  return fmt::format("<li>{}<b>{}</b>{}{}</li>\n", level_mark(finding.level), html(subject),
                     html(finding.what), advice);
}

/// The findings that raise an alarm: those of a level, and first those of the whole store.
std::string findings_of(const Overview& overview, Level level) {
  std::string out;
  const auto add = [&](const std::string& subject, const std::vector<Finding>& findings) {
    for (const Finding& one : findings)
      if (one.level == level) out += finding(subject, one);
  };
  add("certo", overview.findings);
  for (const Row& row : overview.rows) {
    add(row.name, row.findings);
    for (const Endpoint& endpoint : row.endpoints) add(endpoint.server, endpoint.findings);
  }
  for (const Endpoint& endpoint : overview.endpoints) add(endpoint.server, endpoint.findings);
  return out;
}

std::string attention(const Overview& overview) {
  const std::string list = findings_of(overview, Level::crit) + findings_of(overview, Level::warn);
  if (list.empty()) return "<h2>What to do</h2>\n<p>Nothing: all certificates are fine.</p>\n";
  return "<h2>What to do</h2>\n<ul class=f>\n" + list + "</ul>\n";
}

/// How often each text occurs, the most frequent first.
std::string counts(std::string_view title, std::string_view head,
                   const std::map<std::string, size_t>& counted) {
  std::vector<std::pair<std::string, size_t>> sorted(counted.begin(), counted.end());
  sort_stably(sorted, std::greater(), &std::pair<std::string, size_t>::second);
  std::string out =
      fmt::format("<div><h2>{}</h2>\n<table><tr><th>{}<th class=n>Certificates</tr>\n", title, head);
  for (const auto& [text, count] : sorted)
    out += fmt::format("<tr><td>{}<td class=n>{}</tr>\n", html(text), count);
  return out + "</table></div>\n";
}

std::string kinds(const Overview& overview) {
  std::map<std::string, size_t> cas, keys;
  for (const Row& row : overview.rows) {
    ++cas[host_of(row.directory)];
    ++keys[row.key_type.empty() ? "not known" : row.key_type];
  }
  return "<div class=pair>\n" + counts("CAs", "CA", cas) + counts("Key types", "Key", keys) + "</div>\n";
}

std::string limits_left(const std::vector<LimitLeft>& limits) {
  if (limits.empty()) return {};
  std::string out =
      "<h2>Limits of the CAs</h2>\n<p class=s>As far as this machine knows; other machines use the same "
      "limits.</p>\n<table class=r><thead><tr><th>CA<th>Limit<th>For<th>Left</tr></thead>\n";
  for (const LimitLeft& limit : limits)
    out += fmt::format("<tr><td>{}<td>{}<td>{}<td{}>{}</tr>\n", html(host_of(limit.directory)),
                       html(limit.limit), html(limit.subject), limit.is_used_up ? " class=warn" : "",
                       html(limit.left));
  return out + "</table>\n";
}

std::string names_of(const Row& row) {
  std::vector<std::string> others;
  for (const std::string& name : row.names)
    if (name != row.name) others.push_back(name);
  if (others.empty()) return {};
  std::string text;
  for (size_t i = 0; i < std::min(others.size(), most_names); ++i) text += (i ? ", " : "") + others[i];
  if (others.size() > most_names) text += fmt::format(" and {} more", others.size() - most_names);
  return "<br><span class=s>" + html(text) + "</span>";
}

/// The lifetime as a bar: a line for now, a second one for the renewal.
std::string lifetime(const Row& row, Time now) {
  if (row.not_after == Time{}) return "<td>none yet";
  if (row.not_before == Time{})
    return "<td><small>to " + html_date(row.not_after) + "</small>";  // unreadable
  const auto percent = [&](Time time) {
    return 100 - static_cast<int>(100 * part_left(row.not_before, row.not_after, time));
  };
  const bool is_planned = row.renew_at > row.not_before && row.renew_at < row.not_after;
  const std::string renewal = is_planned ? fmt::format(";--r:{}%", percent(row.renew_at)) : "";
  return fmt::format("<td><span class=\"t{}\" style=\"--a:{}%{}\"></span><small>{} to {}</small>",
                     is_planned ? " p" : "", percent(now), renewal, html_date(row.not_before),
                     html_date(row.not_after));
}

std::string time_cell(Time time, Time now) {
  if (time == Time{}) return "<td>";
  return fmt::format("<td class=d>{}<br> <small>{}</small>", html_date(time), html_distance(time, now));
}

std::string certificates(const Overview& overview) {
  if (overview.rows.empty())
    return "<h2>Certificates</h2>\n<p>There is none yet. The first: <span class=m>certo issue -d NAME "
           "--webroot FOLDER</span></p>\n";
  std::string out =
      "<h2>Certificates</h2>\n<p class=s>The bar is the lifetime: the dark line is now, the blue line is the next "
      "renewal.</p>\n<table class=\"r c\"><thead><tr><th>State<th>Name<th>Lifetime<th>Renewal<th>End<th>CA and "
      "key</tr></thead>\n";
  for (const Row& row : overview.rows)
    out += fmt::format("<tr><td>{}<td><b>{}</b>{}{}{}{}<td>{}<br><small>{}</small></tr>\n",
                       level_mark(row.level), html(row.name), names_of(row), lifetime(row, overview.now),
                       time_cell(row.renew_at, overview.now), time_cell(row.not_after, overview.now),
                       html(host_of(row.directory)) + (row.is_test ? " (test)" : ""), html(row.key_type));
  return out + "</table>\n";
}

std::string endpoint_rows(const std::vector<Endpoint>& endpoints, const std::string& certificate) {
  std::string out;
  for (const Endpoint& endpoint : endpoints) {
    if (endpoint.served.empty()) continue;
    std::string what = "it presents the right certificate";
    if (!endpoint.findings.empty()) what = endpoint.findings.front().what;
    out += fmt::format("<tr><td>{}<td>{}<td>{}<td>{}</tr>\n", level_mark(endpoint.level),
                       html(endpoint.server), html(certificate), html(what));
  }
  return out;
}

std::string servers(const Overview& overview) {
  std::string rows;
  for (const Row& row : overview.rows) rows += endpoint_rows(row.endpoints, row.name);
  rows += endpoint_rows(overview.endpoints, "");
  if (rows.empty()) return {};
  return "<h2>Servers</h2>\n<table class=r><thead><tr><th>State<th>Server<th>Certificate<th>Seen</tr></thead>\n" +
         rows + "</table>\n";
}

std::string schedule(const Overview& overview) {
  const Schedule& plan = overview.schedule;
  std::string out = "<h2>Schedule</h2>\n<p>";
  if (plan.kind.empty()) {
    out += "Nothing runs certo on a schedule.";
  } else {
    out += "Started by " + html(plan.kind) + (plan.next.empty() ? "" : ", next at " + html(plan.next)) + ".";
  }
  if (!plan.last.empty())
    out += " Last run at " + html(plan.last) + (plan.summary.empty() ? "" : ": " + html(plan.summary)) + ".";
  const std::string told = overview.notify_hooks.empty()
                               ? "Nobody is notified of failures."
                               : plural(overview.notify_hooks.size(), "notify hook") + " tells of failures.";
  return out + " " + told + "</p>\n";
}

}  // namespace

std::string html(std::string_view text) {
  constexpr size_t longest = 4096;
  std::string out;
  for (const char c : printable(text, longest)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string html_date(Time time) { return rfc3339(time).substr(0, 10); }

std::string html_distance(Time time, Time now) {
  using std::chrono::days;
  const auto distance = (std::chrono::floor<days>(time) - std::chrono::floor<days>(now)).count();
  if (distance == 0) return "today";
  if (distance > 0) return "in " + plural(static_cast<size_t>(distance), "day");
  return plural(static_cast<size_t>(-distance), "day") + " ago";
}

std::string html_page(const Overview& overview, const std::vector<LimitLeft>& limits) {
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n<meta name=viewport "
      "content=\"width=device-width,initial-scale=1\">\n<meta name=referrer content=no-referrer>\n"
      "<meta http-equiv=Content-Security-Policy content=\"default-src 'none';style-src 'unsafe-inline'\">\n"
      "<title>Certificates, {}</title>\n<style>\n{}</style>\n<h1>Certificates</h1>\n<p class=s>{}, {}</p>\n",
      html_date(overview.now), CERTO_CARRIED(report_css), html(overview.home), rfc3339(overview.now));
  out += totals(overview) + attention(overview) + "<h2>The next 13 weeks</h2>\n" + html_dates_of(overview) +
         certificates(overview) + servers(overview) + kinds(overview) + limits_left(limits) +
         schedule(overview);
  return out + fmt::format(
                   "<footer>certo {}. To make this page again: <span class=m>certo report -o FILE</span>"
                   "</footer>\n</html>\n",
                   version());
}

}  // namespace certo::status
