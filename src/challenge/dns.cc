#include "challenge/dns.h"

#include <fmt/format.h>

#include <optional>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "challenge/alias.h"
#include "challenge/lane.h"
#include "challenge/manual.h"
#include "challenge/propagation.h"
#include "challenge/take_out.h"

namespace certo::challenge {
namespace {

using Records = std::vector<DnsRecord>;

/// Journals the records, then puts them in. What was surely not put in does not stay in the journal.
void put_in(const Lane& lane, store::Presented& journal, const Records& records, const Deadline& deadline) {
  journal.add(records);
  try {
    lane.present(records, deadline);
  } catch (const provider::Untouched&) {
    journal.drop(records);
    throw;
  }
}

void refuse_manual(const store::Way& way) {
  if (way.provider != kManual) return;
  throw Error(Exit::usage, "the records of --dns manual are a person's to add and to remove",
              "'certo solve --dns manual' lists them, and goes on when they are visible");
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

  std::vector<std::vector<acme::Task>> rounds(std::vector<acme::Task> tasks) const override {
    if (!lane_.holds_one_value()) return {std::move(tasks)};
    std::vector<std::vector<acme::Task>> rounds;
    for (acme::Task& task : tasks) rounds.push_back({std::move(task)});
    return rounds;
  }

  void present(const std::vector<acme::Task>& tasks) override {
    const Records records = where_they_go(records_of(tasks), settings_, resolver_);
    check_records(records);
    if (!journal_) journal_.emplace(home_, settings_.way);
    put_in(lane_, *journal_, records, settings_.deadline);
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
    const Records records = where_they_go(records_of(tasks), settings_, resolver_);
    wait_for_records(records, settings_.way.propagation, resolver_, Seconds(120), settings_.deadline);
  }

  void cleanup() noexcept override {}

 private:
  const SolverSettings settings_;
  const net::Resolver resolver_;
};

}  // namespace

std::vector<std::string> dns01_for(const acme::Authorization& authorization) {
  if (authorization.identifier.type != "dns") return {};
  return {"dns-01"};
}

Records records_of(const std::vector<acme::Task>& tasks) {
  Records records;
  for (const acme::Task& task : tasks) records.push_back(task.record);
  return records;
}

Records where_they_go(Records records, const SolverSettings& settings, const net::Resolver& resolver) {
  std::vector<std::string> names;
  std::vector<size_t> without_alias;
  for (size_t i = 0; i < records.size(); ++i) {
    if (std::string target = alias_of(settings.way.aliases, records[i].name); !target.empty()) {
      records[i].name = std::move(target);
    } else {
      names.push_back(records[i].name);
      without_alias.push_back(i);
    }
  }
  const std::vector<std::string> targets = follow_cnames(resolver, names, settings.deadline);
  for (size_t n = 0; n < targets.size(); ++n) records[without_alias[n]].name = targets[n];
  return records;
}

void check_records(const std::vector<DnsRecord>& records) {
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
  refuse_manual(settings.way);
  const Lane lane(home, settings.way, settings.lock_timeout);
  lane.require_provider();
  check_records(asked);
  const net::Resolver resolver(settings.way.resolver, settings.ip_version);
  const Records records = where_they_go(asked, settings, resolver);

  std::optional<store::Presented> journal;
  journal.emplace(home, settings.way);
  try {
    put_in(lane, *journal, records, settings.deadline);
    journal->keep();
  } catch (...) {
    clean_up(home, journal, settings.lock_timeout);
    throw;
  }
}

void cleanup_records(const store::Home& home, const SolverSettings& settings, const Records& asked) {
  refuse_manual(settings.way);
  check_records(asked);
  const net::Resolver resolver(settings.way.resolver, settings.ip_version);
  const Records records = where_they_go(asked, settings, resolver);
  Lane(home, settings.way, settings.lock_timeout).cleanup(records);
  store::Presented::forget_kept(home, records);
}

}  // namespace certo::challenge
