// Azure DNS, by https://learn.microsoft.com/en-us/rest/api/dns/ (version 2018-05-01) and, for tokens,
// https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow and
// https://learn.microsoft.com/en-us/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
//
// A record set is replaced as a whole, under the condition that it is still the one that was read.
#include <algorithm>

#include "sdk/oauth.h"
#include "sdk/provider.hpp"

namespace {

using certo::Fields;
using certo::Json;
using namespace certo::sdk;

constexpr const char* api_version = "?api-version=2018-05-01";
constexpr int attempts = 2;  // at a record set that somebody else is changing, too
constexpr const char* metadata_url = "http://169.254.169.254/metadata";

struct Cloud {
  const char *name, *login, *management;
};

constexpr Cloud clouds[] = {
    {"public", "https://login.microsoftonline.com", "https://management.azure.com"},
    {"usgovernment", "https://login.microsoftonline.us", "https://management.usgovcloudapi.net"},
    {"china", "https://login.chinacloudapi.cn", "https://management.chinacloudapi.cn"},
};

const Cloud& cloud(const Host& host) {
  const std::string name = certo::lower(host.setting("AZURE_ENVIRONMENT").value_or(clouds[0].name));
  const auto found = std::ranges::find(clouds, name, &Cloud::name);
  if (found != std::end(clouds)) return *found;
  throw Failure{CERTO_CONFIG, "AZURE_ENVIRONMENT must be public, usgovernment or china"};
}

/// What the metadata service says about the machine that certo runs on.
Reply metadata(const Host& host, const std::string& path) {
  try {
    return host.raw_http({"GET", metadata_url + path, {"Metadata: true"}});
  } catch (const Failure&) {
    throw Failure{CERTO_CONFIG, "AZURE_CLIENT_SECRET is not set, and this machine has no managed identity"};
  }
}

std::string access_token(const Host& host) {
  if (const auto token = host.setting("AZURE_ACCESS_TOKEN")) return *token;
  const std::string resource = cloud(host).management;
  const auto secret = host.setting("AZURE_CLIENT_SECRET");
  const auto federated = host.setting("AZURE_FEDERATED_TOKEN_FILE");
  if (!secret && !federated) {
    const auto client = host.setting("AZURE_MANAGED_IDENTITY_CLIENT_ID");
    return token_in(
        metadata(host, "/identity/oauth2/token?api-version=2018-02-01&resource=" + escaped(resource + "/") +
                           (client ? "&client_id=" + escaped(*client) : "")));
  }

  Parameters parameters = {{"grant_type", "client_credentials"},
                           {"client_id", host.require("AZURE_CLIENT_ID")},
                           {"scope", resource + "/.default"}};
  if (secret) {
    parameters.emplace_back("client_secret", *secret);
  } else {
    parameters.emplace_back("client_assertion_type",
                            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    parameters.emplace_back("client_assertion", std::string(certo::trim(*federated)));
  }
  const std::string tenant = escaped(host.require("AZURE_TENANT_ID"));
  return oauth_token(host, std::string(cloud(host).login) + "/" + tenant + "/oauth2/v2.0/token", parameters);
}

std::string subscription(const Host& host) {
  if (const auto set = host.setting("AZURE_SUBSCRIPTION_ID")) return *set;
  if (host.setting("AZURE_CLIENT_SECRET") || host.setting("AZURE_FEDERATED_TOKEN_FILE") ||
      host.setting("AZURE_ACCESS_TOKEN"))
    return host.require("AZURE_SUBSCRIPTION_ID");
  const Reply reply = metadata(host, "/instance/compute/subscriptionId?api-version=2021-02-01&format=text");
  if (!reply.ok() || reply.body.empty())
    throw Failure{CERTO_CONFIG, "AZURE_SUBSCRIPTION_ID is not set, and this machine does not know one"};
  return reply.body;
}

/// {"error":{"code":"…","message":"…"}}, or the same without "error" around it.
std::string reason(const Reply& reply) {
  try {
    const Json json = reply.json();
    const Json* error = json.find("error");
    const Json* message = (error ? *error : json).find("message");
    if (!message || !message->is_string()) return "";
    return message->string().substr(0, message->string().find_first_of("\r\n"));
  } catch (const Failure&) {
    return "";
  }
}

[[noreturn]] void refuse(const Reply& reply, certo_status status) {
  const std::string why = reason(reply);
  throw_if_refused(reply, why);
  throw Failure{
      status, reply.subject + " answered " + std::to_string(reply.status) + (why.empty() ? "" : ": " + why)};
}

struct Zone {
  std::string name, url;
};

/// "https://host/path?query" gives "/path?query".
std::string path_of(const std::string& url) {
  const size_t slash = url.find('/', url.find("://") + 3);
  return slash == url.npos ? "" : url.substr(slash);
}

class Api {
 public:
  explicit Api(const Host& host)
      : host_(host),
        root_(management(host)),
        zones_(zones_of(host)),
        token_(bearer(access_token(host))),
        group_(host.setting("AZURE_RESOURCE_GROUP")),
        named_zone_(host.setting("AZURE_ZONE_NAME")) {}

  std::optional<Zone> zone(const std::string& name) {
    if (named_zone_ && name != *named_zone_) return std::nullopt;
    // Credentials for one zone may not be allowed to list all zones.
    if (group_ && (named_zone_ || host_.setting("ZONE"))) return Zone{name, zones_ + "/" + escaped(name)};
    if (!list_) list_ = read_list();
    const auto found = std::ranges::find(*list_, name, &Zone::name);
    return found == list_->end() ? std::nullopt : std::optional(*found);
  }

  /// The TXT record set, or null.
  Json read(const Zone& zone, const std::string& name) const {
    const Reply reply = send({"GET", record_set(zone, name), {token_}});
    if (reply.status == 404) return {};
    if (!reply.ok()) refuse(reply, CERTO_FAILED);
    return reply.json();
  }

  /// False if it has changed since it was read; `etag` is empty if it did not exist.
  bool write(const Zone& zone, const std::string& name, const std::string& etag,
             const Json& properties) const {
    Json body = Json::object();
    body.set("properties", properties);
    const std::string condition = etag.empty() ? "If-None-Match: *" : "If-Match: " + etag;
    return is_done(send({"PUT",
                         record_set(zone, name),
                         {token_, condition, "Content-Type: application/json"},
                         certo::to_json(body)}),
                   CERTO_NO_ZONE);
  }

  bool remove(const Zone& zone, const std::string& name, const std::string& etag) const {
    const Reply reply = send({"DELETE", record_set(zone, name), {token_, "If-Match: " + etag}});
    return reply.status == 404 || is_done(reply, CERTO_FAILED);
  }

 private:
  /// AZUREDNS_BASE_URL if it is set, or else the cloud's.
  static std::string management(const Host& host) {
    const std::string base = host.base_url();
    return base == clouds[0].management ? cloud(host).management : base;
  }

  std::string zones_of(const Host& host) const {
    const auto group = host.setting("AZURE_RESOURCE_GROUP");
    return root_ + "/subscriptions/" + escaped(subscription(host)) +
           (group ? "/resourceGroups/" + escaped(*group) : "") + "/providers/Microsoft.Network/dnsZones";
  }

  static std::string record_set(const Zone& zone, const std::string& name) {
    const std::string relative = name == zone.name ? "@" : name.substr(0, name.size() - zone.name.size() - 1);
    return zone.url + "/TXT/" + escaped(relative) + api_version;
  }

  Reply send(const Request& request) const { return host_.raw_http(request); }

  static bool is_done(const Reply& reply, certo_status when_not_found) {
    if (reply.ok()) return true;
    if (reply.status == 412 || reply.status == 409) return false;
    refuse(reply, reply.status == 404 ? when_not_found : CERTO_FAILED);
  }

  std::vector<Zone> read_list() const {
    std::vector<Zone> zones;
    for (std::string url = zones_ + api_version; !url.empty();) {
      const Reply reply = send({"GET", url, {token_}});
      if (!reply.ok()) refuse(reply, CERTO_CONFIG);
      const Json json = reply.json();
      const Fields page(json, reply.subject, certo::Exit::failed);
      for (const Json& entry : page.array("value")) {
        const Fields zone(entry, reply.subject, certo::Exit::failed);
        if (!is_private(zone))
          zones.push_back({certo::lower(zone.string("name")), root_ + path_of_id(zone.string("id"))});
      }
      // The link is followed on the known host only, because the token is sent there.
      const auto next = page.optional_string("nextLink");
      url = next && !next->empty() ? root_ + path_of(*next) : "";
    }
    return zones;
  }

  /// An id is a path, "/subscriptions/…/dnszones/example.com". Nothing in it may change the host or the query
  /// of the URL, because the token goes there.
  static std::string path_of_id(const std::string& id) {
    if (!id.starts_with('/'))
      throw Failure{CERTO_UNREACHABLE, "the list of zones has an id that is not a path: " + id};
    std::string path;
    for (const std::string& segment : certo::split(id.substr(1), '/')) path += "/" + escaped(segment);
    return path;
  }

  static bool is_private(const Fields& zone) {
    const Json* properties = zone.optional_object("properties");
    const Json* type = properties ? properties->find("zoneType") : nullptr;
    return type && type->is_string() && type->string() == "Private";
  }

  const Host& host_;
  std::string root_, zones_, token_;
  std::optional<std::string> group_, named_zone_;
  std::optional<std::vector<Zone>> list_;
};

/// {"value":["one","and its rest"]}: the strings of one record form one text.
std::string text_of(const Json& record) {
  return certo::join(Fields(record, "TXT record", certo::Exit::failed).strings("value"), "");
}

struct RecordSet {
  explicit RecordSet(const Json& json) {
    if (json.is_null()) return;
    const Fields set(json, "record set", certo::Exit::failed);
    etag = set.string("etag");
    const Json* found = set.optional_object("properties");
    if (!found) throw Failure{CERTO_UNREACHABLE, "the service answered a record set without properties"};
    properties = *found;
    if (const auto* list = Fields(properties, "record set", certo::Exit::failed).optional_array("TXTRecords"))
      records = *list;
    for (const Json& record : records) values.push_back(text_of(record));
  }

  /// With these values; existing records stay as they are written there.
  Json with(const std::vector<std::string>& wanted, uint32_t new_ttl) const {
    Json list = Json::array();
    for (const std::string& value : wanted) {
      const auto known = std::ranges::find(values, value);
      if (known != values.end()) {
        list.push(records[static_cast<size_t>(known - values.begin())]);
        continue;
      }
      Json strings = Json::array();
      strings.push(value);
      Json record = Json::object();
      list.push(record.set("value", strings));
    }
    Json made = Json::object();
    if (const Json* metadata = properties.find("metadata")) made.set("metadata", *metadata);
    const Json* ttl = properties.find("TTL");
    return made.set("TTL", ttl ? *ttl : Json(static_cast<int64_t>(new_ttl))).set("TXTRecords", list);
  }

  std::string etag;
  Json properties;
  Json::Array records;
  std::vector<std::string> values;  // of the records, in their order
};

/// False if somebody else changed it meanwhile.
bool edit(const Api& api, const Zone& zone, const std::string& name, const std::vector<std::string>& ours,
          uint32_t ttl, Change change) {
  const RecordSet set(api.read(zone, name));
  const std::vector<std::string> after = merged(set.values, ours, change);
  if (after == set.values) return true;
  if (after.empty()) return api.remove(zone, name, set.etag);
  return api.write(zone, name, set.etag, set.with(after, ttl));
}

void change_records(const Host& host, Records records, Change change) {
  Api api(host);
  ZoneFinder<Zone> zones(host, [&](const std::string& name) { return api.zone(name); });
  for (const auto& [name, ours] : by_name(records)) {
    const Zone& zone = zones.find(name);
    bool is_done = false;
    for (int attempt = 0; attempt < attempts && !is_done; ++attempt)
      is_done = edit(api, zone, name, ours, records.front().ttl, change);
    if (!is_done) throw Failure{CERTO_LATER, "somebody else is changing " + name + " at the same time"};
  }
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(
        .name = "azuredns", .aliases = "azure dns_azure", .title = "Azure DNS",
        .base_url = clouds[0]
        .management,
        .traits = CERTO_NEEDS_NO_SETTING,
        .settings = {
            {"AZURE_TENANT_ID", "AZUREDNS_TENANTID",
             "the directory (tenant) of an app registration that may edit the zone: https://portal.azure.com",
             1},
            {"AZURE_CLIENT_ID", "AZUREDNS_APPID", "... its application (client) id", 1},
            {"AZURE_CLIENT_SECRET", "AZUREDNS_CLIENTSECRET", "... a client secret's value", 1},
            {"AZURE_FEDERATED_TOKEN_FILE", "", "a file with a token of a workload identity", 2},
            {"AZURE_ACCESS_TOKEN", "AZUREDNS_BEARERTOKEN", "an access token that is valid now", 3},
            {"AZURE_SUBSCRIPTION_ID", "AZUREDNS_SUBSCRIPTIONID",
             "the subscription that holds the zone (default: this machine's)", 0},
            {"AZURE_MANAGED_IDENTITY_CLIENT_ID", "",
             "which of this machine's identities to use, without a secret", 0},
            {"AZURE_RESOURCE_GROUP", "", "the zone's resource group, for credentials that cannot list zones",
             0},
            {"AZURE_ZONE_NAME", "", "the zone's name, for credentials that cannot list zones", 0},
            {"AZURE_ENVIRONMENT", "", "public (default), usgovernment or china", 0},
        })
