// http.net, whose API is that of hosting.de: https://www.hosting.de/api/
#include "sdk/hostingde.h"

namespace {

using namespace certo::sdk;

void change(const Host& host, Records records, Change what) {
  change_hostingde(
      {host, host.base_url(), host.require("HTTPNET_API_KEY"), host.setting("HTTPNET_ZONE_NAME")}, records,
      what);
}

void present(const Host& host, Records records) { change(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(.name = "httpnet", .title = "http.net", .base_url = "https://partner.http.net/api/dns/v1/json",
               .settings =
                   {
                       {"HTTPNET_API_KEY", "", "an API key: https://partner.http.net/profile", 1},
                       {"HTTPNET_ZONE_NAME", "", "the zone's name, if certo is not to look for it", 0},
                   },
               .types = "CAA TLSA", .rights = "the API key may list and change zones")
