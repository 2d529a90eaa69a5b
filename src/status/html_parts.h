// What the parts of the HTML page share.
#pragma once

#include <string>
#include <string_view>

#include "status/model.h"

namespace certo::status {

std::string html_date(Time time);                     // "2026-12-24"
std::string html_dates_of(const Overview& overview);  // the calendar of the next 13 weeks

/// "in 12 days", "today", "3 days ago"
std::string html_distance(Time time, Time now);

}  // namespace certo::status
