#include "challenge/trial.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "base/text.h"
#include "challenge/alias.h"
#include "challenge/dns.h"
#include "challenge/lane.h"
#include "challenge/propagation.h"
#include "challenge/take_out.h"
#include "os/random.h"
#include "os/signals.h"

namespace certo::challenge {
namespace {

using Records = std::vector<DnsRecord>;

/// As long as a real one.
std::string made_up_value() {
  Bytes bytes;
  for (int i = 0; i < 4; ++i) {
    const uint64_t number = os::random_number();
    for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<uint8_t>(number >> shift));
  }
  return base64url(bytes);
}

class Stopwatch {
 public:
  Millis read() const {
    return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now() - start_);
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Removes the remaining values if a step throws.
class Journal {
 public:
  Journal(const store::Home& home, const store::Dns& way, const SolverSettings& settings)
      : home_(home), settings_(settings), journal_(store::Presented(home, way)) {}
  ~Journal() { clean_up(home_, journal_, settings_.lock_timeout); }

  void add(const Records& records) { journal_->add(records); }

 private:
  const store::Home& home_;
  const SolverSettings& settings_;
  std::optional<store::Presented> journal_;
};

}  // namespace

Trial try_provider(const store::Home& home, const store::Dns& way, const SolverSettings& settings,
                   const std::string& name, const std::function<void(const std::string&)>& tell) {
  const Lane lane(home, way, settings.lock_timeout);
  lane.require_provider();
  const net::Resolver resolver(way.resolvers.servers, settings.ip_version);
  Trial trial;
  trial.name = follow_cnames(resolver, {"_acme-challenge." + name}, way.aliases, lane.follow(), Blocked::stay,
                             settings.deadline)
                   .front()
                   .name;
  const DnsRecord first{trial.name, made_up_value()}, second{trial.name, made_up_value()};
  const Deadline end = settings.deadline.at_most(lane.propagation());

  Journal journal(home, way, settings);
  journal.add({first, second});
  tell("adding two values at " + trial.name);
  lane.present({first, second}, settings.deadline);
  const Stopwatch since_added;
  tell("waiting until all name servers show both");
  wait_until_shown({{trial.name, {first.value, second.value}}}, resolver, end);
  trial.appeared = since_added.read();

  tell("removing the first one; the second must stay");
  lane.cleanup({first}, settings.deadline);
  const Stopwatch since_removed;
  wait_until_shown({{trial.name, {second.value}, {first.value}}}, resolver, end);
  trial.vanished = since_removed.read();

  tell("removing the second one");
  lane.cleanup({second}, settings.deadline);
  wait_until_shown({{trial.name, {}, {second.value}}}, resolver, end);
  return trial;
}

namespace {

/// A resolver asks the zone's servers when it is asked for the first time.
bool shows_all(const net::Resolver& resolver, const Records& records, const Deadline& end) {
  std::vector<net::DnsQuestion> questions;
  for (const DnsRecord& record : records) questions.push_back({record.name, net::DnsType::txt, {}});
  for (int round = 0;; ++round) {
    const auto answers = resolver.ask(questions, std::min<Millis>(Seconds(2), end.left()));
    bool has_all = true;
    for (size_t i = 0; i < records.size(); ++i)
      has_all = has_all && std::ranges::find(answers[i].txt, records[i].value) != answers[i].txt.end();
    if (has_all || end.passed()) return has_all;
    os::sleep_for(std::min(next_look(round + 1), end.left()));
  }
}

}  // namespace

RecordTrial try_records(const store::Home& home, const store::Dns& way, const SolverSettings& settings,
                        const std::vector<std::string>& names) {
  constexpr Seconds resolver_within(5);
  const Lane lane(home, way, settings.lock_timeout);
  lane.require_provider();
  const net::Resolver resolver(way.resolvers.servers, settings.ip_version);
  Records asked;
  for (const std::string& name : names) asked.push_back({name, made_up_value()});
  const Records placed =
      where_they_go(asked, way, lane.follow(), Blocked::stay, resolver, settings.deadline).records;
  RecordTrial trial;
  for (const DnsRecord& record : placed) trial.names.push_back(record.name);

  Journal journal(home, way, settings);
  journal.add(placed);
  lane.present(placed, settings.deadline);
  if (std::holds_alternative<store::AskServers>(way.propagation)) {
    const Stopwatch since_added;
    wait_until_shown(by_name(placed), resolver, settings.deadline.at_most(lane.propagation()));
    trial.appeared = since_added.read();
    trial.is_at_resolver = shows_all(resolver, asked, settings.deadline.at_most(resolver_within));
  }
  return trial;
}

}  // namespace certo::challenge
