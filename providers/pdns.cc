// PowerDNS Authoritative Server, by https://doc.powerdns.com/authoritative/http-api/zone.html
//
// A change replaces whole RRsets, so certo reads them first and keeps their values. There is one PATCH for
// each zone, however many names it has: a change increments the zone's serial and notifies its secondaries.
#include "sdk/provider.hpp"
#include "sdk/record_data.h"

namespace {

using certo::Fields;
using certo::Json;
using namespace certo::sdk;

struct Zone {
  std::string name, url;
};

class Api {
 public:
  explicit Api(const Host& host)
      : host_(host),
        key_("X-API-Key: " + host.require("PDNS_API_KEY")),
        zones_(root(host) + "/servers/" + escaped(host.setting("PDNS_SERVER_NAME").value_or("localhost")) +
               "/zones") {}

  std::optional<Zone> zone(const std::string& name) const {
    const Json list = send({"GET", zones_ + "?zone=" + escaped(name + "."), {key_}}).json();
    if (!list.is_array()) throw Failure{CERTO_UNREACHABLE, zones_ + " answered without a list of zones"};
    for (const Json& entry : list.items()) {
      const Fields zone(entry, zones_, certo::Exit::failed);
      // A server before 4.1 ignores the filter and lists all.
      if (zone.string("name") == name + ".") return Zone{name, zones_ + "/" + escaped(zone.string("id"))};
    }
    return std::nullopt;
  }

  /// The RRset of `name`, or null.
  Json rrset(const Zone& zone, const std::string& name) const {
    const Reply reply = send(
        {"GET", zone.url + "?rrset_name=" + escaped(name + ".") + "&rrset_type=" + host_.type(), {key_}});
    const Json json = reply.json();
    for (const Json& entry : Fields(json, reply.subject, certo::Exit::failed).array("rrsets")) {
      const Fields rrset(entry, reply.subject, certo::Exit::failed);
      if (rrset.string("name") == name + "." && rrset.string("type") == host_.type()) return entry;
    }
    return {};
  }

  void patch(const Zone& zone, Json rrsets) const {
    Json body = Json::object();
    body.set("rrsets", std::move(rrsets));
    send({"PATCH", zone.url, {key_, "Content-Type: application/json"}, to_json(body)});
  }

 private:
  /// PDNS_API_URL is the server's root, with or without the API's path.
  static std::string root(const Host& host) {
    std::string url = host.require("PDNS_API_URL");
    while (url.ends_with('/')) url.pop_back();
    return url.ends_with("/api/v1") ? url : url + "/api/v1";
  }

  Reply send(const Request& request) const {
    Reply reply = host_.raw_http(request);
    if (reply.ok()) return reply;
    const std::string why = reason(reply);
    throw_if_refused(reply, why);
    throw Failure{CERTO_FAILED, reply.subject + " answered " + std::to_string(reply.status) + why};
  }

  /// {"error":"…"}; "" if the server gives no reason.
  static std::string reason(const Reply& reply) {
    try {
      const Json json = reply.json();
      const Json* error = json.find("error");
      return error && error->is_string() ? ": " + error->string() : "";
    } catch (const Failure&) {
      return "";
    }
  }

  const Host& host_;
  std::string key_, zones_;
};

std::vector<std::string> contents(const Json& rrset) {
  std::vector<std::string> contents;
  if (rrset.is_null()) return contents;
  for (const Json& record : Fields(rrset, "RRset", certo::Exit::failed).array("records")) {
    contents.push_back(Fields(record, "record", certo::Exit::failed).string("content"));
  }
  return contents;
}

/// An existing record, which stays as it is (it may be disabled), or a new one.
Json record_with(const Json& rrset, const std::string& content) {
  if (const Json* records = rrset.find("records")) {
    for (const Json& record : records->items()) {
      if (record.find("content")->string() == content) return record;
    }
  }
  Json record = Json::object();
  record.set("content", content).set("disabled", false);
  return record;
}

/// The new RRset of `name`; null if it is that already.
Json edit(const Host& host, const Json& rrset, const std::string& name,
          const std::vector<std::string>& values, Change change) {
  std::vector<std::string> ours;
  for (const std::string& value : values) ours.push_back(content(host, value));
  const std::vector<std::string> before = contents(rrset);
  const std::vector<std::string> after = merged(before, ours, change);
  if (after == before) return {};

  Json edited = Json::object();
  edited.set("name", name + ".").set("type", host.type());
  if (after.empty()) return edited.set("changetype", "DELETE");
  Json records = Json::array();
  for (const std::string& content : after) records.push(record_with(rrset, content));
  const Json* ttl = rrset.find("ttl");
  return edited.set("ttl", ttl ? *ttl : Json(60))
      .set("changetype", "REPLACE")
      .set("records", std::move(records));
}

void change_records(const Host& host, Records records, Change change) {
  const Api api(host);
  ZoneFinder<Zone> zones(host, [&](const std::string& name) { return api.zone(name); });

  std::map<std::string, std::pair<Zone, Json>> edits;  // by zone
  for (const auto& [name, values] : by_name(records)) {
    const Zone& zone = zones.find(name);
    Json edited = edit(host, api.rrset(zone, name), name, values, change);
    if (edited.is_null()) continue;
    auto& [where, rrsets] = edits[zone.name];
    where = zone;
    rrsets.push(std::move(edited));
  }
  for (const auto& [name, edit] : edits) api.patch(edit.first, edit.second);
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(.name = "pdns", .aliases = "dns_pdns powerdns", .title = "PowerDNS Authoritative Server",
               .settings =
                   {
                       {"PDNS_API_URL", "PDNS_Url PDNS_BASE_URL",
                        "where the server's webserver-address and webserver-port are: http://127.0.0.1:8081",
                        1},
                       {"PDNS_API_KEY", "PDNS_Token", "api-key in pdns.conf", 1},
                       {"PDNS_SERVER_NAME", "PDNS_ServerId",
                        "the server's name in its API (default: localhost)", 0},
                   },
               .types = "CAA TLSA")
