#include "challenge/manual.h"

#include <exception>

#include "base/log.h"
#include "challenge/dns.h"
#include "challenge/propagation.h"
#include "os/terminal.h"

namespace certo::challenge {
namespace {

using Records = std::vector<DnsRecord>;

constexpr Seconds longest_propagation(600);  // nothing tells how long this zone takes

std::string line(const DnsRecord& record) { return record.name + " TXT " + record.value; }

std::string how_many(const Records& records) {
  return records.size() == 1 ? "a TXT record" : std::to_string(records.size()) + " TXT records";
}

class Manual : public MethodSolver {
 public:
  Manual(const store::Dns& way, const SolverSettings& settings)
      : MethodSolver(way),
        way_(way),
        settings_(settings),
        resolver_(way.resolvers.servers, settings.ip_version) {}

  /// The values belong to the order, so the records that an earlier run listed may be visible now.
  void present(const std::vector<acme::Task>& tasks) override {
    const Records records = where_they_go(records_of(tasks), way_, Follow::anywhere, Blocked::ask_resolver,
                                          resolver_, settings_.deadline)
                                .records;
    check_records(records);
    if (!are_visible(records, resolver_, settings_.deadline)) {
      ask_for(records);
      wait_for_records(records, way_.propagation, resolver_, longest_propagation, settings_.deadline);
    }
    used_ = records;
  }

  void cleanup() noexcept override {
    // If the order failed, the next run continues it and needs the same records.
    const bool succeeded = std::uncaught_exceptions() == 0;
    for (const auto& record : used_) {
      if (succeeded) log::say(line(record) + ": no longer needed, and can be removed");
    }
    used_.clear();
  }

 private:
  void ask_for(const Records& records) const {
    log::say("add " + how_many(records) + ", and leave others of the same name as they are:");
    for (const auto& record : records) log::item(line(record));
    if (settings_.is_attended &&
        os::wait_for_enter("certo: press Enter when that is done ", settings_.deadline.left()))
      return;
    const std::string what = records.size() == 1 ? "it" : "them";
    throw PersonNeeded(records, how_many(records) + " must be added by hand",
                       "add " + what + ", then run the same command again");
  }

  const store::Dns way_;
  const SolverSettings settings_;
  const net::Resolver resolver_;
  Records used_;
};

}  // namespace

std::unique_ptr<acme::Solver> make_manual_solver(const store::Dns& way, const SolverSettings& settings) {
  return std::make_unique<Manual>(way, settings);
}

}  // namespace certo::challenge
