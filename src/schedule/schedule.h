// The texts of a systemd timer and of cron's lines that start `certo cron` every hour.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace certo::schedule {

struct Plan {
  std::string program;    // absolute path of certo
  std::string home;       // state folder; empty: the user's default
  int minute = 0;         // of every hour
  bool for_root = true;   // else for a user's own systemd or crontab
  bool for_many = false;  // an image: its machines get their ids, and so their minutes, later
};

/// 0 to 59: the same each time on one machine and for one user, and spread over machines, so that the CAs
/// are not asked by everybody at once. `machine` is machine-id(5), which the result does not reveal.
int stable_minute(std::string_view machine, unsigned user);

std::string service_unit(const Plan& plan);
std::string timer_unit(const Plan& plan);

/// "17 * * * * /usr/local/bin/certo cron": for a person's crontab.
std::string cron_line(const Plan& plan);
std::string cron_file(const Plan& plan);  // /etc/cron.d/certo

/// A user's crontab with our line, or without it; every other line stays as it is.
std::string with_line(std::string_view crontab, const Plan& plan);
std::string without_line(std::string_view crontab);
bool has_line(std::string_view crontab);
/// The minute in a crontab or in /etc/cron.d/certo; -1 if our line is missing or was changed.
int minute_in(std::string_view crontab);

/// The plan of a service, and that of our line in a crontab or in /etc/cron.d/certo, also if somebody changed
/// its time; nothing if it does not start certo. The minute is `minute_in`.
std::optional<Plan> plan_in_unit(std::string_view unit);
std::optional<Plan> plan_in_crontab(std::string_view crontab);
/// Whether our line is another one than certo wrote: its time was changed, or it became a comment.
bool is_edited(std::string_view crontab, bool for_root);
/// Our line, without its end; "" if there is none.
std::string our_line(std::string_view crontab);

/// The next time at which the minute is `minute` where the clock shows `shown` minutes now.
Time next_run(int minute, int shown, Time now);

/// "Sat 2026-11-21 12:57:00 UTC", as systemctl writes it with TZ=UTC.
std::optional<Time> systemd_time(std::string_view shown);

}  // namespace certo::schedule
