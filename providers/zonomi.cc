// Zonomi, by https://zonomi.com/app/dns/dyndns.jsp
#include "sdk/zonomi.h"

namespace {

using namespace certo::sdk;

void present(const Host& host, Records records) {
  change_zonomi(host, "ZONOMI_API_KEY", records, Change::add);
}
void cleanup(const Host& host, Records records) {
  change_zonomi(host, "ZONOMI_API_KEY", records, Change::remove);
}

}  // namespace

CERTO_PROVIDER(.name = "zonomi", .aliases = "dns_zonomi", .title = "Zonomi",
               .base_url = "https://zonomi.com/app/dns/dyndns.jsp", .traits = CERTO_CHANGES_BY_GET,
               .settings = {{"ZONOMI_API_KEY", "ZM_Key",
                             "an API key of the type DNS: https://zonomi.com/app/cp/apikeys.jsp", 1}},
               .name_servers = "*.zonomi.com")
