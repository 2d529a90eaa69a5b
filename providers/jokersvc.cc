// Joker.com's Dynamic DNS, by https://joker.com/faq/content/6/496/en/let_s-encrypt-support.html: it replaces
// all TXT records of a label by one value, or by nothing.
#include "sdk/oauth.h"
#include "sdk/provider.hpp"

namespace {

using namespace certo::sdk;

/// The first line of what the service says; "" for a page of HTML.
std::string first_line(const std::string& body) {
  const std::string line(certo::trim(body.substr(0, body.find('\n'))));
  return line.starts_with('<') ? "" : line.substr(0, 200);
}

void replace(const Host& host, const Record& record, const std::string& value) {
  const std::string name = record.name, zone = host.zone(record.name);
  const std::string label = name == zone ? "@" : name.substr(0, name.size() - zone.size() - 1);
  const Reply reply = host.raw_http({.method = "POST",
                                     .url = host.base_url(),
                                     .headers = {"Content-Type: application/x-www-form-urlencoded"},
                                     .body = form({{"username", host.require("JOKER_USERNAME")},
                                                   {"password", host.require("JOKER_PASSWORD")},
                                                   {"zone", zone},
                                                   {"label", label},
                                                   {"type", "TXT"},
                                                   {"value", value}})});
  const std::string said = first_line(reply.body);
  throw_if_refused(reply, said);
  if (reply.ok() && said.starts_with("OK")) return;
  if (said.starts_with("badauth")) throw Failure{CERTO_CONFIG, "the credentials are refused: " + said};
  if (said.empty()) throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a result"};
  throw Failure{CERTO_FAILED, reply.subject + " answered " + std::to_string(reply.status) + ": " + said};
}

void present(const Host& host, Records records) {
  for (const Record& record : records) replace(host, record, record.value);
}
void cleanup(const Host& host, Records records) {
  for (const Record& record : records) replace(host, record, "");
}

}  // namespace

CERTO_PROVIDER(
        .name = "jokersvc", .aliases = "dns_joker", .title = "Joker.com (Dynamic DNS)",
        .base_url = "https://svc.joker.com/nic/replace", .traits = CERTO_SINGLE_VALUE,
        .settings =
            {
                {"JOKER_USERNAME", "",
                 "the user name of Dynamic DNS, which is switched on for each domain: https://joker.com", 1},
                {"JOKER_PASSWORD", "", "... its password", 1},
                {"JOKER_API_MODE", "", "not needed", 0},
            },
        .name_servers = "?.ns.joker.com", .rights = "Dynamic DNS of one domain")
