// The calendar of the HTML page. Implements a part of status/html_parts.h.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "status/html.h"
#include "status/html_parts.h"

namespace certo::status {
namespace {

using std::chrono::days;
using Day = std::chrono::sys_days;

constexpr int weeks = 13;
constexpr size_t most_names = 8;  // in the tip of a day

struct DayPlan {
  std::vector<std::string> renewals, ends;
};

Day day_of(Time time) { return std::chrono::floor<days>(time); }

/// A renewal that is due already happens today.
std::map<Day, DayPlan> plans(const Overview& overview) {
  const Day today = day_of(overview.now);
  std::map<Day, DayPlan> plans;
  for (const Row& row : overview.rows) {
    if (row.renew_at != Time{}) plans[std::max(day_of(row.renew_at), today)].renewals.push_back(row.name);
    if (row.not_after != Time{}) plans[day_of(row.not_after)].ends.push_back(row.name);
  }
  return plans;
}

std::string some_of(std::string_view what, const std::vector<std::string>& names) {
  std::string text(what);
  for (size_t i = 0; i < std::min(names.size(), most_names); ++i) text += (i ? ", " : " ") + names[i];
  if (names.size() > most_names) text += fmt::format(" and {} more", names.size() - most_names);
  return text;
}

std::string cell(Day day, Day today, const DayPlan* plan) {
  constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::year_month_day date(day);
  const unsigned number = static_cast<unsigned>(date.day());
  const std::string month =
      number == 1 || day == today ? fmt::format(" {}", months[static_cast<unsigned>(date.month()) - 1]) : "";
  std::string mark = day == today ? " class=now" : day < today ? " class=past" : "";
  std::string inside = fmt::format("<i>{}{}</i>", number, month);
  if (plan && day >= today) {
    std::string tip;
    if (!plan->renewals.empty()) {
      inside += fmt::format("<span class=plan>{} renew</span>", plan->renewals.size());
      tip = some_of("renew:", plan->renewals);
    }
    if (!plan->ends.empty()) {
      inside += fmt::format("<span>{} end</span>", plan->ends.size());
      tip += (tip.empty() ? "" : "; ") + some_of("end:", plan->ends);
    }
    mark += fmt::format(" title=\"{}\"", html(tip));
  }
  return fmt::format("<td{}>{}</td>", mark, inside);
}

}  // namespace

std::string html_dates_of(const Overview& overview) {
  const std::map<Day, DayPlan> all = plans(overview);
  const Day today = day_of(overview.now);
  const std::chrono::weekday monday = std::chrono::Monday;
  const Day first = today - (std::chrono::weekday(today) - monday);
  std::string out = "<table class=cal><tr><th>Mon<th>Tue<th>Wed<th>Thu<th>Fri<th>Sat<th>Sun</tr>\n";
  for (int week = 0; week < weeks; ++week) {
    out += "<tr>";
    for (int column = 0; column < 7; ++column) {
      const Day day = first + days(7 * week + column);
      const auto plan = all.find(day);
      out += cell(day, today, plan == all.end() ? nullptr : &plan->second);
    }
    out += "</tr>\n";
  }
  return out + "</table>\n";
}

}  // namespace certo::status
