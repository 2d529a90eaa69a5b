// A zone that is being changed is "blocked" for some seconds and takes no other change. So there is one
// change for each zone, however many records it has.
#include "sdk/hostingde.h"

#include <algorithm>

#include "sdk/record_data.h"

namespace certo::sdk {
namespace {

constexpr int64_t key_is_unknown = 10109;
constexpr uint32_t least_ttl = 60;

class Api {
 public:
  explicit Api(const HostingDe& api) : api_(api) {}

  /// Its id.
  std::optional<std::string> zone(const std::string& name) const {
    for (const Json& zone : find("zoneConfigsFind", {{"ZoneName", name}})) {
      const Fields fields(zone, "zoneConfigsFind", Exit::failed);
      if (lower(fields.string("name")) == name) return fields.string("id");
    }
    return std::nullopt;
  }

  Json::Array records(const std::string& zone, const std::string& name) const {
    return find("recordsFind",
                {{"ZoneConfigId", zone}, {"RecordName", name}, {"RecordType", api_.host.type()}});
  }

  void update(const std::string& zone, Change change, Json records) const {
    Json body = Json::object();
    body.set("zoneConfigId", zone)
        .set(change == Change::add ? "recordsToAdd" : "recordsToDelete", std::move(records));
    call("recordsUpdate", std::move(body), false);
  }

 private:
  using Conditions = std::vector<std::pair<const char*, std::string>>;

  Json::Array find(const char* method, const Conditions& conditions) const {
    Json all = Json::array();
    for (const auto& [field, value] : conditions) {
      Json one = Json::object();
      all.push(one.set("field", field).set("value", value));
    }
    Json filter = Json::object();
    filter.set("subFilterConnective", "AND").set("subFilter", std::move(all));

    Json::Array found;
    for (int64_t page = 1, pages = 1; page <= pages; ++page) {
      Json body = Json::object();
      const Json reply = call(method, body.set("filter", filter).set("limit", 100).set("page", page), true);
      const Json* answer = reply.find("response");
      if (!answer) throw Failure{CERTO_UNREACHABLE, std::string(method) + " answered without a response"};
      const Fields list(*answer, method, Exit::failed);
      const Json::Array& items = list.array("data");
      found.insert(found.end(), items.begin(), items.end());
      if (items.empty()) break;
      pages = list.optional_integer("totalPages").value_or(1);
    }
    return found;
  }

  Json call(const char* method, Json body, bool reads) const {
    body.set("authToken", api_.key);
    const Reply reply = api_.host.raw_http({.method = "POST",
                                            .url = api_.url + "/" + method,
                                            .headers = {"Content-Type: application/json"},
                                            .body = to_json(body),
                                            .reads = reads});
    if (!reply.ok()) throw_if_refused(reply, "");
    Json json = reply.json();
    const Json* status = json.find("status");
    if (status && (*status == Json("success") || *status == Json("pending"))) return json;
    refuse(reply, json);
  }

  /// {"status":"error","errors":[{"code":10109,"text":"…","value":"…"}]}
  [[noreturn]] static void refuse(const Reply& reply, const Json& json) {
    const Json* errors = json.find("errors");
    if (!errors || !errors->is_array() || errors->items().empty())
      throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without success and without an error"};
    const Json& error = errors->items().front();
    const Json *text = error.find("text"), *code = error.find("code"), *value = error.find("value");
    const std::string why = text && text->is_string() ? text->string() : to_json(error);
    throw_if_refused(reply, why);
    if (code && *code == Json(key_is_unknown))
      throw Failure{CERTO_CONFIG, "the credentials are refused: " + why};
    if (value && *value == Json("blocked"))
      throw Failure{CERTO_LATER, "the zone is being changed at the same time: " + why};
    throw Failure{CERTO_FAILED, reply.subject + ": " + why};
  }

  const HostingDe& api_;
};

/// How recordsToDelete describes a record.
Json as_held(const Json& record) {
  Json result = Json::object();
  for (const char* member : {"name", "type", "content"}) {
    if (const Json* found = record.find(member)) result.set(member, *found);
  }
  return result;
}

/// The records of this name, type and value.
Json::Array matching(const HostingDe& api, const Json::Array& all, const Record& record) {
  const std::string type = api.host.type(), wanted = content(api.host, record.value);
  Json::Array found;
  for (const Json& one : all) {
    const Fields fields(one, "recordsFind", Exit::failed);
    const std::string text = fields.string("content");
    if (lower(fields.string("name")) == record.name && fields.string("type") == type &&
        (text == wanted || text == record.value)) {
      found.push_back(as_held(one));
    }
  }
  return found;
}

Json made(const HostingDe& api, const Record& record) {
  Json result = Json::object();
  return result.set("name", record.name)
      .set("type", api.host.type())
      .set("content", content(api.host, record.value))
      .set("ttl", static_cast<int64_t>(std::max(record.ttl, least_ttl)));
}

}  // namespace

void change_hostingde(const HostingDe& api, Records records, Change change) {
  const Api calls(api);
  ZoneFinder<std::string> zones(api.host, [&](const std::string& name) {
    return api.zone && name != *api.zone ? std::nullopt : calls.zone(name);
  });

  std::map<std::string, std::map<std::string, Record>> wanted;  // by name and value
  for (const Record& record : records) wanted[record.name].emplace(record.value, record);

  std::map<std::string, Json> changes;  // by the zone's id
  for (const auto& [name, values] : wanted) {
    const std::string& zone = zones.find(name);
    const Json::Array held = calls.records(zone, name);
    for (const auto& [value, record] : values) {
      Json::Array ours = matching(api, held, record);
      if (change == Change::remove) {
        for (Json& one : ours) changes[zone].push(std::move(one));
      } else if (ours.empty()) {
        changes[zone].push(made(api, record));
      }
    }
  }
  for (auto& [zone, list] : changes) calls.update(zone, change, std::move(list));
}

}  // namespace certo::sdk
