#include "commands/providers_test.h"

#include "base/log.h"
#include "base/text.h"
#include "base/version.h"
#include "challenge/take_out.h"
#include "challenge/trial.h"
#include "commands/context.h"
#include "commands/ways.h"
#include "commands/which_service.h"
#include "provider/catalog.h"

namespace certo::commands {
namespace {

std::string spoken(Millis time) {
  const auto tenths = (time.count() + 50) / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (size_t at = text.find(what); at != text.npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

/// Lines for those who look after certo. Settings are masked in every message; the domain is replaced here.
void print_to_paste(const store::Home& state, const std::string& provider, const std::string& domain,
                    const std::string& outcome) {
  const auto caged = provider::find_caged(provider, provider::provider_folders(state.providers()));
  const std::string kind = !caged                         ? "a program"
                           : caged->descriptor.is_untried ? std::string(caged->kind()) + ", untried"
                                                          : caged->kind();
  print(
      "\nTo report how it went, paste these lines; your domain and your settings are not in them:\n\n  certo " +
      std::string(version()) + ", " + printable(provider) + " (" + kind + ")\n  " +
      replaced(printable(outcome), domain, "example.com") + "\n");
}

challenge::Trial tried(const Args& args, const store::Home& state, const store::Dns& dns,
                       const challenge::SolverSettings& settings, const std::string& domain) {
  try {
    return challenge::try_provider(state, dns, settings, domain, log::say);
  } catch (const Error& error) {
    if (!args.has(flag::json)) print_to_paste(state, dns.provider, domain, error.message);
    throw;
  }
}

}  // namespace

Exit test_provider(const Args& args) {
  if (!args.has(flag::domain))
    throw Error(Exit::usage, "providers test: -d is missing: a domain of the zone to try",
                "certo providers test " + args.words().front() + " -d example.com");
  const std::vector<crypto::Identifier> domain = names(args);
  if (domain.size() != 1 || domain[0].type != "dns")
    throw Error(Exit::usage, "providers test: -d takes one domain");
  Args as_way = args;
  as_way.add(console::option_of(store::method_of(store::Dns{}).option), args.words().front());
  const store::Home state = home(args);
  state.prepare();
  const challenge::SolverSettings settings = solver_settings(args);
  store::Ways chosen = *ways(as_way);
  choose_services(args, chosen, domain);
  auto dns = std::get<store::Dns>(chosen.usual);
  dns.keep_settings = false;  // a test stores nothing
  const challenge::Sweep sweep(state, [&] { return settings; });
  const challenge::Trial trial = tried(args, state, dns, settings, domain[0].base());
  if (args.has(flag::json)) {
    print_json(Json(Json::Object{{"certo", "provider-test/1"},
                                 {"provider", dns.provider},
                                 {"name", trial.name},
                                 {"appeared_ms", static_cast<int64_t>(trial.appeared.count())},
                                 {"vanished_ms", static_cast<int64_t>(trial.vanished.count())}}));
  } else {
    const std::string outcome = "two values at " + trial.name + " were seen by all name servers after " +
                                spoken(trial.appeared) + "; one was gone after " + spoken(trial.vanished) +
                                ", and the other stayed";
    print(dns.provider + ": " + outcome + "\n");
    print_to_paste(state, dns.provider, domain[0].base(), outcome);
  }
  return Exit::ok;
}

}  // namespace certo::commands
