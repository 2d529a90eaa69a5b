// RimuHosting, by https://rimuhosting.com/dns/dyndns.jsp
#include "sdk/zonomi.h"

namespace {

using namespace certo::sdk;

void present(const Host& host, Records records) {
  change_zonomi(host, "RIMUHOSTING_API_KEY", records, Change::add);
}
void cleanup(const Host& host, Records records) {
  change_zonomi(host, "RIMUHOSTING_API_KEY", records, Change::remove);
}

}  // namespace

CERTO_PROVIDER(.name = "rimuhosting", .title = "RimuHosting",
               .base_url = "https://rimuhosting.com/dns/dyndns.jsp", .traits = CERTO_CHANGES_BY_GET,
               .settings = {{"RIMUHOSTING_API_KEY", "",
                             "an API key of the type DNS: https://rimuhosting.com/cp/apikeys.jsp", 1}})
