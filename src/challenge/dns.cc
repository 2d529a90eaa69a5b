#include "challenge/dns.h"

#include <fmt/format.h>

#include <optional>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "challenge/alias.h"
#include "challenge/lane.h"
#include "challenge/propagation.h"
#include "challenge/take_out.h"

namespace certo::challenge {
namespace {

using Records = std::vector<store::PresentedRecord>;

/// The same records where they really lie: behind CNAMEs.
Records behind_aliases(const net::Resolver& resolver, Records records, const Deadline& deadline) {
  std::vector<std::string> names;
  for (const auto& record : records) names.push_back(record.name);
  const std::vector<std::string> targets = follow_cnames(resolver, names, deadline);
  for (size_t i = 0; i < records.size(); ++i) records[i].name = targets[i];
  return records;
}

Records records_of(const std::vector<acme::Task>& tasks) {
  Records records;
  for (const acme::Task& task : tasks) records.push_back({task.record_name, task.record_value});
  return records;
}

std::vector<std::string> dns01_for(const acme::Authorization& authorization) {
  if (authorization.identifier.type != "dns") return {};
  return {"dns-01"};
}

class Dns : public acme::Solver {
 public:
  Dns(const store::Home& home, const SolverSettings& settings)
      : home_(home),
        settings_(settings),
        lane_(home, settings.way, settings.lock_timeout),
        resolver_(settings.way.resolver, settings.ip_version) {
    check_propagation_policy(settings.way.propagation);
    lane_.require_provider();
  }

  std::vector<std::string> types(const acme::Authorization& authorization) const override {
    return dns01_for(authorization);
  }

  void present(const std::vector<acme::Task>& tasks) override {
    const Records records = behind_aliases(resolver_, records_of(tasks), settings_.deadline);
    check_records(records);
    if (!journal_) journal_.emplace(home_, settings_.way);
    journal_->add(records);
    lane_.present(records, settings_.deadline);
    awaited_ = records;
  }

  void wait() override {
    wait_for_records(awaited_, settings_.way.propagation, resolver_, lane_.propagation(), settings_.deadline);
    awaited_.clear();
  }

  void cleanup() noexcept override { clean_up(home_, journal_, settings_.lock_timeout); }

 private:
  const store::Home& home_;
  const SolverSettings settings_;
  const Lane lane_;
  const net::Resolver resolver_;
  std::optional<store::Presented> journal_;
  Records awaited_;
};

/// For records that another host has put in.
class Waiting : public acme::Solver {
 public:
  explicit Waiting(const SolverSettings& settings)
      : settings_(settings), resolver_(settings.way.resolver, settings.ip_version) {
    check_propagation_policy(settings.way.propagation);
  }

  std::vector<std::string> types(const acme::Authorization& authorization) const override {
    return dns01_for(authorization);
  }

  void present(const std::vector<acme::Task>& tasks) override {
    const Records records = behind_aliases(resolver_, records_of(tasks), settings_.deadline);
    wait_for_records(records, settings_.way.propagation, resolver_, Seconds(120), settings_.deadline);
  }

  void cleanup() noexcept override {}

 private:
  const SolverSettings settings_;
  const net::Resolver resolver_;
};

}  // namespace

void check_records(const std::vector<store::PresentedRecord>& records) {
  for (const auto& [name, value] : records) {
    if (!is_record_name(name))
      throw Error(Exit::bad_input, fmt::format("'{}' is no name for a DNS record", name));
    if (!is_token(value))
      throw Error(Exit::bad_input, fmt::format("{}: '{}' is no value of a dns-01 challenge", name, value));
  }
}

std::unique_ptr<acme::Solver> make_dns_solver(const store::Home& home, const SolverSettings& settings) {
  return std::make_unique<Dns>(home, settings);
}

std::unique_ptr<acme::Solver> make_waiting_solver(const SolverSettings& settings) {
  return std::make_unique<Waiting>(settings);
}

void present_records(const store::Home& home, const SolverSettings& settings, const Records& asked) {
  const Lane lane(home, settings.way, settings.lock_timeout);
  lane.require_provider();
  check_records(asked);
  const net::Resolver resolver(settings.way.resolver, settings.ip_version);
  const Records records = behind_aliases(resolver, asked, settings.deadline);

  std::optional<store::Presented> journal;
  journal.emplace(home, settings.way);
  journal->add(records);
  try {
    lane.present(records, settings.deadline);
    journal->keep();
  } catch (...) {
    clean_up(home, journal, settings.lock_timeout);
    throw;
  }
}

void cleanup_records(const store::Home& home, const SolverSettings& settings, const Records& asked) {
  check_records(asked);
  const net::Resolver resolver(settings.way.resolver, settings.ip_version);
  const Records records = behind_aliases(resolver, asked, settings.deadline);
  Lane(home, settings.way, settings.lock_timeout).cleanup(records);
  store::Presented::forget_kept(home, records);
}

}  // namespace certo::challenge
