// What public CAs never certify, whatever DNS says.
#include <algorithm>

#include "base/text.h"
#include "check/checks.h"
#include "net/authority.h"

namespace certo::check {
namespace {

constexpr const char* rules = "the CA's rules";

/// Top-level names that do not exist in public DNS and never will (RFC 2606, 6761, 6762, 8375, 9476; ICANN's
/// "internal").
constexpr std::string_view reserved[] = {"test",  "example", "invalid",  "localhost", "local",
                                         "onion", "alt",     "internal", "home.arpa"};

std::string reserved_end(const std::string& name) {
  const auto found = std::ranges::find_if(
      reserved, [&](std::string_view end) { return net::is_within(name, std::string(end)); });
  return found == std::end(reserved) ? "" : std::string(*found);
}

Findings of_name(const crypto::Identifier& one) {
  if (one.type == "ip") {
    if (realm(one.value) == Realm::everybody) return {};
    return {failing(one.value, rules,
                    "the address is of a private or reserved network, which no public CA certifies",
                    "use a private CA (--server URL --ca-bundle FILE)")};
  }
  const std::string end = reserved_end(one.base());
  if (end.empty()) return {};
  return {failing(one.value, rules, "names below '" + end + "' are reserved, and no public CA certifies them",
                  "use a name of a domain that you own, or a private CA (--server URL --ca-bundle FILE)")};
}

}  // namespace

Findings check_rules(const Scene& scene) {
  Findings findings;
  if (scene.ca.is_public)
    for (const crypto::Identifier& one : scene.request.identifiers) append(findings, of_name(one));
  const size_t count = scene.request.identifiers.size();
  if (findings.empty())
    findings.push_back(
        good(count == 1 ? scene.request.identifiers.front().value : std::to_string(count) + " names", rules,
             "nothing is against it"));
  return findings;
}

}  // namespace certo::check
