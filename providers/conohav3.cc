// ConoHa (VPS 3.0), by https://doc.conoha.jp/reference/api-vps3/api-identity-vps3/identity-post_tokens-v3/
// and https://doc.conoha.jp/reference/api-vps3/api-dns-vps3/
#include "sdk/conoha.h"

namespace {

using certo::Json;
using namespace certo::sdk;

void change_records(const Host& host, Records records, Change change) {
  const std::string region = host.setting("CONOHAV3_REGION").value_or("c3j1");
  const Json user = Json::Object{{"id", host.require("CONOHAV3_API_USER_ID")},
                                 {"password", host.require("CONOHAV3_API_PASSWORD")}};
  const Json project = Json::Object{{"id", host.require("CONOHAV3_TENANT_ID")}};
  const std::string identity =
      host.setting("CONOHAV3_IDENTITY_URL").value_or("https://identity." + region + ".conoha.io/v3");
  const Keystone keystone = keystone_login(host, identity + "/auth/tokens", keystone_password(user),
                                           Json::Object{{"project", project}});
  const std::string url =
      host.setting("BASE_URL") ? host.base_url() : "https://dns-service." + region + ".conoha.io";
  change_conoha({.host = host, .url = url, .token_header = keystone.header(), .id = "uuid"}, records, change);
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(.name = "conohav3", .title = "ConoHa (VPS 3.0)",
               .settings =
                   {
                       {"CONOHAV3_TENANT_ID", "",
                        "the tenant's id, shown at https://manage.conoha.jp/V3/API/", 1},
                       {"CONOHAV3_API_USER_ID", "", "the id of an API user, made at the same place", 1},
                       {"CONOHAV3_API_PASSWORD", "", "... its password", 1},
                       {"CONOHAV3_REGION", "", "the region (default: c3j1)", 0},
                       {"CONOHAV3_IDENTITY_URL", "", "another identity service, with /v3 at its end", 0},
                       {"CONOHAV3_BASE_URL", "", "another DNS service", 0},
                   },
               .name_servers = "?.conoha-dns.com ?.conoha-dns.org", .source = "table")
