// Rackspace Cloud DNS, by https://docs.rackspace.com/docs/cloud-dns/v1/getting-started/authenticate,
// https://docs.rackspace.com/docs/cloud-dns/v1/api-reference/domains and
// https://docs.rackspace.com/docs/cloud-dns/v1/api-reference/records
//
// Changes are jobs that run later, and a domain takes one at a time: all changes of a domain are one request.
#include <algorithm>

#include "sdk/keystone.h"
#include "sdk/quoted_values.h"

namespace {

using certo::Fields;
using certo::Json;
using namespace certo::sdk;

constexpr uint32_t least_ttl = 300;
constexpr const char* identity_url = "https://identity.api.rackspacecloud.com/v2.0/tokens";

struct Held {
  std::string id, value;
};

class Rackspace {
 public:
  explicit Rackspace(const Host& host) : host_(host) {
    const Json key = Json::Object{{"username", host.require("RACKSPACE_USER")},
                                  {"apiKey", host.require("RACKSPACE_API_KEY")}};
    const Keystone keystone =
        keystone_v2_login(host, host.setting("RACKSPACE_IDENTITY_URL").value_or(identity_url),
                          Json::Object{{"RAX-KSKEY:apiKeyCredentials", key}});
    token_ = keystone.header();
    url_ = host.setting("BASE_URL") ? host.base_url() : dns_service(keystone.catalog);
  }

  std::optional<std::string> zone(const std::string& name) const {
    const Reply reply = send("GET", "/domains?name=" + escaped(name));
    if (reply.status == 404) return std::nullopt;
    const Json json = reply.json();
    for (const Json& entry : Fields(json, reply.subject, certo::Exit::failed).array("domains")) {
      if (certo::lower(text(entry, "name")) == name) return text(entry, "id");
    }
    return std::nullopt;
  }

  std::vector<Held> records(const std::string& zone, const std::string& name) const {
    const Reply reply = send("GET", records_of(zone) + "?type=TXT&name=" + escaped(name));
    std::vector<Held> found;
    if (reply.status == 404) return found;
    const Json json = reply.json();
    for (const Json& entry : Fields(json, reply.subject, certo::Exit::failed).array("records")) {
      if (certo::lower(text(entry, "name")) == name && text(entry, "type") == "TXT")
        found.push_back({text(entry, "id"), text(entry, "data")});
    }
    return found;
  }

  void add(const std::string& zone, Json::Array records) const {
    send("POST", records_of(zone), Json::Object{{"records", std::move(records)}});
  }

  void remove(const std::string& zone, const std::vector<std::string>& ids) const {
    std::string query;
    for (const std::string& id : ids) query += (query.empty() ? "?id=" : "&id=") + escaped(id);
    send("DELETE", records_of(zone) + query);
  }

 private:
  static std::string records_of(const std::string& zone) { return "/domains/" + escaped(zone) + "/records"; }

  /// Ids were numbers once.
  static std::string text(const Json& entry, const char* key) {
    const Json* const value = entry.find(key);
    if (value && value->is_integer()) return std::to_string(value->integer());
    return Fields(entry, "the list", certo::Exit::failed).string(key);
  }

  /// [{"name":"cloudDNS","endpoints":[{"publicURL":"https://dns.api.rackspacecloud.com/v1.0/123456"}]}]
  static std::string dns_service(const Json& catalog) {
    if (catalog.is_array()) {
      for (const Json& service : catalog.items()) {
        const Json* const name = service.find("name");
        const Json* const endpoints = service.find("endpoints");
        if (!name || *name != Json("cloudDNS") || !endpoints || !endpoints->is_array()) continue;
        for (const Json& endpoint : endpoints->items()) return text(endpoint, "publicURL");
      }
    }
    throw Failure{CERTO_CONFIG, "the account has no Cloud DNS"};
  }

  Reply send(const char* method, const std::string& path, const Json& body = {}) const {
    Request request{method, url_ + path, {token_, "Accept: application/json"}};
    if (!body.is_null()) {
      request.headers.emplace_back("Content-Type: application/json");
      request.body = to_json(body);
    }
    Reply reply = host_.raw_http(request);
    // {"code":413,"message":"…"}: Rackspace's status of a limit on requests.
    if (reply.status == 413) throw Failure{CERTO_LATER, "rate limited: " + reply.subject + " answered 413"};
    require_openstack(reply, std::string_view(method) == "POST" ? 0 : 404);
    return reply;
  }

  const Host& host_;
  std::string url_, token_;
};

void change_records(const Host& host, Records records, Change change) {
  const Rackspace api(host);
  ZoneFinder<std::string> zones(host, [&](const std::string& name) { return api.zone(name); });
  std::map<std::string, Json::Array> additions;
  std::map<std::string, std::vector<std::string>> removals;
  for (const auto& [name, values] : by_name(records)) {
    const std::string zone = zones.find(name);
    const std::vector<Held> held = api.records(zone, name);
    for (const std::string& value : merged({}, values, Change::add)) {
      const auto is_it = [&](const Held& record) { return is_same_text(record.value, value); };
      for (const Held& record : held) {
        if (change == Change::remove && is_it(record)) removals[zone].push_back(record.id);
      }
      if (change == Change::remove || std::ranges::any_of(held, is_it)) continue;
      additions[zone].push_back(
          Json::Object{{"name", name},
                       {"type", "TXT"},
                       {"data", value},
                       {"ttl", static_cast<int64_t>(std::max(records.front().ttl, least_ttl))}});
    }
  }
  for (const auto& [zone, list] : additions) api.add(zone, list);
  for (const auto& [zone, ids] : removals) api.remove(zone, ids);
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(.name = "rackspace", .aliases = "dns_rackspace", .title = "Rackspace Cloud DNS",
               .settings =
                   {
                       {"RACKSPACE_USER", "RACKSPACE_Username", "the user that you log in with", 1},
                       {"RACKSPACE_API_KEY", "RACKSPACE_Apikey",
                        "the user's API key: https://account.rackspace.com/users", 1},
                       {"RACKSPACE_IDENTITY_URL", "", "another URL to log in", 0},
                       {"RACKSPACE_BASE_URL", "",
                        "the DNS service, if it is not that of the account's catalog", 0},
                   },
               .name_servers = "dns?.stabletransit.com ns.rackspace.com ns2.rackspace.com",
               .rights = "Cloud DNS: creator and editor", .source = "table")
