#include "commands/providers_test.h"

#include "base/log.h"
#include "challenge/take_out.h"
#include "challenge/trial.h"
#include "commands/context.h"
#include "commands/ways.h"
#include "commands/which_service.h"

namespace certo::commands {
namespace {

std::string spoken(Millis time) {
  const auto tenths = (time.count() + 50) / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
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
  const challenge::Trial trial = challenge::try_provider(state, dns, settings, domain[0].base(), log::say);
  if (args.has(flag::json)) {
    print_json(Json(Json::Object{{"certo", "provider-test/1"},
                                 {"provider", dns.provider},
                                 {"name", trial.name},
                                 {"appeared_ms", static_cast<int64_t>(trial.appeared.count())},
                                 {"vanished_ms", static_cast<int64_t>(trial.vanished.count())}}));
  } else {
    print(dns.provider + ": two values at " + trial.name + " were seen by all name servers after " +
          spoken(trial.appeared) + "; one was gone after " + spoken(trial.vanished) +
          ", and the other stayed\n");
  }
  return Exit::ok;
}

}  // namespace certo::commands
