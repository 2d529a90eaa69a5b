#include "sdk/conoha.h"

#include <algorithm>
#include <map>

#include "sdk/quoted_values.h"

namespace certo::sdk {
namespace {

constexpr uint32_t conoha_least_ttl = 60;

Reply asked(const ConohaDns& api, const char* method, const std::string& path, const Json& body = {}) {
  Request request{method, api.url + "/v1/domains" + path, {api.token_header, "Accept: application/json"}};
  if (!body.is_null()) {
    request.headers.emplace_back("Content-Type: application/json");
    request.body = to_json(body);
  }
  Reply reply = api.host.raw_http(request);
  require_openstack(reply, std::string_view(method) == "DELETE" ? 404 : 0);
  return reply;
}

/// The account's domains, by name; the service has no filter.
std::map<std::string, std::string> domains(const ConohaDns& api) {
  const Reply reply = asked(api, "GET", "");
  const Json json = reply.json();
  std::map<std::string, std::string> found;
  for (const Json& entry : Fields(json, reply.subject, Exit::failed).array("domains")) {
    const Fields domain(entry, reply.subject, Exit::failed);
    found[lower(domain.string("name"))] = domain.string(api.id);
  }
  return found;
}

struct ConohaRecord {
  std::string id, name, value;
};

std::vector<ConohaRecord> text_records(const ConohaDns& api, const std::string& path) {
  const Reply reply = asked(api, "GET", path);
  const Json json = reply.json();
  std::vector<ConohaRecord> found;
  for (const Json& entry : Fields(json, reply.subject, Exit::failed).array("records")) {
    const Fields record(entry, reply.subject, Exit::failed);
    if (record.string("type") != "TXT") continue;
    found.push_back({record.string(api.id), lower(record.string("name")), record.string("data")});
  }
  return found;
}

void change_name(const ConohaDns& api, const std::string& path, const std::string& name,
                 const std::vector<std::string>& values, uint32_t ttl, Change change) {
  const std::vector<ConohaRecord> held = text_records(api, path);
  for (const std::string& value : merged({}, values, Change::add)) {
    const auto is_it = [&](const ConohaRecord& record) {
      return record.name == name + "." && is_same_text(record.value, value);
    };
    if (change == Change::add) {
      if (std::ranges::any_of(held, is_it)) continue;
      asked(api, "POST", path,
            Json::Object{{"name", name + "."},
                         {"type", "TXT"},
                         {"data", value},
                         {"ttl", static_cast<int64_t>(std::max(ttl, conoha_least_ttl))}});
      continue;
    }
    for (const ConohaRecord& record : held) {
      if (is_it(record)) asked(api, "DELETE", path + "/" + escaped(record.id));
    }
  }
}

}  // namespace

void change_conoha(const ConohaDns& api, Records records, Change change) {
  const std::map<std::string, std::string> ids = domains(api);
  ZoneFinder<std::string> zones(api.host, [&](const std::string& name) -> std::optional<std::string> {
    const auto found = ids.find(name + ".");
    return found == ids.end() ? std::nullopt : std::optional(found->second);
  });
  for (const auto& [name, values] : by_name(records)) {
    const std::string path = "/" + escaped(zones.find(name)) + "/records";
    change_name(api, path, name, values, records.front().ttl, change);
  }
}

}  // namespace certo::sdk
