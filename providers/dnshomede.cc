// dnsHome.de, by the behaviour of two other clients: a host takes one value, by its own password.
#include "sdk/keys.h"
#include "sdk/oauth.h"
#include "sdk/provider.hpp"

namespace {

using namespace certo::sdk;

struct HostOf {
  std::string name, password;
};

HostOf host_of(const Host& host, const std::string& record) {
  if (const auto password = key_of(host.setting("DNSHOMEDE_CREDENTIALS").value_or(""), record))
    return {challenged(record), *password};
  const auto name = host.setting("DNSHOME_SUBDOMAIN"), password = host.setting("DNSHOME_SUBDOMAIN_PASSWORD");
  if (name && password) return {*name, *password};
  throw Failure{CERTO_CONFIG, "DNSHOMEDE_CREDENTIALS has no password for " + record};
}

void change(const Host& host, const char* action, const Record& record) {
  const HostOf of = host_of(host, record.name);
  const Reply reply = host.http(
      {.method = "POST",
       .url = host.base_url(),
       .headers = {basic(host, of.name, of.password), "Content-Type: application/x-www-form-urlencoded"},
       .body = form({{"acme", action}, {"txt", record.value}})});
  const std::string said(certo::trim(reply.body.substr(0, reply.body.find('\n'))));
  if (reply.ok() && said.starts_with("successfully")) return;
  if (said.empty() || said.starts_with('<'))
    throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a result"};
  throw Failure{CERTO_FAILED, std::string(record.name) + " was not changed: " + said.substr(0, 200)};
}

void present(const Host& host, Records records) {
  for (const Record& record : records) change(host, "add", record);
}

void cleanup(const Host& host, Records records) {
  for (const Record& record : records) change(host, "rm", record);
}

}  // namespace

CERTO_PROVIDER(.name = "dnshomede", .aliases = "dns_dnshome", .title = "dnsHome.de",
               .base_url = "https://www.dnshome.de/dyndns.php", .propagation = 1200,
               .traits = CERTO_SINGLE_VALUE,
               .settings =
                   {
                       {"DNSHOMEDE_CREDENTIALS", "",
                        "name:password,… of your hosts, such as me.dnshome.de:secret: https://www.dnshome.de",
                        1},
                       {"DNSHOME_SUBDOMAIN", "DNSHOME_Subdomain", "or the name of the only host", 2},
                       {"DNSHOME_SUBDOMAIN_PASSWORD", "DNSHOME_SubdomainPassword", "... and its password", 2},
                   },
               .rights = "the password of one host", .source = "table")
