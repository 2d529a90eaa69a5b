// BlueCat Address Manager, by its Legacy v1 API Guide,
// https://docs.bluecatnetworks.com/r/Address-Manager-Legacy-v1-API-Guide/ (login, getEntityByName,
// getEntities, addEntity, delete, quickDeploy)
//
// Zones are nested by label: "com" is in the view, "example" in "com". A change reaches the servers when the
// zone is deployed, which certo requests even if it changed nothing: a run that died may not have done it.
#include <algorithm>

#include "sdk/provider.hpp"
#include "sdk/quoted_values.h"

namespace {

using certo::Fields;
using certo::Json;
using namespace certo::sdk;

constexpr std::string_view token_start = "BAMAuthToken: ";
constexpr int64_t page_size = 100;

struct BluecatZone {
  int64_t id = 0;
  std::string below;  // the rest of the name
};

/// "ttl=120|absoluteName=a.example.com|txt=value|": the value of `key`.
std::string property(const std::string& properties, std::string_view key) {
  for (const std::string& pair : certo::split(properties, '|')) {
    if (pair.starts_with(key) && pair.substr(key.size()).starts_with('=')) return pair.substr(key.size() + 1);
  }
  return "";
}

class Bluecat {
 public:
  explicit Bluecat(const Host& host) : host_(host), url_(url_of(host)) {
    const Reply reply = send("GET", "login?username=" + escaped(host.require("BLUECAT_USER_NAME")) +
                                        "&password=" + escaped(host.require("BLUECAT_PASSWORD")));
    header_ = "Authorization: " + token_in_login(reply);
    const std::string configuration = host.require("BLUECAT_CONFIG_NAME"),
                      view = host.require("BLUECAT_DNS_VIEW");
    view_ = required(required(0, configuration, "Configuration"), view, "View");
  }
  ~Bluecat() {
    try {
      send("GET", "logout");
    } catch (...) {  // it ends by itself
    }
  }
  Bluecat(const Bluecat&) = delete;
  Bluecat& operator=(const Bluecat&) = delete;

  /// The deepest zone that the name is in.
  BluecatZone zone(const std::string& name) const {
    const std::vector<std::string> labels = certo::split(name, '.');
    int64_t parent = view_;
    size_t left = labels.size();
    while (left > 0) {
      const int64_t id = find(parent, labels[left - 1], "Zone");
      if (id == 0) break;
      parent = id;
      --left;
    }
    if (parent == view_) throw Failure{CERTO_NO_ZONE, "there is no zone for " + name + " in this view"};
    return {parent, certo::join({labels.begin(), labels.begin() + static_cast<long>(left)}, ".")};
  }

  /// The ids of the name's records that have this value.
  std::vector<int64_t> records(const BluecatZone& zone, const std::string& name,
                               const std::string& value) const {
    std::vector<int64_t> found;
    for (int64_t start = 0;; start += page_size) {
      const Reply reply = send("GET", "getEntities?parentId=" + std::to_string(zone.id) +
                                          "&type=TXTRecord&start=" + std::to_string(start) +
                                          "&count=" + std::to_string(page_size));
      const Json json = reply.json();
      if (!json.is_array()) throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a list"};
      for (const Json& entry : json.items()) {
        const Fields record(entry, reply.subject, certo::Exit::failed);
        const std::string properties = record.optional_string("properties").value_or("");
        if (certo::lower(property(properties, "absoluteName")) == name &&
            is_same_text(property(properties, "txt"), value))
          found.push_back(record.integer("id"));
      }
      if (json.items().size() < static_cast<size_t>(page_size)) return found;
    }
  }

  void add(const BluecatZone& zone, const std::string& name, const std::string& value, uint32_t ttl) const {
    if (value.find('|') != value.npos)
      throw Failure{CERTO_FAILED,
                    "Address Manager's API separates properties by '|', which the value contains"};
    const Json record = Json::Object{
        {"name", zone.below},
        {"type", "TXTRecord"},
        {"properties", "ttl=" + std::to_string(ttl) + "|absoluteName=" + name + "|txt=" + value + "|"}};
    const Reply reply = send("POST", "addEntity?parentId=" + std::to_string(zone.id), record);
    if (!certo::number(certo::trim(reply.body), 1, INT64_MAX))
      throw Failure{CERTO_FAILED, "addEntity answered without the id of a record"};
  }

  void remove(int64_t id) const { send("DELETE", "delete?objectId=" + std::to_string(id)); }

  void deploy(int64_t zone) const { send("POST", "quickDeploy?entityId=" + std::to_string(zone)); }

 private:
  static std::string url_of(const Host& host) {
    return (host.setting("BASE_URL") ? host.base_url() : host.require("BLUECAT_SERVER_URL")) +
           "/Services/REST/v1/";
  }

  /// "Session Token-> BAMAuthToken: dQfu…= <- for User : me"
  static std::string token_in_login(const Reply& reply) {
    if (reply.body.find("Authentication Error") != std::string::npos)
      throw Failure{CERTO_CONFIG, "the credentials are refused: Authentication Error"};
    const size_t begin = reply.body.find(token_start);
    const size_t end = begin == std::string::npos ? begin : reply.body.find(' ', begin + token_start.size());
    const std::string token = end == std::string::npos ? "" : reply.body.substr(begin, end - begin);
    if (token.size() <= token_start.size() ||
        !std::ranges::all_of(token, [](char c) { return c >= ' ' && c < 0x7f; }))
      throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a token"};
    return token;
  }

  int64_t find(int64_t parent, const std::string& name, const char* type) const {
    const Reply reply = send("GET", "getEntityByName?parentId=" + std::to_string(parent) +
                                        "&name=" + escaped(name) + "&type=" + type);
    const Json json = reply.json();
    const Json* const id = json.find("id");  // 0, or no object, if there is none
    return id && id->is_integer() ? id->integer() : 0;
  }

  int64_t required(int64_t parent, const std::string& name, const char* type) const {
    const int64_t id = find(parent, name, type);
    if (id == 0)
      throw Failure{CERTO_CONFIG, "Address Manager has no " + std::string(type) + " '" + name + "'"};
    return id;
  }

  Reply send(const char* method, const std::string& path, const Json& body = {}) const {
    Request request{method, url_ + path, {"Accept: application/json"}};
    if (!header_.empty()) request.headers.push_back(header_);
    if (!body.is_null()) {
      request.headers.emplace_back("Content-Type: application/json");
      request.body = to_json(body);
    }
    Reply reply = host_.http(request);
    const bool is_gone = std::string_view(method) == "DELETE" && reply.status == 404;
    if (!reply.ok() && !is_gone)
      throw Failure{CERTO_FAILED, reply.subject + " answered " + std::to_string(reply.status)};
    return reply;
  }

  const Host& host_;
  std::string url_, header_{};
  int64_t view_ = 0;
};

void change_records(const Host& host, Records records, Change change) {
  const Bluecat api(host);
  std::vector<int64_t> zones;
  for (const auto& [name, values] : by_name(records)) {
    const BluecatZone zone = api.zone(name);
    for (const std::string& value : merged({}, values, Change::add)) {
      const std::vector<int64_t> held = api.records(zone, name, value);
      if (change == Change::add && held.empty()) api.add(zone, name, value, records.front().ttl);
      for (const int64_t id : held) {
        if (change == Change::remove) api.remove(id);
      }
    }
    if (std::ranges::count(zones, zone.id) == 0) zones.push_back(zone.id);
  }
  if (certo::lower(host.setting("BLUECAT_SKIP_DEPLOY").value_or("")) == "true") return;
  for (const int64_t zone : zones) api.deploy(zone);
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(.name = "bluecat", .title = "BlueCat Address Manager",
               .settings =
                   {
                       {"BLUECAT_SERVER_URL", "", "the server, like https://bam.example.com", 1},
                       {"BLUECAT_USER_NAME", "", "a user that can use the API", 1},
                       {"BLUECAT_PASSWORD", "", "... its password", 1},
                       {"BLUECAT_CONFIG_NAME", "", "the configuration that has the view", 1},
                       {"BLUECAT_DNS_VIEW", "", "the DNS view that has the zone", 1},
                       {"BLUECAT_SKIP_DEPLOY", "", "true: do not deploy; something else does it", 0},
                       {"BLUECAT_BASE_URL", "", "the same as BLUECAT_SERVER_URL", 0},
                   },
               .rights = "full access to the zone, and deployment", .source = "table")
