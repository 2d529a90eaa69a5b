// JD Cloud DNS, by its client https://github.com/jdcloud-api/jdcloud-sdk-go (services/domainservice) and, for
// signatures, https://docs.jdcloud.com/en/common-declaration/api/signature-methods
#include "sdk/answer.h"
#include "sdk/sigv4.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

constexpr const char* page_size = "99";  // the maximum

class Jdcloud : public ValueService {
 public:
  explicit Jdcloud(const Host& host)
      : host_(host),
        region_(host.setting("JDCLOUD_REGION_ID").value_or("cn-north-1")),
        key_(host.require("JDCLOUD_ACCESS_KEY_ID")),
        secret_(host.require("JDCLOUD_ACCESS_KEY_SECRET")) {}

  /// The search finds names that contain this one, too.
  std::optional<Zone> zone(const std::string& name) override {
    for (const Json& domain : all("/domain", "&domainName=" + escaped(name)))
      if (text_at(domain, "/domainName") == name)
        return Zone{name, "/domain/" + text_at(domain, "/id") + "/ResourceRecord"};
    return std::nullopt;
  }

  std::vector<Held> list(const Zone& zone, const std::string& name) override {
    const std::string own = below(name, zone.name, "@");
    std::vector<Held> found;
    for (const Json& record : all(zone.id, "&search=" + escaped(own))) {
      if (text_at(record, "/type") == "TXT" && certo::lower(text_at(record, "/hostRecord")) == own)
        found.push_back({text_at(record, "/id"), text_at(record, "/hostValue")});
    }
    return found;
  }

  void add(const Zone& zone, const Record& record) override {
    Json made = Json::object(), body = Json::object();
    made.set("hostRecord", below(record.name, zone.name, "@"))
        .set("hostValue", record.value)
        .set("type", "TXT");
    made.set("ttl", static_cast<int64_t>(record.ttl)).set("viewValue", -1);  // the default line
    send("POST", zone.id, certo::to_json(body.set("req", std::move(made))));
  }

  void remove(const Zone& zone, const std::string&, const Held& held) override {
    send("DELETE", zone.id + "/" + held.id, "", 404);
  }

 private:
  Json::Array all(const std::string& path, const std::string& query) {
    Json::Array items;
    int64_t pages = 1;
    for (int64_t page = 1; page <= pages; ++page) {
      const Reply reply =
          send("GET", path + "?pageNumber=" + std::to_string(page) + "&pageSize=" + page_size + query);
      const Json json = reply.json();
      const Json::Array list = list_at(json, "/result/dataList", reply.subject);
      items.insert(items.end(), list.begin(), list.end());
      pages = certo::number(text_at(json, "/result/totalPage"), 0, INT32_MAX).value_or(1);
    }
    return items;
  }

  Reply send(const std::string& method, const std::string& path, const std::string& body = "",
             int missing = 0) {
    const std::string time = certo::compact_utc(host_.now()), date = time.substr(0, 8);
    Request request{method, host_.base_url() + "/v2/regions/" + escaped(region_) + path, {}, body};
    request.headers = {"Content-Type: application/json", "X-Jdcloud-Date: " + time,
                       "X-Jdcloud-Nonce: " + host_.uuid()};
    const Canonical form = canonical(host_, request);
    const std::string scope = date + "/" + region_ + "/domainservice/jdcloud2_request";
    const std::string signature =
        derived_signature(host_, "JDCLOUD2" + secret_, {date, region_, "domainservice", "jdcloud2_request"},
                          "JDCLOUD2-HMAC-SHA256\n" + time + "\n" + scope + "\n" + form.hash);
    request.headers.push_back("Authorization: JDCLOUD2-HMAC-SHA256 Credential=" + key_ + "/" + scope +
                              ", SignedHeaders=" + form.headers + ", Signature=" + signature);
    return accepted(host_.raw_http(request), {"/error/message", "/error/status"}, missing);
  }

  const Host& host_;
  std::string region_, key_, secret_;
};

constexpr Work present = change_by<Jdcloud, Change::add>;
constexpr Work cleanup = change_by<Jdcloud, Change::remove>;

}  // namespace

CERTO_PROVIDER(.name = "jdcloud", .aliases = "dns_jd", .title = "JD Cloud",
               .base_url = "https://domainservice.jdcloud-api.com",
               .settings =
                   {
                       {"JDCLOUD_ACCESS_KEY_ID", "JD_ACCESS_KEY_ID",
                        "an access key: https://uc.jdcloud.com/account/accesskey", 1},
                       {"JDCLOUD_ACCESS_KEY_SECRET", "JD_ACCESS_KEY_SECRET", "... its secret", 1},
                       {"JDCLOUD_REGION_ID", "JD_REGION", "the region (default: cn-north-1)", 0},
                   },
               .name_servers = "ns*.jdgslb.com ns*.jdcache.com")
