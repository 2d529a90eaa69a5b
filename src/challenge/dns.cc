#include "challenge/dns.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "challenge/alias.h"
#include "challenge/lane.h"
#include "challenge/manual.h"
#include "challenge/methods.h"
#include "challenge/propagation.h"
#include "challenge/take_out.h"

namespace certo::challenge {
namespace {

using Records = std::vector<DnsRecord>;

/// Writes the records to the journal, then adds them. If the provider surely changed nothing, the journal
/// forgets them.
void add_records(const Lane& lane, store::Presented& journal, const Records& records,
                 const Deadline& deadline) {
  journal.add(records);
  try {
    lane.present(records, deadline);
  } catch (const provider::Untouched&) {
    journal.drop(records);
    throw;
  }
}

void refuse_manual(const store::Dns& way) {
  if (way.provider != manual) return;
  throw Error(Exit::usage, "with --dns manual, a person adds and removes the records",
              "'certo solve --dns manual' lists them, and continues when they are visible");
}

class Dns : public MethodSolver {
 public:
  Dns(const store::Dns& way, const store::Home& home, const SolverSettings& settings)
      : MethodSolver(way),
        way_(way),
        home_(home),
        settings_(settings),
        lane_(home, way, settings.lock_timeout),
        resolver_(way.resolvers.servers, settings.ip_version) {
    lane_.require_provider();
  }

  std::vector<std::vector<acme::Task>> rounds(std::vector<acme::Task> tasks) const override {
    if (!lane_.holds_one_value()) return {std::move(tasks)};
    std::vector<std::vector<acme::Task>> rounds;
    for (acme::Task& task : tasks) rounds.push_back({std::move(task)});
    return rounds;
  }

  void present(const std::vector<acme::Task>& tasks) override {
    const Placed placed =
        where_they_go(records_of(tasks), way_, lane_.follow(), Blocked::stay, resolver_, settings_.deadline);
    check_records(placed.records);
    if (!journal_) journal_.emplace(home_, way_);
    awaited_ = placed.records;
    try {
      add_records(lane_, *journal_, awaited_, settings_.deadline);
    } catch (const Error&) {
      if (!move_to_targets(placed.in_doubt)) throw;
      return add_records(lane_, *journal_, awaited_, settings_.deadline);
    }
    if (move_to_targets(placed.in_doubt)) add_records(lane_, *journal_, awaited_, settings_.deadline);
  }

  void wait() override {
    wait_for_records(awaited_, way_.propagation, resolver_, lane_.propagation(), settings_.deadline);
    awaited_.clear();
  }

  void cleanup() noexcept override { clean_up(home_, journal_, settings_.lock_timeout); }

 private:
  /// Once the records are there, or the provider cannot add them, the resolver may be asked whether the names
  /// in doubt have CNAMEs. True if some have: `awaited_` names their ends.
  bool move_to_targets(const Records& in_doubt) {
    if (in_doubt.empty()) return false;
    const Records ends =
        where_they_go(in_doubt, way_, lane_.follow(), Blocked::ask_resolver, resolver_, settings_.deadline)
            .records;
    if (ends == in_doubt) return false;
    check_records(ends);
    for (size_t i = 0; i < ends.size(); ++i) std::ranges::replace(awaited_, in_doubt[i], ends[i]);
    return true;
  }

  const store::Dns way_;
  const store::Home& home_;
  const SolverSettings settings_;
  const Lane lane_;
  const net::Resolver resolver_;
  std::optional<store::Presented> journal_;
  Records awaited_;
};

/// For records that another host has added: it only waits until they are visible.
class Waiting : public MethodSolver {
 public:
  Waiting(const store::Dns& way, const SolverSettings& settings)
      : MethodSolver(way),
        way_(way),
        settings_(settings),
        resolver_(way.resolvers.servers, settings.ip_version) {}

  void present(const std::vector<acme::Task>& tasks) override {
    const Records records = where_they_go(records_of(tasks), way_, Follow::anywhere, Blocked::ask_resolver,
                                          resolver_, settings_.deadline)
                                .records;
    wait_for_records(records, way_.propagation, resolver_, Seconds(120), settings_.deadline);
  }

  void cleanup() noexcept override {}

 private:
  const store::Dns way_;
  const SolverSettings settings_;
  const net::Resolver resolver_;
};

}  // namespace

Records records_of(const std::vector<acme::Task>& tasks) {
  Records records;
  for (const acme::Task& task : tasks) records.push_back(task.record);
  return records;
}

Placed where_they_go(Records records, const store::Dns& way, Follow follow, Blocked blocked,
                     const net::Resolver& resolver, const Deadline& deadline) {
  const log::Waiting live("asking DNS where the records belong");
  std::vector<std::string> names;
  std::vector<size_t> without_alias;
  for (size_t i = 0; i < records.size(); ++i) {
    if (std::string target = alias_of(way.aliases, records[i].name); !target.empty()) {
      records[i].name = std::move(target);
    } else {
      names.push_back(records[i].name);
      without_alias.push_back(i);
    }
  }
  const std::vector<CnameEnd> ends = follow_cnames(resolver, names, way.aliases, follow, blocked, deadline);
  Placed placed{std::move(records), {}};
  for (size_t n = 0; n < ends.size(); ++n) {
    DnsRecord& record = placed.records[without_alias[n]];
    record.name = ends[n].name;
    if (!ends[n].is_known) placed.in_doubt.push_back(record);
  }
  return placed;
}

void check_records(const std::vector<DnsRecord>& records) {
  for (const auto& [name, value, type] : records) {
    if (!is_record_name(name))
      throw Error(Exit::bad_input, fmt::format("'{}' is not a name for a DNS record", name));
    if (!is_token(value))
      throw Error(Exit::bad_input, fmt::format("{}: '{}' is not a value of a dns-01 challenge", name, value));
  }
}

std::unique_ptr<acme::Solver> method_solver(const store::Dns& way, const store::Home& home,
                                            const SolverSettings& settings) {
  if (settings.records_are_there) return std::make_unique<Waiting>(way, settings);
  if (way.provider == manual) return make_manual_solver(way, settings);
  return std::make_unique<Dns>(way, home, settings);
}

void present_records(const store::Home& home, const store::Dns& way, const SolverSettings& settings,
                     const Records& asked) {
  refuse_manual(way);
  const Lane lane(home, way, settings.lock_timeout);
  lane.require_provider();
  check_records(asked);
  const net::Resolver resolver(way.resolvers.servers, settings.ip_version);
  const Records records =
      where_they_go(asked, way, lane.follow(), Blocked::stay, resolver, settings.deadline).records;

  std::optional<store::Presented> journal;
  journal.emplace(home, way);
  try {
    add_records(lane, *journal, records, settings.deadline);
    journal->keep();
  } catch (...) {
    clean_up(home, journal, settings.lock_timeout);
    throw;
  }
}

void cleanup_records(const store::Home& home, const store::Dns& way, const SolverSettings& settings,
                     const Records& asked) {
  refuse_manual(way);
  check_records(asked);
  const Lane lane(home, way, settings.lock_timeout);
  const net::Resolver resolver(way.resolvers.servers, settings.ip_version);
  const Records records =
      where_they_go(asked, way, lane.follow(), Blocked::ask_resolver, resolver, settings.deadline).records;
  lane.cleanup(records, settings.deadline);
  store::Presented::forget_kept(home, records);
}

}  // namespace certo::challenge
