// Google Cloud DNS, by https://cloud.google.com/dns/docs/reference/rest/v1/ and, for tokens,
// https://developers.google.com/identity/protocols/oauth2/service-account,
// https://cloud.google.com/docs/authentication/application-default-credentials and
// https://cloud.google.com/compute/docs/access/authenticate-workloads
//
// An RRset is changed by deleting the old one and adding the new one. There is one change for each zone: the
// service applies it as a whole or not at all, and not if an RRset has changed since it was read.
#include "sdk/jwt.h"
#include "sdk/oauth.h"
#include "sdk/provider.hpp"
#include "sdk/values.h"

namespace {

using certo::Fields;
using certo::Json;
using namespace certo::sdk;

constexpr const char* dns_scope = "https://www.googleapis.com/auth/ndev.clouddns.readwrite";
constexpr const char* cloud_scope = "https://www.googleapis.com/auth/cloud-platform";
constexpr const char* google_token = "https://oauth2.googleapis.com/token";
constexpr const char* impersonation = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/";
constexpr const char* metadata_url = "http://169.254.169.254/computeMetadata/v1";
constexpr int attempts = 2;         // at a zone that somebody else is changing, too
constexpr int64_t lifetime = 3600;  // seconds, the maximum

// ---- credentials ----

struct Identity {
  std::string token;
  std::string project;        // of the credentials; "" if they do not name one
  std::string quota_project;  // that pays for a person's requests, or ""
};

/// What the metadata service says about the machine that certo runs on.
Reply metadata(const Host& host, const std::string& path, const char* missing) {
  try {
    return host.raw_http({"GET", metadata_url + path, {"Metadata-Flavor: Google"}});
  } catch (const Failure&) {
    throw Failure{CERTO_CONFIG, std::string(missing) + " is not set, and no metadata server answers here"};
  }
}

Identity service_account(const Host& host, const Fields& account, const std::string& scope) {
  const std::string token_url = account.optional_string("token_uri").value_or(google_token);
  if (!token_url.starts_with("https://"))
    throw Failure{CERTO_CONFIG, "the service account's token_uri is not an https URL"};
  const int64_t now = host.now().time_since_epoch().count();
  Json claims = Json::object();
  claims.set("iss", account.string("client_email")).set("scope", scope).set("aud", token_url);
  claims.set("iat", now).set("exp", now + lifetime);
  const std::string assertion = rs256_jwt(host, account.string("private_key"),
                                          account.optional_string("private_key_id").value_or(""), claims);
  return {
      oauth_token(host, token_url,
                  {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"assertion", assertion}}),
      account.optional_string("project_id").value_or(""), ""};
}

Identity person(const Host& host, const Fields& user) {
  return {oauth_token(host, google_token,
                      {{"grant_type", "refresh_token"},
                       {"client_id", user.string("client_id")},
                       {"client_secret", user.string("client_secret")},
                       {"refresh_token", user.string("refresh_token")}}),
          "", user.optional_string("quota_project_id").value_or("")};
}

/// From a file of credentials of any kind.
Identity identity_in(const Host& host, const std::string& text, const std::string& scope) {
  try {
    const Json json = certo::parse_json(text, "the service account", certo::Exit::config);
    const Fields fields(json, "the service account", certo::Exit::config);
    const std::string type = fields.string("type");
    if (type == "service_account") return service_account(host, fields, scope);
    if (type == "authorized_user") return person(host, fields);
    throw Failure{CERTO_CONFIG, "credentials of the type " + type +
                                    " are not supported, only service_account and authorized_user"};
  } catch (const certo::Error& error) {
    throw Failure{CERTO_CONFIG, error.message};
  }
}

/// {"error":{"code":403,"message":"…","errors":[{"reason":"…"}]}}
struct Refusal {
  std::string message, reason;

  explicit Refusal(const Reply& reply) {
    try {
      const Json json = reply.json();
      const Json* error = json.find("error");
      if (!error) return;
      if (const Json* said = error->find("message"); said && said->is_string())
        message = said->string().substr(0, said->string().find_first_of("\r\n"));
      const Json* list = error->find("errors");
      if (!list || !list->is_array() || list->items().empty()) return;
      const Json* said = list->items().front().find("reason");
      if (said && said->is_string()) reason = said->string();
    } catch (const Failure&) {
      // The page of a gateway is not JSON; its status is enough.
    }
  }
};

[[noreturn]] void refuse(const Reply& reply) {
  const Refusal refusal(reply);
  if (refusal.reason == "rateLimitExceeded" || refusal.reason == "userRateLimitExceeded")
    throw Failure{CERTO_LATER, "rate limited: " + refusal.message};
  throw_if_refused(reply, refusal.message);
  throw Failure{reply.status == 404 ? CERTO_NO_ZONE : CERTO_FAILED,
                reply.subject + " answered " + std::to_string(reply.status) +
                    (refusal.message.empty() ? "" : ": " + refusal.message)};
}

/// A token of `account`, for an identity that may create one.
std::string impersonated(const Host& host, const std::string& account, const std::string& token) {
  Json scopes = Json::array();
  scopes.push(dns_scope);
  Json body = Json::object();
  body.set("scope", scopes).set("lifetime", std::to_string(lifetime) + "s");
  const Reply reply = host.raw_http({.method = "POST",
                                     .url = impersonation + escaped(account) + ":generateAccessToken",
                                     .headers = {bearer(token), "Content-Type: application/json"},
                                     .body = certo::to_json(body),
                                     .reads = true});
  if (reply.status == 404)
    throw Failure{CERTO_CONFIG, "GCE_IMPERSONATE_SERVICE_ACCOUNT: " + Refusal(reply).message};
  if (!reply.ok()) refuse(reply);
  const Json json = reply.json();
  return Fields(json, reply.subject, certo::Exit::failed).string("accessToken");
}

Identity identify(const Host& host) {
  const auto target = host.setting("GCE_IMPERSONATE_SERVICE_ACCOUNT");
  auto credentials = host.setting("GCE_SERVICE_ACCOUNT");
  if (!credentials) credentials = host.setting("GCE_SERVICE_ACCOUNT_FILE");
  Identity identity;
  if (credentials) {
    identity = identity_in(host, *credentials, target ? cloud_scope : dns_scope);
  } else {
    identity.token =
        token_in(metadata(host, "/instance/service-accounts/default/token", "GCE_SERVICE_ACCOUNT_FILE"));
  }
  if (target) identity.token = impersonated(host, *target, identity.token);

  if (const auto project = host.setting("GCE_PROJECT")) identity.project = *project;
  if (!identity.project.empty()) return identity;
  const Reply reply = metadata(host, "/project/project-id", "GCE_PROJECT");
  if (!reply.ok() || reply.body.empty()) throw Failure{CERTO_CONFIG, "GCE_PROJECT is not set"};
  identity.project = reply.body;
  return identity;
}

// ---- zones and RRsets ----

class Api {
 public:
  explicit Api(const Host& host) : Api(host, identify(host)) {}

  /// The zone's URL. A public zone is preferred to a private one of the same name.
  std::optional<std::string> zone(const std::string& name) const {
    std::optional<std::string> found;
    std::string page;
    do {
      const Reply reply = send({"GET", zones_ + "?dnsName=" + escaped(name + ".") + page, headers_});
      const Json json = reply.json();
      const Fields list(json, reply.subject, certo::Exit::failed);
      for (const Json& entry : or_empty(list.optional_array("managedZones"))) {
        const Fields zone(entry, reply.subject, certo::Exit::failed);
        if (zone.string("dnsName") != name + ".") continue;
        const bool is_private = zone.optional_string("visibility") == "private";
        if (is_private && (!takes_private_ || found)) continue;
        found = url_of(zone.string("name"));
        if (!is_private) return found;
      }
      const auto next = list.optional_string("nextPageToken");
      page = next && !next->empty() ? "&pageToken=" + escaped(*next) : "";
    } while (!page.empty());
    return found;
  }

  std::string url_of(const std::string& zone) const { return zones_ + "/" + escaped(zone); }

  /// The TXT RRset of `name`, or null.
  Json rrset(const std::string& zone, const std::string& name) const {
    const Reply reply = send({"GET", zone + "/rrsets?name=" + escaped(name + ".") + "&type=TXT", headers_});
    const Json json = reply.json();
    const Fields list(json, reply.subject, certo::Exit::failed);
    for (const Json& entry : or_empty(list.optional_array("rrsets"))) {
      const Fields rrset(entry, reply.subject, certo::Exit::failed);
      if (rrset.string("name") == name + "." && rrset.string("type") == "TXT") return entry;
    }
    return {};
  }

  /// False if an RRset has changed since it was read.
  bool change(const std::string& zone, const Json& change) const {
    std::vector<std::string> headers = headers_;
    headers.emplace_back("Content-Type: application/json");
    const Reply reply = host_.raw_http({"POST", zone + "/changes", headers, certo::to_json(change)});
    if (reply.status == 412 || reply.status == 409) return false;
    if (!reply.ok()) refuse(reply);
    return true;
  }

 private:
  Api(const Host& host, const Identity& identity)
      : host_(host),
        zones_(host.base_url() + "/projects/" + escaped(identity.project) + "/managedZones"),
        headers_{bearer(identity.token)},
        takes_private_(host.setting("GCE_ALLOW_PRIVATE_ZONE").value_or("false") == "true") {
    if (!identity.quota_project.empty()) headers_.push_back("X-Goog-User-Project: " + identity.quota_project);
  }

  static const Json::Array& or_empty(const Json::Array* list) {
    static const Json::Array none;
    return list ? *list : none;
  }

  Reply send(const Request& request) const {
    Reply reply = host_.raw_http(request);
    if (!reply.ok()) refuse(reply);
    return reply;
  }

  const Host& host_;
  std::string zones_;
  std::vector<std::string> headers_;
  bool takes_private_;
};

using Names = std::map<std::string, std::vector<std::string>>;  // values by name

/// One change for all names of a zone; null if there is nothing to change.
Json change_of(const Api& api, const std::string& zone, const Names& names, uint32_t ttl, Change change) {
  Json additions = Json::array(), deletions = Json::array();
  for (const auto& [name, values] : names) {
    const Json before = api.rrset(zone, name);
    if (before.find("routingPolicy"))
      throw Failure{CERTO_FAILED, "the TXT records of " + name + " have a routing policy"};
    std::vector<std::string> texts;
    if (!before.is_null()) texts = Fields(before, "RRset", certo::Exit::failed).strings("rrdatas");
    const std::vector<std::string> after = merged_texts(texts, values, change);
    if (after == texts) continue;
    if (!before.is_null()) deletions.push(before);
    if (after.empty()) continue;

    const Json* old_ttl = before.find("ttl");
    Json list = Json::array();
    for (const std::string& text : after) list.push(text);
    Json rrset = Json::object();
    rrset.set("name", name + ".").set("type", "TXT");
    rrset.set("ttl", old_ttl ? *old_ttl : Json(static_cast<int64_t>(ttl))).set("rrdatas", list);
    additions.push(rrset);
  }
  if (additions.items().empty() && deletions.items().empty()) return {};
  Json made = Json::object();
  return made.set("additions", additions).set("deletions", deletions);
}

/// False if somebody else changed the zone meanwhile.
bool edit(const Api& api, const std::string& zone, const Names& names, uint32_t ttl, Change change) {
  const Json made = change_of(api, zone, names, ttl, change);
  return made.is_null() || api.change(zone, made);
}

void change_records(const Host& host, Records records, Change change) {
  const Api api(host);
  const auto fixed = host.setting("GCE_ZONE_ID");
  ZoneFinder<std::string> zones(host, [&](const std::string& name) { return api.zone(name); });
  std::map<std::string, Names> by_zone;
  for (const auto& [name, values] : by_name(records))
    by_zone[fixed ? api.url_of(*fixed) : zones.find(name)][name] = values;

  for (const auto& [zone, names] : by_zone) {
    bool is_done = false;
    for (int attempt = 0; attempt < attempts && !is_done; ++attempt)
      is_done = edit(api, zone, names, records.front().ttl, change);
    if (!is_done)
      throw Failure{CERTO_LATER, "somebody else is changing " + names.begin()->first + " at the same time"};
  }
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(
        .name = "gcloud", .aliases = "dns_gcloud gcp googleclouddns", .title = "Google Cloud DNS",
        .base_url = "https://dns.googleapis.com/dns/v1", .propagation = 180, .traits = CERTO_NEEDS_NO_SETTING,
        .settings = {
            {"GCE_SERVICE_ACCOUNT", "",
             "a service account's key in JSON, which may edit DNS: https://console.cloud.google.com", 1},
            {"GCE_SERVICE_ACCOUNT_FILE",
             "GOOGLE_APPLICATION_CREDENTIALS ~/.config/gcloud/application_default_credentials.json",
             "the file that holds it, or what `gcloud auth application-default login` wrote", 2},
            {"GCE_PROJECT", "GCP_PROJECT GOOGLE_CLOUD_PROJECT",
             "the zone's project (default: the service account's, or this machine's)", 0},
            {"GCE_ZONE_ID", "", "the managed zone's name, for credentials that cannot list zones", 0},
            {"GCE_ALLOW_PRIVATE_ZONE", "", "true: use a private zone if there is no public one", 0},
            {"GCE_IMPERSONATE_SERVICE_ACCOUNT", "", "e-mail address of a service account to act as", 0},
        })
