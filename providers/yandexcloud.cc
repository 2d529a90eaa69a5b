// Yandex Cloud DNS, by https://yandex.cloud/en/docs/dns/api-ref/DnsZone/ and, for tokens,
// https://yandex.cloud/en/docs/iam/operations/iam-token/create-for-sa
//
// A service account's key signs a JSON Web Token by RSA-PSS, which gives a token for this batch. An update
// names the RRset that goes as it was read, so the service refuses it if somebody else has changed it
// meanwhile.
#include "sdk/answer.h"
#include "sdk/jwt.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

constexpr const char* yandex_tokens = "https://iam.api.cloud.yandex.net/iam/v1/tokens";
constexpr int64_t lifetime = 3600;  // seconds, the maximum

struct ServiceAccount {
  std::string id, key_id, private_key;
};

/// {"id":"…","service_account_id":"…","private_key":"PLEASE DO NOT REMOVE …\n-----BEGIN PRIVATE KEY-----…"}
ServiceAccount account_in(const std::string& text) {
  try {
    const Json json = certo::parse_json(text, "the authorized key", certo::Exit::config);
    const certo::Fields key(json, "the authorized key", certo::Exit::config);
    return {key.string("service_account_id"), key.string("id"), key.string("private_key")};
  } catch (const certo::Error& error) {
    throw Failure{CERTO_CONFIG, error.message};
  }
}

std::string decoded(const std::string& text) {
  const auto bytes = certo::from_base64(text);
  return bytes ? std::string(certo::as_text(*bytes)) : "";
}

std::string token_for(const Host& host, const ServiceAccount& account) {
  const int64_t now = host.now().time_since_epoch().count();
  Json header = Json::object(), claims = Json::object(), body = Json::object();
  header.set("typ", "JWT").set("alg", "PS256").set("kid", account.key_id);
  claims.set("iss", account.id).set("aud", yandex_tokens).set("iat", now).set("exp", now + lifetime);
  const std::string covered = certo::base64url(certo::as_bytes(certo::to_json(header))) + "." +
                              certo::base64url(certo::as_bytes(certo::to_json(claims)));
  const std::string key = account.private_key.substr(
      std::min(account.private_key.find("-----BEGIN"), account.private_key.size()));
  body.set("jwt", covered + "." + certo::base64url(host.sign_by("PS256", key, covered)));
  const Reply reply =
      host.raw_http({"POST", yandex_tokens, {"Content-Type: application/json"}, certo::to_json(body), true});
  if (!reply.ok()) refuse(reply, explanation(reply, {"/message"}));
  const std::string token = text_at(reply.json(), "/iamToken");
  if (token.empty()) throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a token"};
  return token;
}

std::string yandex_token(const Host& host) {
  if (const auto key = host.setting("YANDEX_CLOUD_KEY_FILE")) return token_for(host, account_in(*key));
  if (const auto token = host.setting("YANDEX_CLOUD_IAM_TOKEN")) {
    const std::string inner = decoded(*token);
    return inner.starts_with('{') ? token_for(host, account_in(inner)) : *token;
  }
  const auto encoded = host.setting("YANDEX_CLOUD_PRIVATE_KEY_BASE64");
  return token_for(host,
                   {host.require("YANDEX_CLOUD_SERVICE_ACCOUNT_ID"), host.require("YANDEX_CLOUD_KEY_ID"),
                    encoded ? decoded(*encoded) : host.require("YANDEX_CLOUD_PRIVATE_KEY_FILE")});
}

class Yandexcloud : public RrsetService {
 public:
  explicit Yandexcloud(const Host& host)
      : host_(host), headers_{bearer(yandex_token(host)), "Content-Type: application/json"} {}

  std::optional<Zone> zone(const std::string& name) override {
    if (const auto fixed = host_.setting("YANDEX_CLOUD_ZONE_ID")) {
      const Json json = send("GET", "/zones/" + escaped(*fixed)).json();
      return text_at(json, "/zone") == name + "." ? std::optional(Zone{name, *fixed}) : std::nullopt;
    }
    const std::string asked = "/zones?folderId=" + escaped(host_.require("YANDEX_CLOUD_FOLDER_ID")) +
                              "&filter=" + escaped("zone=\"" + name + ".\"");
    std::string page;
    do {
      const Reply reply = send("GET", asked + (page.empty() ? "" : "&pageToken=" + escaped(page)));
      const Json json = reply.json();
      if (!json.find("dnsZones")) return std::nullopt;  // left out if there is none
      for (const Json& zone : list_at(json, "/dnsZones", reply.subject)) {
        const bool is_public = zone.find("publicVisibility") != nullptr;
        if (is_public && text_at(zone, "/zone") == name + ".") return Zone{name, text_at(zone, "/id")};
      }
      page = text_at(json, "/nextPageToken");
    } while (!page.empty());
    return std::nullopt;
  }

  Rrset read(const Zone& zone, const std::string& name) override {
    const Reply reply =
        send("GET", path(zone, "getRecordSet") + "?name=" + escaped(name + ".") + "&type=TXT", "", 404);
    if (!reply.ok()) return {};
    const Json json = reply.json();
    Rrset found;
    for (const Json& text : list_at(json, "/data", reply.subject)) found.texts.push_back(text_at(text, ""));
    found.ttl = static_cast<uint32_t>(certo::number(text_at(json, "/ttl"), 0, INT32_MAX).value_or(0));
    return found;
  }

  void write(const Zone& zone, const std::string& name, const Rrset& before, const Rrset& after) override {
    Json body = Json::object();
    body.set("deletions", list_of(name, before)).set("additions", list_of(name, after));
    send("POST", path(zone, "updateRecordSets"), certo::to_json(body));
  }

 private:
  static std::string path(const Zone& zone, const char* verb) {
    return "/zones/" + escaped(zone.id) + ":" + verb;
  }

  static Json list_of(const std::string& name, const Rrset& rrset) {
    Json list = Json::array();
    if (rrset.texts.empty()) return list;
    Json texts = Json::array(), entry = Json::object();
    for (const std::string& text : rrset.texts) texts.push(text);
    entry.set("name", name + ".").set("type", "TXT").set("ttl", std::to_string(rrset.ttl));
    list.push(std::move(entry.set("data", std::move(texts))));
    return list;
  }

  Reply send(const std::string& method, const std::string& path, const std::string& body = "",
             int missing = 0) {
    return accepted(host_.raw_http({method, host_.base_url() + path, headers_, body}), {"/message"}, missing);
  }

  const Host& host_;
  std::vector<std::string> headers_;
};

constexpr Work present = change_by<Yandexcloud, Change::add>;
constexpr Work cleanup = change_by<Yandexcloud, Change::remove>;

}  // namespace

CERTO_PROVIDER(
        .name = "yandexcloud", .aliases = "dns_yc", .title = "Yandex Cloud",
        .base_url = "https://dns.api.cloud.yandex.net/dns/v1",
        .settings =
            {
                {"YANDEX_CLOUD_KEY_FILE", "",
                 "an authorized key of a service account with the role dns.editor, as 'yc iam key create' writes it",
                 1},
                {"YANDEX_CLOUD_IAM_TOKEN", "", "... or its content in base64, or an IAM token", 2},
                {"YANDEX_CLOUD_FOLDER_ID", "YC_Folder_ID", "the folder that has the zone", 0},
                {"YANDEX_CLOUD_ZONE_ID", "YC_Zone_ID", "... or the zone's id", 0},
                {"YANDEX_CLOUD_SERVICE_ACCOUNT_ID", "YC_SA_ID",
                 "or the service account's id, with its key's id and file", 0},
                {"YANDEX_CLOUD_KEY_ID", "YC_SA_Key_ID", "... the key's id", 0},
                {"YANDEX_CLOUD_PRIVATE_KEY_FILE", "YC_SA_Key_File_Path", "... the file of the private key",
                 3},
                {"YANDEX_CLOUD_PRIVATE_KEY_BASE64", "YC_SA_Key_File_PEM_b64", "... or that in base64", 4},
            },
        .name_servers = "ns?.yandexcloud.net", .rights = "the role dns.editor for the folder")
