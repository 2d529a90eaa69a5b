#include "sdk/designate.h"

#include <algorithm>

#include "sdk/quoted_values.h"

namespace certo::sdk {
namespace {

struct RecordSet {
  std::string id{};  // "" if there is none
  int64_t ttl = 0;
  std::vector<std::string> values{};
};

Reply asked(const Designate& api, const char* method, const std::string& path, const Json& body = {}) {
  Request request{method, api.url + path, {api.token_header, "Accept: application/json"}};
  if (!body.is_null()) {
    request.headers.emplace_back("Content-Type: application/json");
    request.body = to_json(body);
  }
  Reply reply = api.host.raw_http(request);
  require_openstack(reply, std::string_view(method) == "DELETE" ? 404 : 0);
  return reply;
}

/// The entry of the list `key` with this name; a filter by name may find longer names, too.
std::optional<Json> named(const Reply& reply, const char* key, const std::string& name) {
  const Json json = reply.json();
  for (const Json& entry : Fields(json, reply.subject, Exit::failed).array(key)) {
    if (lower(Fields(entry, reply.subject, Exit::failed).string("name")) == name) return entry;
  }
  return std::nullopt;
}

std::optional<std::string> zone_id(const Designate& api, const std::string& name) {
  const Reply reply = asked(api, "GET", "/zones?name=" + escaped(name + ".") + api.zone_filter);
  const auto found = named(reply, "zones", name + ".");
  if (!found) return std::nullopt;
  return Fields(*found, reply.subject, Exit::failed).string("id");
}

RecordSet record_set(const Designate& api, const std::string& sets, const std::string& name) {
  const Reply reply = asked(api, "GET", sets + "?type=TXT&name=" + escaped(name + "."));
  const auto found = named(reply, "recordsets", name + ".");
  if (!found) return {};
  const Fields fields(*found, reply.subject, Exit::failed);
  return {fields.string("id"), fields.optional_integer("ttl").value_or(0), fields.strings("records")};
}

void write(const Designate& api, const std::string& sets, const std::string& name, const RecordSet& before,
           const std::vector<std::string>& values, uint32_t ttl) {
  if (values.empty()) {
    asked(api, "DELETE", sets + "/" + escaped(before.id));
    return;
  }
  const bool is_new = before.id.empty();
  Json body = Json::object();
  if (is_new || api.repeats_name) body.set("name", name + ".").set("type", "TXT");
  Json list = Json::array();
  for (const std::string& value : values) list.push(value);
  body.set("ttl", before.ttl ? before.ttl : static_cast<int64_t>(std::max(ttl, api.least_ttl)));
  body.set("records", std::move(list));
  asked(api, is_new ? "POST" : "PUT", is_new ? sets : sets + "/" + escaped(before.id), body);
}

}  // namespace

void change_designate(const Designate& api, Records records, Change change) {
  ZoneFinder<std::string> zones(api.host, [&](const std::string& name) { return zone_id(api, name); });
  for (const auto& [name, ours] : by_name(records)) {
    const std::string sets = "/zones/" + escaped(zones.find(name)) + "/recordsets";
    const RecordSet before = record_set(api, sets, name);
    const std::vector<std::string> after = merged_quoted(before.values, ours, change);
    if (after != before.values) write(api, sets, name, before, after, records.front().ttl);
  }
}

}  // namespace certo::sdk
