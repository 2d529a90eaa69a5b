#include "challenge/alias.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "net/authority.h"
#include "net/idn.h"

namespace certo::challenge {
namespace {

using net::canonical;
using net::parent;

constexpr int most_hops = 10;
constexpr Millis answer_within = Seconds(5);
constexpr std::string_view challenge_label = "_acme-challenge.";
constexpr const char* every_name = "*";

bool is_record_label(std::string_view label) {
  const bool has_length = !label.empty() && label.size() <= 63;
  return has_length && is_token(label) && !label.starts_with('-') && !label.ends_with('-');
}

std::string target_of(const net::DnsAnswer& answer) {
  return answer.names.empty() ? "" : canonical(answer.names.front());
}

/// The CNAME target of each name, "" if it has none; no target for a name whose servers cannot be asked.
using Targets = std::vector<std::optional<std::string>>;

Targets ask_servers(const net::Resolver& resolver, const std::vector<std::string>& names,
                    const Deadline& deadline) {
  const auto answers = net::ask_authorities(resolver, net::find_authorities(resolver, names, deadline),
                                            net::DnsType::cname, deadline);
  Targets targets;
  for (const std::string& name : names) {
    const auto answer = answers.find(name);
    const bool is_known = answer != answers.end() && answer->second.authoritative;
    targets.push_back(is_known ? std::optional(target_of(answer->second)) : std::nullopt);
  }
  return targets;
}

/// Fills in what the names' own servers did not tell.
void ask_resolver(Targets& targets, const net::Resolver& resolver, const std::vector<std::string>& names,
                  const Deadline& deadline) {
  std::vector<net::DnsQuestion> questions;
  for (size_t i = 0; i < names.size(); ++i)
    if (!targets[i]) questions.push_back({names[i], net::DnsType::cname, {}});
  const auto answers = resolver.ask(questions, std::min(answer_within, deadline.left()));
  for (size_t i = 0, answer = 0; i < names.size(); ++i)
    if (!targets[i]) targets[i] = target_of(answers[answer++]);
}

Targets targets_of(const net::Resolver& resolver, const std::vector<std::string>& names, Blocked blocked,
                   const Deadline& deadline) {
  Targets targets = ask_servers(resolver, names, deadline);
  if (blocked == Blocked::ask_resolver) ask_resolver(targets, resolver, names, deadline);
  return targets;
}

/// The first hop. For each name, a name that surely does not exist is asked for, too: if both have the same
/// target, a wildcard has answered.
Targets explicit_targets(const net::Resolver& resolver, const std::vector<std::string>& names,
                         Blocked blocked, const Deadline& deadline) {
  std::vector<std::string> asked = names;
  for (const std::string& name : names) asked.push_back("_certo-asks-for-a-wildcard." + parent(name));
  Targets targets = targets_of(resolver, asked, blocked, deadline);
  for (size_t i = 0; i < names.size(); ++i)
    if (targets[i] && targets[i] == targets[names.size() + i]) targets[i] = "";
  targets.resize(names.size());
  return targets;
}

[[noreturn]] void throw_bad_alias(const std::string& text, const std::string& why) {
  throw Error(Exit::usage, "--alias " + text + ": " + why,
              "NAME=TARGET puts the record of NAME at _acme-challenge.TARGET, NAME==RECORD at RECORD itself");
}

std::string proven_name(std::string_view text) {
  if (text.starts_with("*.")) text.remove_prefix(2);
  return canonical(net::to_ascii(text));
}

std::string record_name(std::string_view target) {
  if (target.starts_with('_')) return canonical(target);
  if (target.starts_with('=')) return canonical(target.substr(1));
  return std::string(challenge_label) + canonical(net::to_ascii(target));
}

/// One name, followed hop by hop.
struct Walk {
  std::string name, at;
  bool is_open = true, is_known = true;
  std::set<std::string> visited{};

  void step(const std::optional<std::string>& target, const std::map<std::string, std::string>& aliases,
            Follow follow) {
    is_known = target.has_value();
    is_open = is_known && !target->empty();
    if (!is_open) return;
    visited.insert(at);
    if (visited.contains(*target))
      throw Error(Exit::failed, name + ": its CNAMEs lead in a circle, back to " + *target,
                  "correct the CNAME records: no CA can follow them");
    if (!is_record_name(*target))
      return give_up("its CNAME leads to '" + *target + "', which cannot hold a record");
    if (follow == Follow::to_challenge_names && !may_hold_record(*target, aliases))
      return give_up("its CNAME leads to " + *target + ", which does not begin with '_' (--alias " +
                     net::host_of(name) + "==" + *target + " allows it)");
    at = *target;
  }

  void give_up(const std::string& why) {
    log::warn(name + ": " + why + "; the record goes to the name itself");
    at = name;
    is_open = false;
  }
};

}  // namespace

bool is_record_name(std::string_view name) {
  const std::vector<std::string> labels = split(name, '.');
  return name.size() <= 253 && labels.size() >= 2 && std::ranges::all_of(labels, is_record_label);
}

std::map<std::string, std::string> parse_aliases(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> aliases;
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    const bool is_for_all = equals == text.npos || equals == 0;
    const std::string name = is_for_all ? every_name : proven_name(text.substr(0, equals));
    const std::string target = record_name(is_for_all ? text : text.substr(equals + 1));
    if (!is_record_name(target) || (!is_for_all && !is_record_name(name)))
      throw_bad_alias(text, "this is not a host name");
    if (!aliases.emplace(name, target).second) throw_bad_alias(text, "the name has another alias already");
  }
  return aliases;
}

std::string alias_of(const std::map<std::string, std::string>& aliases, std::string_view name) {
  const size_t label = name.find(challenge_label);
  // Of dns-account-01: it is in front of the target's _acme-challenge, too.
  const std::string_view account = label == name.npos ? "" : name.substr(0, label);
  if (label != name.npos) name.remove_prefix(label + challenge_label.size());
  auto found = aliases.find(std::string(name));
  if (found == aliases.end()) found = aliases.find(every_name);
  if (found == aliases.end()) return {};
  return found->second.starts_with(challenge_label) ? std::string(account) + found->second : found->second;
}

bool may_hold_record(const std::string& target, const std::map<std::string, std::string>& aliases) {
  if (target.starts_with('_')) return true;
  return std::ranges::any_of(aliases, [&](const auto& alias) {
    std::string_view zone = alias.second;
    if (zone.starts_with(challenge_label)) zone.remove_prefix(challenge_label.size());
    return net::is_within(target, std::string(zone));
  });
}

std::vector<CnameEnd> follow_cnames(const net::Resolver& resolver, const std::vector<std::string>& names,
                                    const std::map<std::string, std::string>& aliases, Follow follow,
                                    Blocked blocked, const Deadline& deadline) {
  std::vector<Walk> walks;
  for (const std::string& name : names) walks.push_back({name, name});

  for (int hop = 0; hop < most_hops; ++hop) {
    std::vector<Walk*> open;
    std::vector<std::string> places;
    for (Walk& walk : walks) {
      if (!walk.is_open) continue;
      open.push_back(&walk);
      places.push_back(walk.at);
    }
    if (open.empty()) break;
    const Targets targets = hop == 0 ? explicit_targets(resolver, places, blocked, deadline)
                                     : targets_of(resolver, places, blocked, deadline);
    for (size_t i = 0; i < open.size(); ++i) open[i]->step(targets[i], aliases, follow);
  }

  std::vector<CnameEnd> ends;
  for (Walk& walk : walks) {
    if (walk.is_open) walk.give_up("its CNAMEs do not end");
    if (walk.at != walk.name) log::verbose(walk.name + " is an alias: the record goes to " + walk.at);
    ends.push_back({walk.at, walk.is_known});
  }
  return ends;
}

}  // namespace certo::challenge
