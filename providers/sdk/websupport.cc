#include "sdk/websupport.h"

#include "sdk/answer.h"

namespace certo::sdk {

std::optional<Zone> Websupport::zone(const std::string& name) {
  if (!services_) {
    const Reply reply = send("GET", "/v1/user/self/service");
    services_ = list_at(reply.json(), "/items", reply.subject);
  }
  for (const Json& service : *services_) {
    if (text_at(service, "/serviceName") == "domain" && text_at(service, "/name") == name)
      return Zone{name, "/v2/service/" + text_at(service, "/id") + "/dns/record"};
  }
  return std::nullopt;
}

/// The documentation has filters, which do nothing.
std::vector<Held> Websupport::list(const Zone& zone, const std::string& name) {
  std::vector<Held> found;
  int64_t pages = 1;
  for (int64_t page = 1; page <= pages; ++page) {
    const Reply reply = send("GET", zone.id, "?page=" + std::to_string(page) + "&rowsPerPage=100");
    const Json json = reply.json();
    for (const Json& record : list_at(json, "/data", reply.subject)) {
      const std::string held = lower(text_at(record, "/name"));
      if (text_at(record, "/type") == "TXT" && (held == name || held == below(name, zone.name)))
        found.push_back({text_at(record, "/id"), text_at(record, "/content")});
    }
    const Json* const total = json.find("totalPages");
    if (total && total->is_integer()) pages = total->integer();
  }
  return found;
}

void Websupport::add(const Zone& zone, const Record& record) {
  Json body = Json::object();
  body.set("type", "TXT").set("name", below(record.name, zone.name)).set("content", record.value);
  send("POST", zone.id, "", to_json(body.set("ttl", static_cast<int64_t>(record.ttl))));
}

void Websupport::remove(const Zone& zone, const std::string&, const Held& held) {
  send("DELETE", zone.id + "/" + held.id, "", "", 404);
}

/// The password is the HMAC-SHA-1 of method, path and time, without the query.
Reply Websupport::send(const std::string& method, const std::string& path, const std::string& query,
                       const std::string& body, int missing) const {
  const std::string text = method + " " + path + " " + std::to_string(host_.now().time_since_epoch().count());
  std::vector<std::string> headers = {basic(host_, key_, hex(host_.hmac("sha1", as_bytes(secret_), text))),
                                      "Date: " + compact_utc(host_.now()), "Accept: application/json"};
  if (!body.empty()) headers.emplace_back("Content-Type: application/json");
  return accepted(host_.raw_http({method, host_.base_url() + path + query, headers, body}),
                  {"/message", "/title"}, missing);
}

}  // namespace certo::sdk
