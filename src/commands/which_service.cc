#include "commands/which_service.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "challenge/which_service.h"
#include "commands/context.h"
#include "commands/describe.h"
#include "commands/ways.h"
#include "console/ask.h"
#include "console/layout.h"

namespace certo::commands {
namespace {

/// --yes says nothing about which one.
std::string ask_which(const Args& args, const std::string& name,
                      const std::vector<challenge::Candidate>& candidates) {
  if (args.has(flag::yes)) return "";
  for (const challenge::Candidate& one : candidates) {
    if (console::confirm(args, name + ": add its record by " + one.title + " (--dns " + one.name + ")?"))
      return one.name;
  }
  return "";
}

/// The provider of each name that is proven by `way`.
std::map<std::string, std::string> providers_of(const Args& args, const store::Dns& way,
                                                const std::vector<std::string>& names) {
  const store::Home state = home(args);
  const challenge::SolverSettings settings = solver_settings(args);
  const net::Resolver resolver(way.resolvers.servers, settings.ip_version);
  const auto seen = challenge::look_at(names, way, resolver, settings.deadline);
  std::map<std::string, std::string> by_zone, providers;
  for (const auto& [name, one] : seen) {
    std::string& provider = by_zone[one.zone];
    if (provider.empty()) {
      provider = challenge::provider_for(
          name, one, challenge::judge(one, state, way),
          [&](const auto& about, const auto& candidates) { return ask_which(args, about, candidates); });
    }
    providers[name] = provider;
  }
  return providers;
}

/// `ways` in which each of `identifiers` is proven by `chosen`, in their order.
store::Ways grouped(const std::vector<crypto::Identifier>& identifiers,
                    const std::vector<store::Way>& chosen) {
  store::Ways ways;
  ways.usual = chosen.back();
  for (size_t i = 0; i < identifiers.size(); ++i) {
    if (chosen[i] == ways.usual) continue;
    auto group = std::ranges::find(ways.others, chosen[i], &store::OtherWay::way);
    if (group == ways.others.end()) group = ways.others.insert(group, {{}, chosen[i]});
    group->identifiers.push_back(identifiers[i]);
  }
  return ways;
}

}  // namespace

bool is_automatic(const store::Way& way) {
  const auto* const dns = std::get_if<store::Dns>(&way);
  return dns && dns->provider == challenge::automatic;
}

void choose_services(const Args& args, store::Ways& ways,
                     const std::vector<crypto::Identifier>& identifiers) {
  std::vector<std::string> names;
  for (const crypto::Identifier& one : identifiers) {
    if (is_automatic(ways.of(one)) && std::ranges::count(names, one.base()) == 0) names.push_back(one.base());
  }
  if (names.empty()) return;
  const std::vector<const store::Way*> all = ways.all();
  const store::Way& automatic =
      **std::ranges::find_if(all, [](const store::Way* way) { return is_automatic(*way); });
  const auto providers = providers_of(args, std::get<store::Dns>(automatic), names);
  std::vector<store::Way> chosen;
  for (const crypto::Identifier& one : identifiers) {
    store::Way way = ways.of(one);
    if (is_automatic(way)) std::get<store::Dns>(way).provider = providers.at(one.base());
    chosen.push_back(std::move(way));
  }
  ways = grouped(identifiers, chosen);
}

Exit show_service(const Args& args) {
  const std::vector<crypto::Identifier> asked = names_in({args.words().front()});
  if (args.has(flag::domain))
    throw Error(Exit::usage, "providers for: -d has no use here", "give the domain as a word");
  if (asked[0].type != "dns")
    throw Error(Exit::usage, "providers for: " + asked[0].value + " is an address, and not in a DNS zone");
  const std::string name = asked[0].base();
  Args as_way = args;
  as_way.add(console::option_of(store::method_of(store::Dns{}).option), challenge::automatic);
  const auto way = std::get<store::Dns>(ways(as_way)->usual);
  const challenge::SolverSettings settings = solver_settings(args);
  const net::Resolver resolver(way.resolvers.servers, settings.ip_version);
  const challenge::Seen seen = challenge::look_at({name}, way, resolver, settings.deadline).at(name);
  const challenge::Verdict verdict = challenge::judge(seen, home(args), way);
  Rows rows;
  Json candidates = Json::array();
  const auto add = [&](const std::vector<challenge::Candidate>& list, const char* holds) {
    for (const challenge::Candidate& one : list) {
      rows.push_back({"--dns " + one.name, printable(one.title, 100) + ", " + holds});
      rows.push_back({"", one.missing.empty() ? "its settings are given" : printable(one.missing, 500)});
      candidates.push(Json::Object{{"name", one.name},
                                   {"title", one.title},
                                   {"all_servers", &list == &verdict.whole},
                                   {"ready", one.missing.empty()}});
    }
  };
  rows.push_back({"zone", seen.zone.empty() ? "DNS shows none" : seen.zone});
  rows.push_back({"name servers", printable(join(seen.servers, ", "), 300)});
  add(verdict.whole, "which has all of them");
  add(verdict.parts, "which has some of them");
  if (candidates.items().empty()) rows.push_back({"service", "none that certo recognizes"});
  if (args.has(flag::json)) {
    print_json(Json(Json::Object{{"certo", "service/1"},
                                 {"name", name},
                                 {"zone", seen.zone},
                                 {"name_servers", to_json(seen.servers)},
                                 {"providers", std::move(candidates)}}));
  } else {
    print(columns(rows));
  }
  return Exit::ok;
}

}  // namespace certo::commands
