// Hurricane Electric's dynamic TXT records, by https://dns.he.net/docs.html ("Dynamic DNS"): a TXT record
// that was made for it, with a key of its own, takes one value.
#include "sdk/keys.h"
#include "sdk/oauth.h"
#include "sdk/provider.hpp"

namespace {

using namespace certo::sdk;

/// The key in the list, or the only one.
std::string key_for(const Host& host, const std::string& name) {
  if (const auto key = key_of(host.setting("HURRICANE_TOKENS").value_or(""), name)) return *key;
  if (const auto key = host.setting("HURRICANE_KEY")) return *key;
  throw Failure{CERTO_CONFIG, "HURRICANE_TOKENS has no key for " + name};
}

/// "good \"value\"", "nochg …", or a code of the Dynamic DNS protocol.
void set_value(const Host& host, const std::string& name, const std::string& value) {
  const Reply reply =
      host.http({.method = "POST",
                 .url = host.base_url(),
                 .headers = {"Content-Type: application/x-www-form-urlencoded"},
                 .body = form({{"hostname", name}, {"password", key_for(host, name)}, {"txt", value}})});
  const std::string said(certo::trim(reply.body.substr(0, reply.body.find('\n'))));
  const std::string code = said.substr(0, said.find(' '));
  if (reply.ok() && (code == "good" || code == "nochg")) return;
  if (code == "badauth") throw Failure{CERTO_CONFIG, "the key of " + name + " is refused: badauth"};
  if (code == "nohost" || code == "notfqdn") {
    throw Failure{CERTO_CONFIG,
                  name + " is not there (" + code +
                      "): create a TXT record of this name at https://dns.he.net, with dynamic DNS"};
  }
  if (code == "interval" || code == "abuse")
    throw Failure{CERTO_LATER, "rate limited: " + said.substr(0, 200)};
  if (said.empty() || said.starts_with('<') || code == "911")
    throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a result"};
  throw Failure{CERTO_FAILED, name + " was not set: " + said.substr(0, 200)};
}

void present(const Host& host, Records records) {
  for (const Record& record : records) set_value(host, record.name, record.value);
}

/// The record stays, because it cannot be created again by this interface.
void cleanup(const Host& host, Records records) {
  for (const auto& [name, values] : by_name(records)) set_value(host, name, ".");
}

}  // namespace

CERTO_PROVIDER(.name = "hurricane", .aliases = "dns_he_ddns", .title = "Hurricane Electric DNS",
               .base_url = "https://dyn.dns.he.net/nic/update", .propagation = 300,
               .traits = CERTO_SINGLE_VALUE,
               .settings =
                   {
                       {"HURRICANE_TOKENS", "",
                        "name:key,… for TXT records that you created with dynamic DNS, each with its key: "
                        "https://dns.he.net",
                        1},
                       {"HURRICANE_KEY", "HE_DDNS_KEY", "or one key for every name", 2},
                   },
               .name_servers = "ns?.he.net", .rights = "the key of one TXT record")
