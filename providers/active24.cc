// Active24, by https://rest.active24.cz/v2/docs (see sdk/websupport.h)
#include "sdk/websupport.h"

namespace {

using namespace certo::sdk;

struct Active24 : certo::sdk::Websupport {
  explicit Active24(const Host& host) : certo::sdk::Websupport(host, "ACTIVE24_API_KEY", "ACTIVE24_SECRET") {}
};

constexpr Work present = change_by<Active24, Change::add>;
constexpr Work cleanup = change_by<Active24, Change::remove>;

}  // namespace

CERTO_PROVIDER(.name = "active24", .aliases = "dns_active24", .title = "Active24",
               .base_url = "https://rest.active24.cz",
               .settings =
                   {
                       {"ACTIVE24_API_KEY", "Active24_ApiKey",
                        "an API key's identifier: https://admin.active24.cz/en/auth/apiKey", 1},
                       {"ACTIVE24_SECRET", "Active24_ApiSecret", "... its secret key", 1},
                   },
               .name_servers = "*.ns.active24.*")
