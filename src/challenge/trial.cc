#include "challenge/trial.h"

#include <chrono>
#include <optional>

#include "base/text.h"
#include "challenge/alias.h"
#include "challenge/lane.h"
#include "challenge/propagation.h"
#include "challenge/take_out.h"
#include "os/random.h"

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

}  // namespace certo::challenge
