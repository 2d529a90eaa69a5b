#include "challenge/propagation.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "challenge/watch.h"
#include "net/authority.h"
#include "os/signals.h"

namespace certo::challenge {
namespace {

constexpr Millis first_patience(1500);  // one dead server should not delay the others for long
constexpr Millis answer_within(3000);
constexpr Millis least_patience(500);
constexpr Millis longest_look = Seconds(15);

void wait_fixed(Seconds time, const Deadline& deadline) {
  if (time > deadline.left()) {
    throw Error(Exit::unreachable, "the wait for DNS of " + spoken_duration(time.count()) +
                                       " is longer than the time that is left");
  }
  const std::string what = "waiting " + spoken_duration(time.count()) + " for DNS";
  log::verbose(what);
  const log::Waiting shown(what);
  os::sleep_for(time);
}

/// How servers are watched: until they show everything, or until certo knows whether they do.
using Look = bool (*)(Watch&, const net::Resolver&, const Deadline&);

/// True if everything is shown; false as soon as one has answered otherwise, or at `end`.
bool look_once(Watch& watch, const net::Resolver& resolver, const Deadline& end) {
  for (int round = 0; !watch.is_done(); ++round) {
    if (watch.is_denied() || end.passed()) return false;
    os::sleep_for(std::min(next_look(round), end.left()));
    watch.take(
        resolver.ask(watch.questions(), std::max(std::min(first_patience, end.left()), least_patience)));
  }
  return true;
}

/// Asks until there is no question left. Throws Error{unreachable} at `end`.
bool look_until_done(Watch& watch, const net::Resolver& resolver, const Deadline& end) {
  log::Waiting live("waiting for DNS");
  for (int round = 0; !watch.is_done(); ++round) {
    live.change(watch.waiting_for());
    os::sleep_for(std::min(next_look(round), end.left()));
    const Millis patience = std::min(round == 0 ? first_patience : answer_within, end.left());
    watch.take(resolver.ask(watch.questions(), std::max(patience, least_patience)));
    if (round == 0 && !watch.is_done()) log::verbose(watch.waiting_for());
    if (watch.is_done() || !end.passed()) continue;
    throw Error(Exit::unreachable, watch.complaint(),
                "the CA would not see it either; --propagation none asks the CA anyway");
  }
  return true;
}

/// Asks the authoritative servers; false if they do not show it. `unseen` gets what they could not be asked
/// for.
bool look_at_authorities(const std::vector<Wanted>& wanted, std::vector<Wanted>& unseen,
                         const net::Resolver& resolver, const Deadline& end, Look look) {
  std::vector<std::string> names;
  for (const Wanted& one : wanted) names.push_back(one.name);
  std::optional<log::Waiting> live("asking DNS for the name servers");
  const net::Authorities authorities = net::find_authorities(resolver, names, end);
  live.reset();

  Watch watch;
  std::set<std::string> zones;
  for (const Wanted& one : wanted) {
    const auto found = authorities.find(one.name);
    if (found == authorities.end() || found->second.servers.empty()) {
      const char* why = found == authorities.end() ? "be found" : "be reached";
      log::warn(one.name + ": its zone's name servers cannot " + why + "; asking the resolver instead");
      unseen.push_back(one);
      continue;
    }
    for (const net::DnsServer& server : found->second.servers)
      watch.expect(one, server, Silence::is_forgiven);
    zones.insert(found->second.zone);
  }
  try {
    if (!look(watch, resolver, end)) return false;
  } catch (Error& error) {
    // The usual reason is a name below a zone that is delegated, or an account that holds an old copy of it.
    if (error.code == Exit::unreachable) {
      error.hint = "the zone there is " + join({zones.begin(), zones.end()}, ", ") +
                   ": is it the one that the provider changes? --propagation none asks the CA anyway";
    }
    throw;
  }
  for (const net::DnsServer& server : watch.silent()) net::note_silent(server);
  for (const net::DnsServer& server : watch.lame()) net::say_lame(server);
  for (const std::string& name : watch.blind()) {
    log::warn(name +
              ": none of its zone's name servers gives an answer that counts; asking the resolver instead");
    unseen.push_back(*std::ranges::find(wanted, name, &Wanted::name));
  }
  return true;
}

/// What only the resolver could be asked for, and did not show in time.
struct NotResolved : Error {
  using Error::Error;
};

bool look_at_resolver(const std::vector<Wanted>& wanted, const net::Resolver& resolver, const Deadline& end,
                      Look look) {
  Watch watch;
  for (const Wanted& one : wanted) watch.expect(one, {"the resolver", "", 0}, Silence::counts);
  try {
    return look(watch, resolver, end);
  } catch (const Error& error) {
    if (error.code != Exit::unreachable) throw;
    throw NotResolved(error.code, error.message, "a resolver may remember an old answer: try again later");
  }
}

bool look_everywhere(const std::vector<Wanted>& wanted, const net::Resolver& resolver, const Deadline& end,
                     Look look) {
  std::vector<Wanted> unseen;
  if (!look_at_authorities(wanted, unseen, resolver, end, look)) return false;
  return unseen.empty() || look_at_resolver(unseen, resolver, end, look);
}

}  // namespace

void wait_for_records(const std::vector<DnsRecord>& records, const store::Propagation& policy,
                      const net::Resolver& resolver, Seconds limit, const Deadline& deadline) {
  if (records.empty()) return;
  if (const auto* fixed = std::get_if<store::FixedWait>(&policy)) wait_fixed(fixed->time, deadline);
  if (!std::holds_alternative<store::AskServers>(policy)) return;
  try {
    wait_until_shown(by_name(records), resolver, deadline.at_most(limit));
    log::verbose("DNS shows the records");
  } catch (const NotResolved& error) {
    // The "no" of a resolver proves nothing: it may remember that there was no record, and the CA has
    // another.
    log::warn(error.message +
              "; the CA is asked all the same, because a resolver may remember an old answer");
  }
}

void wait_until_shown(const std::vector<Wanted>& wanted, const net::Resolver& resolver, const Deadline& end) {
  look_everywhere(wanted, resolver, end, look_until_done);
}

bool are_visible(const std::vector<DnsRecord>& records, const net::Resolver& resolver,
                 const Deadline& deadline) {
  return look_everywhere(by_name(records), resolver, deadline.at_most(longest_look), look_once);
}

}  // namespace certo::challenge
