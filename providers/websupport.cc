// Websupport, by https://rest.websupport.sk/v2/docs (see sdk/websupport.h)
#include "sdk/websupport.h"

namespace {

using namespace certo::sdk;

struct Service : certo::sdk::Websupport {
  explicit Service(const Host& host)
      : certo::sdk::Websupport(host, "WEBSUPPORT_API_KEY", "WEBSUPPORT_SECRET") {}
};

constexpr Work present = change_by<Service, Change::add>;
constexpr Work cleanup = change_by<Service, Change::remove>;

}  // namespace

CERTO_PROVIDER(.name = "websupport", .aliases = "dns_websupport", .title = "Websupport",
               .base_url = "https://rest.websupport.sk",
               .settings =
                   {
                       {"WEBSUPPORT_API_KEY", "WS_ApiKey",
                        "an API key's identifier: https://admin.websupport.sk/en/auth/apiKey", 1},
                       {"WEBSUPPORT_SECRET", "WS_ApiSecret", "... its secret key", 1},
                   },
               .name_servers = "ns?.websupport.sk")
