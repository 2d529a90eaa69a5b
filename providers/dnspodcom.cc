// DNSPod.com, by https://docs.dnspod.com/api/ (see sdk/dnspod.h)
#include "sdk/dnspod.h"

namespace {

using namespace certo::sdk;

struct Service : Dnspod {
  explicit Service(const Host& host)
      : Dnspod(host, token_of(host, "DNSPODCOM_API_KEY", "DNSPODCOM_ID", "DNSPODCOM_KEY"), "default") {}
};

constexpr Work present = change_by<Service, Change::add>;
constexpr Work cleanup = change_by<Service, Change::remove>;

}  // namespace

CERTO_PROVIDER(.name = "dnspodcom", .aliases = "dns_dpi dnspod-com", .title = "DNSPod.com",
               .base_url = "https://api.dnspod.com",
               .settings =
                   {
                       {"DNSPODCOM_API_KEY", "",
                        "a token as ID,TOKEN: https://www.dnspod.com/console/user/security", 1},
                       {"DNSPODCOM_ID", "DPI_Id", "... or its ID", 2},
                       {"DNSPODCOM_KEY", "DPI_Key", "... and the token itself", 2},
                   },
               .name_servers = "*.dnspod.com")
