#include "challenge/dns_persist.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "base/warn_once.h"
#include "challenge/dns.h"
#include "challenge/lane.h"
#include "challenge/methods.h"
#include "challenge/propagation.h"
#include "challenge/txt_lookup.h"

namespace certo::challenge {
namespace {

using acme::PersistOffer;
using acme::PersistVerdict;
using Records = std::vector<DnsRecord>;
using Names = std::vector<std::string>;

/// What the record of a name must allow.
struct Demand {
  std::string base;  // the name without "*."
  bool is_for_wildcard = false;
  PersistOffer offer;
};

/// A name and its wildcard have the same record.
void add(std::vector<Demand>& demands, Demand demand) {
  const auto known = std::ranges::find(demands, demand.base, &Demand::base);
  if (known == demands.end()) return demands.push_back(std::move(demand));
  known->is_for_wildcard = known->is_for_wildcard || demand.is_for_wildcard;
}

std::vector<Demand> demands_of(const acme::Applicant& applicant) {
  std::vector<Demand> demands;
  for (const acme::Identifier& identifier : applicant.identifiers)
    add(demands, {identifier.base(), identifier.is_wildcard(), applicant.persist});
  return demands;
}

/// Nothing if the CA's names are not known.
std::optional<DnsRecord> record_for(const Demand& demand) {
  if (demand.offer.issuers.empty()) return {};
  return DnsRecord{acme::persist_name(demand.base),
                   acme::to_text({.issuer = demand.offer.issuers.front(),
                                  .account_uri = demand.offer.account_uris.front(),
                                  .allows_wildcard = demand.is_for_wildcard,
                                  .until = {}})};
}

void warn_of_end(const Demand& demand, const PersistVerdict& verdict, Time now) {
  if (!verdict.record->until || *verdict.record->until - now >= persist_warned_before) return;
  const std::string left = spoken_duration((*verdict.record->until - now).count());
  log::warn_once(acme::persist_name(demand.base) + ": the record ends " + rfc3339(*verdict.record->until) +
                 ", in " + left + "; no renewal will succeed after that. 'certo persist -d " +
                 (demand.is_for_wildcard ? "'*." + demand.base + "'" : demand.base) +
                 " --until DATE' prints another one");
}

/// The faults of the records, for a person.
struct Complaints {
  Names texts, lines;
  Records records;
  bool is_known_by_resolver = false;

  [[noreturn]] void raise() const {
    std::string advice;
    if (!lines.empty())
      advice =
          (lines.size() == 1 ? "add this TXT record: " : "add these TXT records: ") + join(lines, ", and ");
    else
      advice = "'certo persist -d NAME' prints the record";
    if (is_known_by_resolver) advice += " (a resolver may remember for some minutes that it was missing)";
    throw PersonNeeded(records, join(texts, "; "), advice);
  }
};

class DnsPersist : public MethodSolver {
 public:
  DnsPersist(const store::DnsPersist& way, const SolverSettings& settings)
      : MethodSolver(way), settings_(settings), resolver_(way.resolvers.servers, settings.ip_version) {}

  void check(const acme::Applicant& applicant) override { require(demands_of(applicant)); }

  /// Once more, by what the challenges say: an answer to a challenge that must fail would end the order.
  void present(const std::vector<acme::Task>& tasks) override {
    std::vector<Demand> demands;
    for (const acme::Task& task : tasks) {
      if (task.persist.issuers.empty())
        throw Error(Exit::protocol,
                    task.identifier.value +
                        ": the CA's challenge of dns-persist-01 does not name the CA as " +
                        acme::persist_format + " says",
                    "the CA may have a newer version of this method: upgrade certo, or use another method");
      add(demands, {task.identifier.value, task.wildcard, task.persist});
    }
    require(demands);
  }

  void cleanup() noexcept override {}

 private:
  void require(const std::vector<Demand>& demands) {
    look_up(demands);
    Complaints complaints;
    for (const Demand& demand : demands) judge(demand, complaints);
    if (!complaints.texts.empty()) complaints.raise();
  }

  void look_up(const std::vector<Demand>& demands) {
    Names names;
    for (const Demand& demand : demands)
      if (std::string name = acme::persist_name(demand.base); !seen_.contains(name))
        names.push_back(std::move(name));
    if (!names.empty()) seen_.merge(look_up_txt(names, resolver_, settings_.deadline));
  }

  void judge(const Demand& demand, Complaints& complaints) const {
    const std::string name = acme::persist_name(demand.base);
    const TxtAnswer& answer = seen_.at(name);
    if (!answer.is_known)
      return log::warn_once(name + ": DNS does not answer, so the record is not checked; the CA decides");
    const PersistVerdict verdict = acme::judge(answer.values, demand.offer, demand.is_for_wildcard, now());
    if (verdict.state == PersistVerdict::State::good) {
      log::verbose(name + ": \"" + verdict.value + "\" allows it");
      if (settings_.warns_of_end) warn_of_end(demand, verdict, now());
      return;
    }
    complaints.texts.push_back(name + ": " + explain(verdict, demand.offer));
    if (answer.is_from_resolver) complaints.is_known_by_resolver = true;
    if (const std::optional<DnsRecord> record = record_for(demand)) {
      complaints.records.push_back(*record);
      complaints.lines.push_back(acme::zone_line(*record));
    }
  }

  const SolverSettings settings_;
  const net::Resolver resolver_;
  std::map<std::string, TxtAnswer> seen_;  // by name of record
};

/// The values of an account at a name.
Records records_of(const PersistOffer& account, const std::string& name, const TxtAnswer& answer) {
  Records records;
  for (const std::string& value : answer.values) {
    const std::optional<acme::PersistRecord> record = acme::parse_persist_record(value);
    if (record && std::ranges::find(account.account_uris, record->account_uri) != account.account_uris.end())
      records.push_back({name, value});
  }
  return records;
}

/// The service that holds the records, at the ends of their CNAMEs.
class Service {
 public:
  Service(const store::Home& home, const store::Dns& way, const SolverSettings& settings)
      : way_(way),
        settings_(settings),
        lane_(home, way, settings.lock_timeout),
        resolver_(way.resolvers.servers, settings.ip_version) {
    lane_.require_provider();
  }

  Records placed(const Records& records) const {
    return where_they_go(records, way_, lane_.follow(), Blocked::stay, resolver_, settings_.deadline).records;
  }

  Records existing(const Names& names, const PersistOffer& account) const {
    Records records;
    for (const auto& [name, answer] : look_up_txt(names, resolver_, settings_.deadline)) {
      if (!answer.is_known)
        throw Error(Exit::unreachable, name + ": DNS does not answer, so certo does not know what is there",
                    "--resolver ADDR names another DNS server");
      const Records found = records_of(account, name, answer);
      records.insert(records.end(), found.begin(), found.end());
    }
    return records;
  }

  void add(const Records& records) const {
    lane_.present(records, settings_.deadline);
    wait_for_records(records, way_.propagation, resolver_, lane_.propagation(), settings_.deadline);
  }

  void remove(const Records& records) const {
    if (!records.empty()) lane_.cleanup(records, settings_.deadline);
  }

 private:
  const store::Dns& way_;
  const SolverSettings settings_;
  const Lane lane_;
  const net::Resolver resolver_;
};

Names names_of(const Records& records) {
  Names names;
  for (const DnsRecord& record : records)
    if (std::ranges::find(names, record.name) == names.end()) names.push_back(record.name);
  return names;
}

}  // namespace

PersistLook look_at_persistent(const store::DnsPersist& way, const SolverSettings& settings,
                               const acme::Applicant& applicant, Time now) {
  const std::vector<Demand> demands = demands_of(applicant);
  Names names;
  for (const Demand& demand : demands) names.push_back(acme::persist_name(demand.base));
  const net::Resolver resolver(way.resolvers.servers, settings.ip_version);
  const auto answers = look_up_txt(names, resolver, settings.deadline);
  PersistLook look;
  for (size_t at = 0; at < demands.size(); ++at) {
    const TxtAnswer& answer = answers.at(names[at]);
    if (!answer.is_known) continue;
    look.is_known = true;
    const PersistVerdict verdict =
        acme::judge(answer.values, demands[at].offer, demands[at].is_for_wildcard, now);
    if (!verdict.record || !verdict.record->until || verdict.state > PersistVerdict::State::expired) continue;
    if (!look.first || *verdict.record->until < look.first->until)
      look.first = {names[at], *verdict.record->until};
  }
  return look;
}

void publish_persistent(const store::Home& home, const store::Dns& way, const SolverSettings& settings,
                        const Records& records, const PersistOffer& of_account) {
  const Service service(home, way, settings);
  const Records placed = service.placed(records);
  Records older = service.existing(names_of(placed), of_account);
  std::erase_if(older,
                [&](const DnsRecord& record) { return std::ranges::find(placed, record) != placed.end(); });
  service.add(placed);
  service.remove(older);
  for (const DnsRecord& record : older)
    log::say(acme::zone_line(record) + ": removed, the new one replaces it");
}

Records remove_persistent(const store::Home& home, const store::Dns& way, const SolverSettings& settings,
                          const Names& names, const PersistOffer& of_account) {
  const Service service(home, way, settings);
  Records wanted;
  for (const std::string& name : names) wanted.push_back({name, ""});
  const Records found = service.existing(names_of(service.placed(wanted)), of_account);
  service.remove(found);
  return found;
}

std::unique_ptr<acme::Solver> method_solver(const store::DnsPersist& way, const store::Home&,
                                            const SolverSettings& settings) {
  return std::make_unique<DnsPersist>(way, settings);
}

}  // namespace certo::challenge
