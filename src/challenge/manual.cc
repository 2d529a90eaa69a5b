#include "challenge/manual.h"

#include <exception>

#include "base/log.h"
#include "challenge/dns.h"
#include "challenge/propagation.h"
#include "os/terminal.h"

namespace certo::challenge {
namespace {

using Records = std::vector<DnsRecord>;

constexpr Seconds kPropagation(600);  // nobody has said how long this zone takes

std::string line(const DnsRecord& record) { return record.name + " TXT " + record.value; }

std::string how_many(const Records& records) {
  return records.size() == 1 ? "a TXT record" : std::to_string(records.size()) + " TXT records";
}

class Manual : public acme::Solver {
 public:
  explicit Manual(const SolverSettings& settings)
      : settings_(settings), resolver_(settings.way.resolver, settings.ip_version) {
    check_propagation_policy(settings.way.propagation);
  }

  std::vector<std::string> types(const acme::Authorization& authorization) const override {
    return dns01_for(authorization);
  }

  /// The values belong to the order, so what an earlier run has listed may be there by now.
  void present(const std::vector<acme::Task>& tasks) override {
    const Records records = where_they_go(records_of(tasks), settings_, resolver_);
    check_records(records);
    if (!are_visible(records, resolver_, settings_.deadline)) {
      ask_for(records);
      wait_for_records(records, settings_.way.propagation, resolver_, kPropagation, settings_.deadline);
    }
    used_ = records;
  }

  void cleanup() noexcept override {
    // An order that did not get through is taken up by the next run, which needs the same records.
    const bool got_through = std::uncaught_exceptions() == 0;
    for (const auto& record : used_) {
      if (got_through) log::say(line(record) + ": no longer needed, and can be removed");
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

  const SolverSettings settings_;
  const net::Resolver resolver_;
  Records used_;
};

}  // namespace

std::unique_ptr<acme::Solver> make_manual_solver(const SolverSettings& settings) {
  return std::make_unique<Manual>(settings);
}

}  // namespace certo::challenge
