// Which way a challenge is fulfilled.
#include "challenge/solver.h"

#include "base/error.h"
#include "challenge/dns.h"
#include "challenge/joint.h"
#include "challenge/manual.h"
#include "challenge/standalone.h"
#include "challenge/webroot.h"

namespace certo::challenge {

std::unique_ptr<acme::Solver> make_solver(const store::Home& home, const SolverSettings& settings) {
  const store::Way& way = settings.way;
  if (way.method == "webroot") return make_webroot_solver(home, way, settings.lock_timeout);
  if (way.method == "standalone") return make_standalone_solver(way.listen);
  if (way.method == "dns" && !settings.records_are_there && way.provider == kManual)
    return make_manual_solver(settings);
  if (way.method == "dns")
    return settings.records_are_there ? make_waiting_solver(settings) : make_dns_solver(home, settings);
  throw Error(Exit::usage, "'" + way.method + "' is no way to fulfil a challenge",
              "known are webroot, standalone and dns");
}

std::unique_ptr<acme::Solver> make_solver(const store::Home& home, const store::Ways& ways,
                                          SolverSettings settings) {
  settings.way = ways.usual;
  std::unique_ptr<acme::Solver> usual = make_solver(home, settings);
  if (ways.others.empty()) return usual;
  std::vector<Part> others;
  for (const auto& [identifiers, way] : ways.others) {
    settings.way = way;
    others.push_back({identifiers, make_solver(home, settings)});
  }
  return make_joint_solver(std::move(others), std::move(usual));
}

}  // namespace certo::challenge
