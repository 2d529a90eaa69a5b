// Huawei Cloud DNS, by https://support.huaweicloud.com/intl/en-us/api-dns/dns_api_62002.html and, for
// signatures, https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html and, for
// tokens, https://support.huaweicloud.com/intl/en-us/api-iam/iam_30_0001.html
//
// Requests are signed by an access key, or have the token of a user who logs in with a password.
#include "sdk/answer.h"
#include "sdk/sigv4.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

constexpr const char* usual_region = "ap-southeast-1";
constexpr const char* tokens_url = "https://iam.myhuaweicloud.com/v3/auth/tokens";

Json object_of(const char* name, Json value) {
  Json made = Json::object();
  return made.set(name, std::move(value));
}

class Huaweicloud : public RrsetService {
 public:
  explicit Huaweicloud(const Host& host)
      : host_(host), region_(host.setting("HUAWEICLOUD_REGION").value_or(usual_region)) {
    url_ = host.setting("BASE_URL") ? host.base_url() : "https://dns." + region_ + ".myhuaweicloud.com";
    if (host.setting("HUAWEICLOUD_ACCESS_KEY_ID")) {
      key_ = host.require("HUAWEICLOUD_ACCESS_KEY_ID");
      secret_ = host.require("HUAWEICLOUD_SECRET_ACCESS_KEY");
    } else {
      log_in();
    }
  }

  std::optional<Zone> zone(const std::string& name) override {
    const Reply reply = send("GET", "/v2/zones?name=" + escaped(name) + "&search_mode=equal&type=public");
    for (const Json& zone : list_at(reply.json(), "/zones", reply.subject))
      if (text_at(zone, "/name") == name + ".")
        return Zone{name, "/v2/zones/" + text_at(zone, "/id") + "/recordsets"};
    return std::nullopt;
  }

  Rrset read(const Zone& zone, const std::string& name) override {
    const Reply reply = send("GET", zone.id + "?name=" + escaped(name) + "&search_mode=equal&type=TXT");
    Rrset found;
    for (const Json& entry : list_at(reply.json(), "/recordsets", reply.subject)) {
      if (text_at(entry, "/name") != name + "." || text_at(entry, "/type") != "TXT") continue;
      found.id = text_at(entry, "/id");
      found.ttl = static_cast<uint32_t>(certo::number(text_at(entry, "/ttl"), 0, INT32_MAX).value_or(0));
      for (const Json& text : list_at(entry, "/records", reply.subject))
        found.texts.push_back(text_at(text, ""));
    }
    return found;
  }

  void write(const Zone& zone, const std::string& name, const Rrset& before, const Rrset& after) override {
    const std::string own = zone.id + "/" + before.id;
    if (after.texts.empty()) {
      send("DELETE", own, "", 404);
      return;
    }
    Json texts = Json::array();
    for (const std::string& text : after.texts) texts.push(text);
    Json body = Json::object();
    body.set("name", name + ".").set("type", "TXT").set("ttl", static_cast<int64_t>(after.ttl));
    const std::string text = certo::to_json(body.set("records", std::move(texts)));
    send(before.texts.empty() ? "POST" : "PUT", before.texts.empty() ? zone.id : own, text);
  }

 private:
  void log_in() {
    const std::string account = host_.require("HUAWEICLOUD_DOMAIN_NAME");
    Json user = Json::object();
    user.set("name", host_.require("HUAWEICLOUD_USERNAME"))
        .set("password", host_.require("HUAWEICLOUD_PASSWORD"));
    user.set("domain", object_of("name", account));
    Json methods = Json::array(), identity = Json::object(), auth = Json::object();
    methods.push("password");
    identity.set("methods", std::move(methods)).set("password", object_of("user", std::move(user)));
    auth.set("identity", std::move(identity));
    auth.set("scope", object_of("project", object_of("name", region_)));
    const Reply reply = host_.raw_http({"POST",
                                        tokens_url,
                                        {"Content-Type: application/json"},
                                        certo::to_json(object_of("auth", std::move(auth))),
                                        true});
    if (!reply.ok()) refuse(reply, explanation(reply, {"/error/message", "/error_msg"}));
    token_ = reply.header("x-subject-token");
    if (token_.empty()) throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a token"};
  }

  Reply send(const std::string& method, const std::string& path, const std::string& body = "",
             int missing = 0) {
    Request request{method, url_ + path, {"Content-Type: application/json"}, body};
    if (!token_.empty()) {
      request.headers.push_back("X-Auth-Token: " + token_);
    } else {
      const std::string time = certo::compact_utc(host_.now());
      request.headers.push_back("X-Sdk-Date: " + time);
      const Canonical form = canonical(host_, request, PathEnd::slash);
      const std::string signature =
          derived_signature(host_, secret_, {}, "SDK-HMAC-SHA256\n" + time + "\n" + form.hash);
      request.headers.push_back("Authorization: SDK-HMAC-SHA256 Access=" + key_ +
                                ", SignedHeaders=" + form.headers + ", Signature=" + signature);
    }
    return accepted(host_.raw_http(request), {"/message", "/error_msg", "/error/message"}, missing);
  }

  const Host& host_;
  std::string region_, url_, key_, secret_, token_;
};

constexpr Work present = change_by<Huaweicloud, Change::add>;
constexpr Work cleanup = change_by<Huaweicloud, Change::remove>;

}  // namespace

CERTO_PROVIDER(
        .name = "huaweicloud", .aliases = "dns_huaweicloud", .title = "Huawei Cloud",
        .settings =
            {
                {"HUAWEICLOUD_ACCESS_KEY_ID", "",
                 "an access key of a user with DNS FullAccess: https://console-intl.huaweicloud.com/iam, 'My Credentials'",
                 1},
                {"HUAWEICLOUD_SECRET_ACCESS_KEY", "", "... its secret", 1},
                {"HUAWEICLOUD_USERNAME", "HUAWEICLOUD_Username", "or the name of such a user", 2},
                {"HUAWEICLOUD_PASSWORD", "HUAWEICLOUD_Password", "... the password", 2},
                {"HUAWEICLOUD_DOMAIN_NAME", "HUAWEICLOUD_DomainName", "... and the account's name", 2},
                {"HUAWEICLOUD_REGION", "", "the region (default: ap-southeast-1)", 0},
            },
        .name_servers = "ns?.huaweicloud-dns.*",
        .rights = "dns:zone:list and dns:recordset:list, create, update and delete")
