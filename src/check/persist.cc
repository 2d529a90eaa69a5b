// dns-persist-01: the record that stays, looked at by the solver that looks before each order.
#include "base/text.h"
#include "check/checks.h"

namespace certo::check {

Findings check_persist(const Scene& scene, const store::DnsPersist& way,
                       const std::vector<crypto::Identifier>& identifiers) {
  Findings findings;
  for (const crypto::Identifier& one : identifiers) {
    const std::string what = "dns-persist-01";
    if (scene.ca.persist.account_uris.empty()) {
      findings.push_back(unseen(one.value, what, "the record must name the account, and there is none yet",
                                "make the account: certo account new"));
      continue;
    }
    try {
      challenge::make_solver(scene.home, way, scene.solving)->check({{one}, scene.ca.persist});
      findings.push_back(good(one.value, what, "the record allows it, as far as DNS answers"));
    } catch (const Error& error) {
      findings.push_back(failing(one.value, what, error));
    }
  }
  return findings;
}

}  // namespace certo::check
