#include "status/judge.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "base/natural.h"
#include "base/sort.h"
#include "challenge/dns_persist.h"

namespace certo::status {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr std::array words = {
    std::pair{Kind::expired, "expired"},
    std::pair{Kind::not_yet_valid, "not-yet-valid"},
    std::pair{Kind::expiring, "expiring"},
    std::pair{Kind::late, "late"},
    std::pair{Kind::failing, "failing"},
    std::pair{Kind::missing, "missing"},
    std::pair{Kind::damaged, "damaged"},
    std::pair{Kind::revoked, "revoked"},
    std::pair{Kind::test, "test"},
    std::pair{Kind::names_missing, "names-missing"},
    std::pair{Kind::not_installed, "not-installed"},
    std::pair{Kind::file_missing, "file-missing"},
    std::pair{Kind::file_differs, "file-differs"},
    std::pair{Kind::pair_broken, "pair-broken"},
    std::pair{Kind::mode, "mode"},
    std::pair{Kind::hooks_pending, "hooks-pending"},
    std::pair{Kind::rekey_pending, "rekey-pending"},
    std::pair{Kind::record_ends, "record-ends"},
    std::pair{Kind::unreachable, "unreachable"},
    std::pair{Kind::unreadable, "unreadable"},
    std::pair{Kind::other_certificate, "other-certificate"},
    std::pair{Kind::self_signed, "self-signed"},
    std::pair{Kind::incomplete_chain, "incomplete-chain"},
    std::pair{Kind::untrusted, "untrusted"},
    std::pair{Kind::wrong_name, "wrong-name"},
    std::pair{Kind::not_scheduled, "not-scheduled"},
    std::pair{Kind::schedule_fault, "schedule-fault"},
    std::pair{Kind::nobody_notified, "nobody-notified"},
    std::pair{Kind::bad_line, "bad-line"},
    std::pair{Kind::unknown, "unknown-certificate"},
};

Seconds share(const std::optional<store::RenewBefore>& wanted, Seconds lifetime, int part, Seconds most) {
  return wanted ? wanted->of(lifetime) : std::min(lifetime / part, most);
}

/// Adds the findings of one row.
class RowJudge {
 public:
  RowJudge(Row& row, const Thresholds& thresholds, Time now)
      : row_(row), thresholds_(thresholds), now_(now) {}

  void judge() {
    judge_state();
    if (row_.not_after != Time{}) judge_dates();
    if (row_.failures > 0 && !row_.is_begun) judge_failures();
    judge_rest();
    for (const InstalledFile& file : row_.files) judge_file(file);
    for (const Endpoint& endpoint : row_.endpoints) row_.level = std::max(row_.level, endpoint.level);
  }

 private:
  void say(Kind kind, Level level, std::string what, std::string advice = {}) {
    add(row_.findings, row_.level, {kind, level, std::move(what), std::move(advice)});
  }

  std::string renew() const { return "certo renew --force " + row_.name; }

  void judge_state() {
    if (!row_.damage.empty()) return say(Kind::damaged, Level::crit, row_.damage, "certo info " + row_.name);
    if (row_.is_begun)
      return say(Kind::missing, Level::warn,
                 "its first issue has not succeeded" +
                     (row_.last_error.empty() ? "" : ": " + printable(row_.last_error, 400)),
                 "the same 'certo issue' again continues; 'certo remove " + row_.name + "' gives up");
    if (row_.not_after == Time{})
      say(Kind::missing, Level::crit, "there is no certificate yet", "certo renew " + row_.name);
    if (row_.is_revoked) say(Kind::revoked, Level::crit, "the live certificate was revoked", renew());
  }

  void judge_dates() {
    if (row_.not_after <= now_)
      return say(Kind::expired, Level::crit,
                 "it expired " + spoken_duration((now_ - row_.not_after).count()) + " ago",
                 row_.last_error.empty() ? renew() : "see its last error");
    const Level level = level_of(row_.not_before, row_.not_after, thresholds_, now_);
    const std::string left = spoken_duration((row_.not_after - now_).count());
    if (level != Level::ok)
      say(Kind::expiring, level, "it expires in " + left,
          row_.last_error.empty() ? renew() : "see its last error");
    const Time late = late_after(row_);
    if (late != Time{} && late <= now_ && row_.renew_at != Time{})
      say(Kind::late, Level::warn,
          "it should have been renewed " + spoken_duration((now_ - row_.renew_at).count()) +
              " ago, and expires in " + left,
          row_.failures > 0 ? "see its last error" : "does certo run? certo schedule status");
  }

  void judge_failures() {
    std::string what = "the last " + std::to_string(row_.failures) + " renewals failed";
    if (row_.failures == 1) what = "the last renewal failed";
    if (row_.failing_since) what += " (since " + rfc3339(*row_.failing_since).substr(0, 10) + ")";
    if (!row_.last_error.empty()) what += ": " + printable(row_.last_error, 400);
    std::string advice = "'" + renew() + "' tries now";
    if (row_.retry_at && *row_.retry_at > now_)
      advice = "the next try is in " + spoken_duration((*row_.retry_at - now_).count()) + "; " + advice;
    say(Kind::failing, Level::warn, std::move(what), std::move(advice));
  }

  void judge_rest() {
    if (!row_.installation.empty())
      say(Kind::not_installed, Level::warn, row_.installation, "certo install-cert -d " + row_.name);
    if (row_.are_hooks_pending)
      say(Kind::hooks_pending, Level::warn, "its hooks failed and will run again",
          "certo install-cert -d " + row_.name);
    if (row_.is_rekey_owed)
      say(Kind::rekey_pending, Level::warn, "the old certificate of its compromised key is not revoked yet",
          "the next renewal run does it; now: certo rekey " + row_.name + " --compromised");
    if (row_.record_ends && *row_.record_ends - now_ < challenge::persist_warned_before)
      judge_record(*row_.record_ends);
    if (!row_.names_missing.empty())
      say(Kind::names_missing, Level::warn, "it is without " + join(row_.names_missing, ", "),
          "the next renewal tries these names again; " + renew() + " tries now");
    if (row_.is_test)
      say(Kind::test, Level::ok, "it is from a test CA: nobody trusts it", "certo issue with the real CA");
  }

  /// Also if the next renewal is far away: a person needs time to change DNS.
  void judge_record(Time end) {
    const std::string left = spoken_duration(std::abs((end - now_).count()));
    say(Kind::record_ends, Level::warn,
        row_.record + (end > now_ ? " ends in " + left + ": no renewal will succeed after that"
                                  : " ended " + left + " ago: no renewal will succeed"),
        "'certo persist -d NAME --until DATE' prints another record, and publishes it with --dns");
  }

  void judge_file(const InstalledFile& file) {
    const std::string again = "certo install-cert -d " + row_.name + " --force";
    const std::string detail = file.detail.empty() ? "" : ": " + file.detail;
    switch (file.state) {
      case FileState::current: break;
      case FileState::missing: say(Kind::file_missing, Level::crit, file.path + " is missing", again); break;
      case FileState::differs:
        say(Kind::file_differs, Level::warn, file.path + " is not what the store has" + detail, again);
        break;
      case FileState::unreadable:
        say(Kind::file_differs, Level::warn, file.path + " cannot be read" + detail);
        break;
    }
    if (file.is_broken_pair)
      say(Kind::pair_broken, Level::crit,
          file.path + " is for another key than the one that is installed with it", again);
    if (!file.mode_fault.empty())
      say(Kind::mode, Level::warn, file.path + ": " + file.mode_fault,
          "chmod " + file.mode_wanted + " " + file.path);
  }

  Row& row_;
  const Thresholds& thresholds_;
  const Time now_;
};

}  // namespace

std::string_view name(Level level) {
  switch (level) {
    case Level::ok: return "ok";
    case Level::warn: return "warn";
    case Level::crit: return "crit";
  }
  return "";
}

std::string_view word(Kind kind) {
  return std::ranges::find(words, kind, [](const auto& row) { return row.first; })->second;
}

double part_left(Time not_before, Time not_after, Time now) {
  const Seconds lifetime = not_after - not_before;
  if (lifetime <= Seconds(0)) return now < not_after ? 1 : 0;
  const double left = static_cast<double>((not_after - now).count()) / static_cast<double>(lifetime.count());
  return std::clamp(left, 0.0, 1.0);
}

Seconds Thresholds::warn_of(Seconds lifetime) const { return share(warn, lifetime, 4, days(30)); }
Seconds Thresholds::crit_of(Seconds lifetime) const { return share(crit, lifetime, 12, days(10)); }

Level level_of(Time not_before, Time not_after, const Thresholds& thresholds, Time now) {
  const Seconds lifetime = std::max(Seconds(0), not_after - not_before), left = not_after - now;
  if (left <= Seconds(0) || left <= thresholds.crit_of(lifetime)) return Level::crit;
  return left <= thresholds.warn_of(lifetime) ? Level::warn : Level::ok;
}

Time late_after(const Row& row) {
  if (row.renew_at == Time{} || row.not_after == Time{}) return {};
  Time start = row.renew_at, end = row.not_after;
  if (row.window_start && row.window_end && *row.window_start < *row.window_end) {
    start = std::min(start, *row.window_start);
    end = *row.window_end;
  }
  return std::max(start + (end - start) / 2, row.renew_at + hours(2));
}

void add(std::vector<Finding>& findings, Level& level, Finding finding) {
  level = std::max(level, finding.level);
  const auto place =
      std::ranges::upper_bound(findings, finding.level, std::ranges::greater(), &Finding::level);
  findings.insert(place, std::move(finding));
}

void judge(Row& row, const Thresholds& thresholds, Time now) { RowJudge(row, thresholds, now).judge(); }

void judge(Overview& overview) {
  for (const Finding& one : overview.findings) overview.level = std::max(overview.level, one.level);
  for (const Row& row : overview.rows) overview.level = std::max(overview.level, row.level);
  for (const Endpoint& one : overview.endpoints) overview.level = std::max(overview.level, one.level);
  const auto is_worse = [](const Row& a, const Row& b) {
    if (a.level != b.level) return a.level > b.level;
    if (a.not_after != b.not_after) return a.not_after < b.not_after;
    return is_naturally_before(a.name, b.name);
  };
  sort_stably(overview.rows, is_worse);
  sort_stably(overview.endpoints, std::ranges::greater(), &Endpoint::level);
}

}  // namespace certo::status
