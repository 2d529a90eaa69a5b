// Aurora DNS (PCextreme), by https://libcloud.readthedocs.io/en/stable/dns/drivers/auroradns.html and its
// client https://github.com/nrdcg/auroradns. Source: these, lego and acme.sh agree; the service's own page is
// not public.
#include "sdk/answer.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

class Auroradns : public ValueService {
 public:
  explicit Auroradns(const Host& host)
      : host_(host),
        url_(host.setting("AURORA_ENDPOINT").value_or(host.base_url())),
        key_(host.require("AURORA_API_KEY")),
        secret_(host.require("AURORA_SECRET")) {
    while (url_.ends_with('/')) url_.pop_back();
  }

  std::optional<Zone> zone(const std::string& name) override {
    if (!zones_) {
      const Reply reply = send("GET", "/zones");
      zones_ = list_at(reply.json(), "", reply.subject);
    }
    for (const Json& zone : *zones_)
      if (text_at(zone, "/name") == name)
        return Zone{name, "/zones/" + escaped(text_at(zone, "/id")) + "/records"};
    return std::nullopt;
  }

  std::vector<Held> list(const Zone& zone, const std::string& name) override {
    const Reply reply = send("GET", zone.id);
    std::vector<Held> found;
    for (const Json& record : list_at(reply.json(), "", reply.subject)) {
      const bool is_ours = certo::lower(text_at(record, "/name")) == below(name, zone.name);
      if (text_at(record, "/type") == "TXT" && is_ours)
        found.push_back({text_at(record, "/id"), text_at(record, "/content")});
    }
    return found;
  }

  void add(const Zone& zone, const Record& record) override {
    Json body = Json::object();
    body.set("type", "TXT").set("name", below(record.name, zone.name)).set("content", record.value);
    const Reply reply =
        send("POST", zone.id, certo::to_json(body.set("ttl", static_cast<int64_t>(record.ttl))), 409);
    if (!reply.ok() && reply.body.find("RecordExistsError") == reply.body.npos)
      refuse(reply, explanation(reply, {"/errormsg", "/error"}));
  }

  void remove(const Zone& zone, const std::string&, const Held& held) override {
    send("DELETE", zone.id + "/" + escaped(held.id), "", 404);
  }

 private:
  Reply send(const std::string& method, const std::string& path, const std::string& body = "",
             int missing = 0) {
    const std::string time = certo::compact_utc(host_.now());
    const std::string signature =
        certo::base64(host_.hmac("sha256", certo::as_bytes(secret_), method + path + time));
    const std::vector<std::string> headers = {
        "Content-Type: application/json", "X-AuroraDNS-Date: " + time,
        "Authorization: AuroraDNSv1 " + host_.base64(key_ + ":" + signature)};
    return accepted(host_.raw_http({method, url_ + path, headers, body}), {"/errormsg", "/error"}, missing);
  }

  const Host& host_;
  std::string url_, key_, secret_;
  std::optional<Json::Array> zones_;
};

constexpr Work present = change_by<Auroradns, Change::add>;
constexpr Work cleanup = change_by<Auroradns, Change::remove>;

}  // namespace

CERTO_PROVIDER(.name = "auroradns", .aliases = "dns_aurora", .title = "Aurora DNS",
               .base_url = "https://api.auroradns.eu",
               .settings =
                   {
                       {"AURORA_API_KEY", "AURORA_Key",
                        "an API user's key: https://cp.pcextreme.nl/auroradns/users", 1},
                       {"AURORA_SECRET", "AURORA_Secret", "... its secret", 1},
                       {"AURORA_ENDPOINT", "", "another address of the API", 0},
                   },
               .name_servers = "*.auroradns.*", .source = "table")
