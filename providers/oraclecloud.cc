// Oracle Cloud Infrastructure DNS, by https://docs.oracle.com/en-us/iaas/api/#/en/dns/20180115/ and, for
// signatures, https://docs.oracle.com/en-us/iaas/Content/API/Concepts/signingrequests.htm
//
// Requests are signed by RSA as draft-cavage-http-signatures-08 says. Records are added and removed one by
// one.
#include "sdk/answer.h"
#include "sdk/ini.h"
#include "sdk/sigv4.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

/// From the settings; what is missing comes from a profile of ~/.oci/config.
struct Identity {
  std::string key_id, region, private_key;

  explicit Identity(const Host& host) {
    const std::string kind = host.setting("OCI_AUTH_TYPE").value_or("");
    if (!kind.empty() && kind != "api_key")
      throw Failure{CERTO_CONFIG, "OCI_AUTH_TYPE=" + kind + " is not supported, only API keys are"};
    const std::string profile = host.setting("OCI_PROFILE").value_or("DEFAULT");
    const auto file = host.setting("OCI_CONFIG_FILE");
    IniSection config;
    if (auto found = file ? ini_section(*file, profile) : std::nullopt) config = *found;
    const auto take = [&](const char* setting, const char* key) {
      const auto value = host.setting(setting);
      return value || !config.contains(key) ? host.require(setting) : config[key];
    };
    private_key = key_of(host);
    if (host.setting("OCI_PRIVATE_KEY_PASSWORD"))
      throw Failure{CERTO_CONFIG,
                    "OCI_PRIVATE_KEY_PASSWORD is not supported: remove the key's password with "
                    "'openssl pkey -in FILE -out NEW'"};
    key_id = take("OCI_TENANCY_OCID", "tenancy");
    for (const auto& [setting, key] :
         {std::pair("OCI_USER_OCID", "user"), {"OCI_FINGERPRINT", "fingerprint"}})
      key_id += "/" + take(setting, key);
    region = take("OCI_REGION", "region");
  }

  /// PEM, or PEM in base64 as acme.sh keeps it.
  static std::string key_of(const Host& host) {
    const auto key = host.setting("OCI_PRIVATE_KEY");
    if (!key) return host.require("OCI_PRIVATE_KEY_FILE");
    const auto inner = certo::from_base64(*key);
    return inner && key->find("BEGIN") == key->npos ? std::string(certo::as_text(*inner)) : *key;
  }
};

class Oracle : public ValueService {
 public:
  explicit Oracle(const Host& host) : host_(host), identity_(host) {
    const std::string base = host.setting("BASE_URL")
                                 ? host.base_url()
                                 : "https://dns." + identity_.region + ".oci.oraclecloud.com";
    url_ = base + "/20180115/zones/";
    if (const auto compartment = host.setting("OCI_COMPARTMENT_OCID"))
      query_ = "?compartmentId=" + escaped(*compartment);
  }

  /// 404 means no zone, or no right to see it.
  std::optional<Zone> zone(const std::string& name) override {
    const Reply reply = send("GET", escaped(name) + query_, "", 404);
    if (!reply.ok() || text_at(reply.json(), "/name") != name) return std::nullopt;
    return Zone{name, escaped(name) + "/records/"};
  }

  std::vector<Held> list(const Zone& zone, const std::string& name) override {
    std::vector<Held> found;
    std::string page;
    do {
      const std::string asked =
          page.empty() ? query_ : query_ + (query_.empty() ? "?" : "&") + "page=" + escaped(page);
      const Reply reply = send("GET", path(zone, name) + asked, "", 404);
      if (!reply.ok()) break;
      for (const Json& item : list_at(reply.json(), "/items", reply.subject)) {
        found.push_back({text_at(item, "/recordHash"), text_at(item, "/rdata")});
        ttls_[name] = certo::number(text_at(item, "/ttl"), 0, INT32_MAX).value_or(0);
      }
      page = reply.header("opc-next-page");
    } while (!page.empty());
    return found;
  }

  /// All records of a name have one TTL, so that of the others is kept.
  void add(const Zone& zone, const Record& record) override {
    const auto there = ttls_.find(record.name);
    Json item = Json::object();
    item.set("domain", record.name).set("rdata", quoted(record.value)).set("rtype", "TXT");
    item.set("ttl", there == ttls_.end() ? static_cast<int64_t>(record.ttl) : there->second);
    patch(zone, record.name, std::move(item.set("operation", "ADD")));
  }

  void remove(const Zone& zone, const std::string& name, const Held& held) override {
    Json item = Json::object();
    item.set("domain", name).set("rdata", held.value).set("rtype", "TXT").set("recordHash", held.id);
    patch(zone, name, std::move(item.set("operation", "REMOVE")));
  }

 private:
  static std::string path(const Zone& zone, const std::string& name) {
    return zone.id + escaped(name) + "/TXT";
  }

  void patch(const Zone& zone, const std::string& name, Json item) {
    Json items = Json::array(), body = Json::object();
    items.push(std::move(item));
    send("PATCH", path(zone, name) + query_, certo::to_json(body.set("items", std::move(items))));
  }

  Reply send(const std::string& method, const std::string& path, const std::string& body = "",
             int missing = 0) {
    const std::string url = url_ + path, date = certo::http_date(host_.now());
    const std::string target = url.substr(url.find('/', url.find("://") + 3));
    std::string covered = "date (request-target) host";
    std::string text = "date: " + date + "\n(request-target): " + certo::lower(method) + " " + target +
                       "\nhost: " + server_of(url);
    std::vector<std::string> headers = {"Date: " + date};
    if (!body.empty()) {
      const std::string length = std::to_string(body.size());
      const std::string hash = certo::base64(host_.hash("sha256", body));
      covered += " content-length content-type x-content-sha256";
      text += "\ncontent-length: " + length + "\ncontent-type: application/json\nx-content-sha256: " + hash;
      headers.insert(headers.end(), {"Content-Type: application/json", "X-Content-SHA256: " + hash});
    }
    headers.push_back("Authorization: Signature version=\"1\",keyId=\"" + identity_.key_id +
                      "\",algorithm=\"rsa-sha256\",headers=\"" + covered + "\",signature=\"" +
                      certo::base64(host_.sign_by("RS256", identity_.private_key, text)) + "\"");
    return accepted(host_.raw_http({method, url, headers, body}), {"/message", "/code"}, missing);
  }

  const Host& host_;
  Identity identity_;
  std::string url_, query_;
  std::map<std::string, int64_t> ttls_;
};

constexpr Work present = change_by<Oracle, Change::add>;
constexpr Work cleanup = change_by<Oracle, Change::remove>;

}  // namespace

CERTO_PROVIDER(
        .name = "oraclecloud", .aliases = "dns_oci oci", .title = "Oracle Cloud",
        .settings =
            {
                {"OCI_TENANCY_OCID", "OCI_CLI_TENANCY TF_VAR_tenancy_ocid",
                 "the tenancy's OCID (default: tenancy in the configuration file)", 0},
                {"OCI_USER_OCID", "OCI_CLI_USER TF_VAR_user_ocid",
                 "the OCID of a user who may manage dns-records and read dns-zones (default: user in that file)",
                 0},
                {"OCI_FINGERPRINT", "OCI_PUBKEY_FINGERPRINT TF_VAR_fingerprint",
                 "the API key's fingerprint, shown where it is added: https://cloud.oracle.com, 'My profile', 'API keys' (default: fingerprint in that file)",
                 0},
                {"OCI_REGION", "OCI_CLI_REGION TF_VAR_region",
                 "the region, as eu-frankfurt-1 (default: region in that file)", 0},
                {"OCI_PRIVATE_KEY_FILE",
                 "OCI_PRIVATE_KEY_PATH OCI_PRIVKEY_FILE OCI_CLI_KEY_FILE TF_VAR_private_key_path ~/.oci/oci_api_key.pem",
                 "the file of the API key's private half", 1},
                {"OCI_PRIVATE_KEY", "OCI_PRIVKEY OCI_CLI_KEY",
                 "... or the key itself, in PEM or base64 of that", 2},
                {"OCI_COMPARTMENT_OCID", "", "the zone's compartment, if it is not found without", 0},
                {"OCI_CONFIG_FILE", "OCI_CLI_CONFIG_FILE ~/.oci/config",
                 "the configuration file of Oracle's tools", 0},
                {"OCI_PROFILE", "OCI_CLI_PROFILE", "the profile in that file (default: DEFAULT)", 0},
                {"OCI_PRIVATE_KEY_PASSWORD", "OCI_PRIVKEY_PASS TF_VAR_private_key_password",
                 "not supported: remove the key's password", 0},
                {"OCI_AUTH_TYPE", "", "only api_key, the default, is supported", 0},
            },
        .name_servers = "*.dns.oraclecloud.net",
        .rights = "read dns-zones and manage dns-records in the zone's compartment")
