// hosting.de, by https://www.hosting.de/api/
#include "sdk/hostingde.h"

namespace {

using namespace certo::sdk;

constexpr std::string_view api_path = "/api/dns/v1/json";

/// HOSTINGDE_ENDPOINT is the server's root, with or without the API's path.
std::string url(const Host& host) {
  std::optional<std::string> root = host.setting("HOSTINGDE_ENDPOINT");
  if (!root) return host.base_url();
  while (root->ends_with('/')) root->pop_back();
  return root->ends_with(api_path) ? *root : *root + std::string(api_path);
}

void change(const Host& host, Records records, Change what) {
  change_hostingde({host, url(host), host.require("HOSTINGDE_API_KEY"), host.setting("HOSTINGDE_ZONE_NAME")},
                   records, what);
}

void present(const Host& host, Records records) { change(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(.name = "hostingde", .aliases = "dns_hostingde", .title = "hosting.de",
               .base_url = "https://secure.hosting.de/api/dns/v1/json",
               .settings =
                   {
                       {"HOSTINGDE_API_KEY", "HOSTINGDE_APIKEY",
                        "an API key: https://secure.hosting.de/profile", 1},
                       {"HOSTINGDE_ZONE_NAME", "", "the zone's name, if certo is not to look for it", 0},
                       {"HOSTINGDE_ENDPOINT", "", "the API's server, if it is not https://secure.hosting.de",
                        0},
                   },
               .types = "CAA TLSA", .name_servers = "ns1.hosting.de ns2.hosting.de ns3.hosting.de",
               .rights = "the API key may list and change zones")
