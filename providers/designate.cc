// OpenStack Designate, by https://docs.openstack.org/api-ref/dns/dns-api-v2-index.html, with the variables of
// https://docs.openstack.org/python-openstackclient/latest/cli/man/openstack.html
#include "sdk/designate.h"

namespace {

using certo::Json;
using namespace certo::sdk;

/// {"id":…} or {"name":…} of the domain of a user or a project; what a new cloud calls its first domain, if
/// none is set.
Json domain_by(const Host& host, const char* id, const char* name) {
  if (const auto value = host.setting(id)) return Json::Object{{"id", *value}};
  if (const auto value = host.setting(name)) return Json::Object{{"name", *value}};
  return Json::Object{{"id", "default"}};
}

Json user_of(const Host& host) {
  if (const auto id = host.setting("OS_USER_ID")) return Json::Object{{"id", *id}};
  return Json::Object{{"name", host.require("OS_USERNAME")},
                      {"domain", domain_by(host, "OS_USER_DOMAIN_ID", "OS_USER_DOMAIN_NAME")}};
}

Json identity_of(const Host& host) {
  const auto secret = host.setting("OS_APPLICATION_CREDENTIAL_SECRET");
  if (!secret) {
    Json user = user_of(host);
    return keystone_password(user.set("password", host.require("OS_PASSWORD")));
  }
  Json credential = Json::object();
  if (const auto id = host.setting("OS_APPLICATION_CREDENTIAL_ID")) {
    credential.set("id", *id);
  } else {
    credential.set("name", host.require("OS_APPLICATION_CREDENTIAL_NAME")).set("user", user_of(host));
  }
  credential.set("secret", *secret);
  return Json::Object{{"methods", Json::Array{"application_credential"}},
                      {"application_credential", std::move(credential)}};
}

/// An application credential has its project.
Json scope_of(const Host& host) {
  if (host.setting("OS_APPLICATION_CREDENTIAL_SECRET")) return {};
  Json project;
  if (const auto id = host.setting("OS_PROJECT_ID")) {
    project.set("id", *id);
  } else if (const auto name = host.setting("OS_PROJECT_NAME")) {
    const bool has_own = host.setting("OS_PROJECT_DOMAIN_ID") || host.setting("OS_PROJECT_DOMAIN_NAME");
    project.set("name", *name)
        .set("domain", has_own ? domain_by(host, "OS_PROJECT_DOMAIN_ID", "OS_PROJECT_DOMAIN_NAME")
                               : domain_by(host, "OS_USER_DOMAIN_ID", "OS_USER_DOMAIN_NAME"));
  } else {
    throw Failure{CERTO_CONFIG, "neither OS_PROJECT_NAME nor OS_PROJECT_ID is set"};
  }
  return Json::Object{{"project", std::move(project)}};
}

/// OS_AUTH_URL with or without a version; only version 3 is left in OpenStack.
std::string tokens_url(const Host& host) {
  std::string url = host.require("OS_AUTH_URL");
  while (url.ends_with('/')) url.pop_back();
  if (url.ends_with("/v2.0")) url.resize(url.size() - 5);
  return url + (url.ends_with("/v3") ? "" : "/v3") + "/auth/tokens";
}

std::string dns_url(const Host& host, const Keystone& keystone) {
  std::string url = host.setting("BASE_URL") ? host.base_url() : "";
  if (url.empty()) url = keystone_endpoint(keystone, "dns", host.setting("OS_REGION_NAME").value_or(""));
  return url.ends_with("/v2") ? url : url + "/v2";
}

void change_records(const Host& host, Records records, Change change) {
  if (host.setting("OS_CLOUD") && !host.setting("OS_AUTH_URL"))
    throw Failure{CERTO_CONFIG, "clouds.yaml (OS_CLOUD) is not supported: set OS_AUTH_URL and what it has"};
  const Keystone keystone = keystone_login(host, tokens_url(host), identity_of(host), scope_of(host));
  change_designate({.host = host,
                    .url = dns_url(host, keystone),
                    .token_header = keystone.header(),
                    .zone_filter = "",
                    .repeats_name = false,
                    .least_ttl = 1},
                   records, change);
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(
        .name = "designate", .aliases = "dns_openstack openstack", .title = "OpenStack Designate",
        .propagation = 600,
        .settings =
            {
                {"OS_AUTH_URL", "", "the identity service, like https://keystone.example.com:5000/v3", 1},
                {"OS_APPLICATION_CREDENTIAL_SECRET", "",
                 "the secret of an application credential: 'openstack application credential create'", 0},
                {"OS_APPLICATION_CREDENTIAL_ID", "", "... its id", 0},
                {"OS_APPLICATION_CREDENTIAL_NAME", "", "... or its name, together with a user", 0},
                {"OS_USERNAME", "", "instead of an application credential: a user's name", 0},
                {"OS_USER_ID", "", "... or id", 0},
                {"OS_PASSWORD", "", "... the user's password", 0},
                {"OS_USER_DOMAIN_NAME", "OS_DOMAIN_NAME", "... the user's domain, by name", 0},
                {"OS_USER_DOMAIN_ID", "OS_DOMAIN_ID", "... or by id (default: default)", 0},
                {"OS_PROJECT_NAME", "OS_TENANT_NAME", "... the project that has the zone, by name", 0},
                {"OS_PROJECT_ID", "OS_TENANT_ID", "... or by id", 0},
                {"OS_PROJECT_DOMAIN_NAME", "", "... the project's domain, if it is not the user's, by name",
                 0},
                {"OS_PROJECT_DOMAIN_ID", "", "... or by id", 0},
                {"OS_REGION_NAME", "", "the region, if the cloud has several", 0},
                {"OS_CLOUD", "", "not supported", 0},
                {"DESIGNATE_ZONE", "DESIGNATE_ZONE_NAME", "the zone of the names, if certo does not find it",
                 0},
                {"DESIGNATE_BASE_URL", "", "the DNS service, if it is not that of the cloud's catalog", 0},
            },
        .rights = "member of the project that has the zone")
