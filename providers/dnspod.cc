// DNSPod.cn, by https://docs.dnspod.cn/api/ (see sdk/dnspod.h)
#include "sdk/dnspod.h"

namespace {

using namespace certo::sdk;

struct Service : Dnspod {
  explicit Service(const Host& host)
      : Dnspod(host, token_of(host, "DNSPOD_API_KEY", "DNSPOD_ID", "DNSPOD_KEY"), "默认") {}
};

constexpr Work present = change_by<Service, Change::add>;
constexpr Work cleanup = change_by<Service, Change::remove>;

}  // namespace

CERTO_PROVIDER(.name = "dnspod", .aliases = "dns_dp", .title = "DNSPod.cn", .base_url = "https://dnsapi.cn",
               .settings =
                   {
                       {"DNSPOD_API_KEY", "",
                        "a token as ID,TOKEN: https://console.dnspod.cn/account/token/token", 1},
                       {"DNSPOD_ID", "DP_Id", "... or its ID", 2},
                       {"DNSPOD_KEY", "DP_Key", "... and the token itself", 2},
                   },
               .name_servers = "*.dnspod.net *.dnsv?.com")
