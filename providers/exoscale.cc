// Exoscale, by https://openapi-v2.exoscale.com/ ("Request Signature", "/dns-domain")
#include "sdk/answer.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

constexpr int64_t lifetime = 600;  // seconds that a signature is good for

class Exoscale : public ValueService {
 public:
  explicit Exoscale(const Host& host)
      : host_(host),
        url_(url_of(host)),
        key_(host.require("EXOSCALE_API_KEY")),
        secret_(host.require("EXOSCALE_API_SECRET")) {}

  std::optional<Zone> zone(const std::string& name) override {
    if (!zones_) {
      const Reply reply = send("GET", "/dns-domain");
      zones_ = list_at(reply.json(), "/dns-domains", reply.subject);
    }
    for (const Json& zone : *zones_)
      if (text_at(zone, "/unicode-name") == name)
        return Zone{name, "/dns-domain/" + text_at(zone, "/id") + "/record"};
    return std::nullopt;
  }

  std::vector<Held> list(const Zone& zone, const std::string& name) override {
    const Reply reply = send("GET", zone.id);
    std::vector<Held> found;
    for (const Json& record : list_at(reply.json(), "/dns-domain-records", reply.subject)) {
      const bool is_ours = certo::lower(text_at(record, "/name")) == below(name, zone.name);
      if (text_at(record, "/type") == "TXT" && is_ours)
        found.push_back({text_at(record, "/id"), text_at(record, "/content")});
    }
    return found;
  }

  void add(const Zone& zone, const Record& record) override {
    Json body = Json::object();
    body.set("name", below(record.name, zone.name)).set("type", "TXT").set("content", record.value);
    require_begun(send("POST", zone.id, certo::to_json(body.set("ttl", static_cast<int64_t>(record.ttl)))));
  }

  void remove(const Zone& zone, const std::string&, const Held& held) override {
    const Reply reply = send("DELETE", zone.id + "/" + held.id, "", 404);
    if (reply.ok()) require_begun(reply);
  }

 private:
  /// The API may be in another zone: "https://api-ch-gva-2.exoscale.com/v2" or without the version.
  static std::string url_of(const Host& host) {
    std::string url = host.setting("EXOSCALE_ENDPOINT").value_or(host.base_url());
    while (url.ends_with('/')) url.pop_back();
    return url.ends_with("/v2") ? url : url + "/v2";
  }

  /// A change is an operation that may still be going on.
  static void require_begun(const Reply& reply) {
    const Json json = reply.json();
    const std::string state = text_at(json, "/state");
    if (state == "failure" || state == "timeout")
      throw Failure{CERTO_FAILED, reply.subject + ": " + state + ": " + text_at(json, "/message")};
  }

  /// The signature covers method, path, body, query, headers and time; we use neither query nor headers.
  Reply send(const std::string& method, const std::string& path, const std::string& body = "",
             int missing = 0) {
    const std::string url = url_ + path;
    const std::string target = url.substr(url.find('/', url.find("://") + 3));
    const std::string end = std::to_string(host_.now().time_since_epoch().count() + lifetime);
    const std::string text = method + " " + target + "\n" + body + "\n\n\n" + end;
    std::vector<std::string> headers = {
        "Authorization: EXO2-HMAC-SHA256 credential=" + key_ + ",expires=" + end +
        ",signature=" + certo::base64(host_.hmac("sha256", certo::as_bytes(secret_), text))};
    if (!body.empty()) headers.emplace_back("Content-Type: application/json");
    return accepted(host_.raw_http({method, url, headers, body}), {"/message"}, missing);
  }

  const Host& host_;
  std::string url_, key_, secret_;
  std::optional<Json::Array> zones_;
};

constexpr Work present = change_by<Exoscale, Change::add>;
constexpr Work cleanup = change_by<Exoscale, Change::remove>;

}  // namespace

CERTO_PROVIDER(.name = "exoscale", .aliases = "dns_exoscale", .title = "Exoscale",
               .base_url = "https://api-ch-gva-2.exoscale.com/v2",
               .settings =
                   {
                       {"EXOSCALE_API_KEY", "",
                        "an API key whose role permits the service dns: https://portal.exoscale.com/iam/keys",
                        1},
                       {"EXOSCALE_API_SECRET", "EXOSCALE_SECRET_KEY", "... its secret", 1},
                       {"EXOSCALE_ENDPOINT", "", "the API's address, if another is to be used", 0},
                   },
               .name_servers = "ns?.exoscale.*", .rights = "a role that permits only the service dns")
