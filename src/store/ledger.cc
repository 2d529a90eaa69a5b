#include "store/ledger.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <mutex>
#include <vector>

#include "base/log.h"
#include "base/warn_once.h"
#include "os/file.h"
#include "os/lock.h"
#include "os/trust.h"
#include "store/format.h"

namespace certo::store {
namespace {

constexpr const char* ledger_format = "ledger/1";
constexpr size_t most_buckets = 20000, largest_ledger = 16U << 20;
constexpr Seconds longest_doubt = std::chrono::hours(1);
// A later time comes from a clock that was wrong: no CA's limit lasts longer.
constexpr Seconds longest_use = std::chrono::days(90);
// It is held for one read and one write.
constexpr Millis ledger_wait = Seconds(20);

std::string ledger_path(const Home& home, const std::string& directory_url) {
  return home.ca(directory_url) + "/ledger.json";
}

constexpr std::array kinds = {acme::Limited::identifier_set, acme::Limited::domain, acme::Limited::identifier,
                              acme::Limited::account, acme::Limited::address};

/// Nothing for the limit of a newer certo.
std::optional<std::pair<Bucket, Time>> parse_bucket(const Json& json, const std::string& subject) {
  const Fields fields(json, subject, Exit::bad_input);
  const std::string limit = fields.string("limit");
  const auto kind = std::ranges::find(kinds, limit, name_of);
  if (kind == kinds.end()) return {};
  const std::optional<Time> full = optional_time(fields, "full");
  if (!full) throw Error(Exit::bad_input, subject + ": a limit without the time when it is full");
  return {{{*kind, fields.optional_string("account").value_or(""), fields.optional_string("of").value_or("")},
           *full}};
}

/// Nothing is known from now on.
Ledger lost_ledger(Time now) {
  Ledger ledger;
  ledger.lost = now;
  return ledger;
}

Ledger read_file(const std::string& path) {
  const auto text = os::read_trusted_if(path, os::of_state, largest_ledger);
  return text ? parse_ledger(*text, path) : Ledger();
}

constexpr const char* counted_as_used = "; the CA's limits count as used for an hour at most";

void store_file(const std::string& path, const Ledger& ledger) {
  try {
    os::write_file(path, to_pretty_json(to_json(ledger)), 0600);
  } catch (const Error& error) {
    log::warn_once(error.message + "; what is used of the CA's limits is not written down");
  }
}

/// The file of a newer certo stays as it is, and this one knows nothing of the limits.
void say_newer(const NewerFormat& newer) {
  log::warn_once(newer.message + "; it stays as it is, and this certo does not count the CA's limits");
}

Ledger read_or_set_aside(const std::string& path, Time now) {
  try {
    return read_file(path);
  } catch (const NewerFormat&) {
    throw;
  } catch (const Error& error) {
    if (error.code != Exit::bad_input) {  // it could not be read this time
      log::warn_once(error.message + counted_as_used);
      return lost_ledger(now);
    }
    const std::string aside = path + ".damaged";
    os::remove_tree(aside);
    os::rename(path, aside);
    log::warn(error.message + "; certo has moved it to " + aside + counted_as_used);
    Ledger ledger = lost_ledger(now);
    store_file(path, ledger);
    return ledger;
  }
}

}  // namespace

Time Ledger::full(const Bucket& bucket) const {
  const auto found = full_.find(bucket);
  return found == full_.end() ? Time{} : found->second;
}

Time Ledger::next_token(const LimitRule& rule, const Bucket& bucket, Time now) const {
  const Time next = store::next_token(rule, full(bucket), now);
  return lost ? std::max(next, *lost + std::min(rule.refill(), longest_doubt)) : next;
}

int64_t Ledger::tokens_left(const LimitRule& rule, const Bucket& bucket, Time now) const {
  return next_token(rule, bucket, now) > now ? 0 : store::tokens_left(rule, full(bucket), now);
}

void Ledger::trim(Time now) {
  std::erase_if(full_,
                [now](const auto& one) { return one.second <= now || one.second - now > longest_use; });
  if (lost && (*lost + longest_doubt <= now || *lost > now)) lost.reset();
  if (full_.size() <= most_buckets) return;
  std::vector<Time> times;
  for (const auto& [bucket, full] : full_) times.push_back(full);
  const auto first_kept = times.end() - most_buckets;
  std::ranges::nth_element(times, first_kept);
  std::erase_if(full_, [end = *first_kept](const auto& one) { return one.second < end; });
}

void Ledger::set_back(Time now) {
  if (!written || *written <= now) return;
  const Seconds ahead = *written - now;
  for (auto& [bucket, full] : full_) full -= ahead;
  if (lost) *lost -= ahead;
  written = now;
}

Json to_json(const Ledger& ledger) {
  Json json = new_file(ledger_format);
  if (ledger.written) json.set("written", rfc3339(*ledger.written));
  if (ledger.lost) json.set("lost", rfc3339(*ledger.lost));
  Json buckets = Json::array();
  for (const auto& [bucket, full] : ledger.all()) {
    Json one = Json::object();
    one.set("limit", name_of(bucket.kind));
    if (!bucket.account.empty()) one.set("account", bucket.account);
    if (!bucket.of.empty()) one.set("of", bucket.of);
    buckets.push(one.set("full", rfc3339(full)));
  }
  return json.set("used", std::move(buckets));
}

Ledger parse_ledger(std::string_view text, const std::string& subject) {
  const Json json = parse_json(text, subject, Exit::bad_input, largest_ledger);
  require_format(json, ledger_format, subject);
  const Fields fields(json, subject, Exit::bad_input);
  Ledger ledger;
  ledger.lost = optional_time(fields, "lost");
  ledger.written = optional_time(fields, "written");
  for (const Json& one : fields.array("used"))
    if (const auto bucket = parse_bucket(one, subject)) ledger.set(bucket->first, bucket->second);
  return ledger;
}

Ledger read_ledger(const Home& home, const std::string& directory_url, Time now) {
  try {
    Ledger ledger = read_file(ledger_path(home, directory_url));
    ledger.set_back(now);
    ledger.trim(now);
    return ledger;
  } catch (const NewerFormat& newer) {
    say_newer(newer);
    return {};
  } catch (const Error& error) {
    log::warn_once(error.message + counted_as_used);
    return lost_ledger(now);
  }
}

void change_ledger(const Home& home, const std::string& directory_url, Time now,
                   const std::function<void(Ledger&)>& change) {
  static std::mutex mutex;  // so that threads of this process do not wait for the file
  const std::lock_guard guard(mutex);
  const std::string path = ledger_path(home, directory_url);
  os::make_folder(home.ca(directory_url), 0700);
  const os::Lock lock(home.ca(directory_url) + "/lock", ledger_wait);
  Ledger before;
  bool is_newer = false;
  try {
    before = read_or_set_aside(path, now);
  } catch (const NewerFormat& newer) {
    say_newer(newer);
    is_newer = true;
  }
  Ledger ledger = before;
  ledger.set_back(now);
  ledger.trim(now);
  change(ledger);
  ledger.trim(now);
  if (ledger == before || is_newer) return;
  ledger.written = now;
  store_file(path, ledger);
}

}  // namespace certo::store
