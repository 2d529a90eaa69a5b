// Baidu Cloud DNS, by https://cloud.baidu.com/doc/DNS/s/El4s7lssr and, for signatures,
// https://cloud.baidu.com/doc/Reference/s/njwvz1yfu and its client https://github.com/baidubce/bce-sdk-go
#include "sdk/answer.h"
#include "sdk/oauth.h"
#include "sdk/sigv4.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

class Baiducloud : public ValueService {
 public:
  explicit Baiducloud(const Host& host)
      : host_(host),
        key_(host.require("BAIDUCLOUD_ACCESS_KEY_ID")),
        secret_(host.require("BAIDUCLOUD_SECRET_ACCESS_KEY")) {}

  /// The search finds names that contain this one, too.
  std::optional<Zone> zone(const std::string& name) override {
    for (const Json& zone : all("/v1/dns/zone", "name=" + escaped(name), "/zones"))
      if (text_at(zone, "/name") == name) return Zone{name, "/v1/dns/zone/" + escaped(name) + "/record"};
    return std::nullopt;
  }

  std::vector<Held> list(const Zone& zone, const std::string& name) override {
    const std::string own = below(name, zone.name, "@");
    std::vector<Held> found;
    for (const Json& record : all(zone.id, "rr=" + escaped(own), "/records")) {
      if (text_at(record, "/type") == "TXT" && certo::lower(text_at(record, "/rr")) == own)
        found.push_back({text_at(record, "/id"), text_at(record, "/value")});
    }
    return found;
  }

  void add(const Zone& zone, const Record& record) override {
    Json body = Json::object();
    body.set("rr", below(record.name, zone.name, "@")).set("type", "TXT").set("value", record.value);
    send("POST", zone.id, "clientToken=" + host_.uuid(),
         certo::to_json(body.set("ttl", static_cast<int64_t>(record.ttl))));
  }

  void remove(const Zone& zone, const std::string&, const Held& held) override {
    send("DELETE", zone.id + "/" + escaped(held.id), "clientToken=" + host_.uuid(), "", 404);
  }

 private:
  /// {"isTruncated":true,"nextMarker":"…","zones":[…]}
  Json::Array all(const std::string& path, const std::string& query, const char* pointer) {
    Json::Array items;
    std::string marker;
    do {
      const std::string more = marker.empty() ? "" : "marker=" + escaped(marker) + "&";
      const Reply reply = send("GET", path, more + query);
      const Json json = reply.json();
      const Json::Array page = list_at(json, pointer, reply.subject);
      items.insert(items.end(), page.begin(), page.end());
      const Json* const is_cut = json.find("isTruncated");
      marker = is_cut && is_cut->is_bool() && is_cut->boolean() ? text_at(json, "/nextMarker") : "";
    } while (!marker.empty());
    return items;
  }

  /// bce-auth-v1 over method, path, query and the host's name. `query` is sorted and escaped.
  Reply send(const std::string& method, const std::string& path, const std::string& query,
             const std::string& body = "", int missing = 0) {
    const std::string url = host_.base_url() + path;
    const std::string start = "bce-auth-v1/" + key_ + "/" + certo::rfc3339(host_.now()) + "/1800";
    const std::string key = derived_signature(host_, secret_, {}, start);
    const std::string target = url.substr(url.find('/', url.find("://") + 3));
    const std::string signature = derived_signature(
        host_, key, {}, certo::join({method, target, query, "host:" + escaped(server_of(url))}, "\n"));
    std::vector<std::string> headers = {"Authorization: " + start + "/host/" + signature};
    if (!body.empty()) headers.emplace_back("Content-Type: application/json");
    return accepted(host_.raw_http({method, url + "?" + query, headers, body}), {"/message", "/code"},
                    missing);
  }

  const Host& host_;
  std::string key_, secret_;
};

constexpr Work present = change_by<Baiducloud, Change::add>;
constexpr Work cleanup = change_by<Baiducloud, Change::remove>;

}  // namespace

CERTO_PROVIDER(
        .name = "baiducloud", .aliases = "dns_baidu", .title = "Baidu Cloud",
        .base_url = "https://dns.baidubce.com",
        .settings =
            {
                {"BAIDUCLOUD_ACCESS_KEY_ID", "Baidu_AK",
                 "an access key of a user with DNSFullControlPolicy: https://console.bce.baidu.com/iam/#/iam/accesslist",
                 1},
                {"BAIDUCLOUD_SECRET_ACCESS_KEY", "Baidu_SK", "... its secret", 1},
            },
        .rights = "DNSFullControlPolicy")
