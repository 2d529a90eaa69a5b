// Akamai Edge DNS, by https://techdocs.akamai.com/edge-dns/reference/edge-dns-api and, for signatures,
// https://techdocs.akamai.com/developer/docs/authenticate-with-edgegrid and its client
// https://github.com/akamai/AkamaiOPEN-edgegrid-golang
//
// A TXT RRset is replaced as a whole. The service refuses a clock that is wrong by more than 30 s.
#include "sdk/answer.h"
#include "sdk/ini.h"
#include "sdk/sigv4.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

/// From the settings, or from the section of ~/.edgerc.
struct Edgegrid {
  std::string server, client_token, client_secret, access_token, account;

  explicit Edgegrid(const Host& host) {
    const auto file = host.setting("AKAMAI_EDGERC_FILE");
    const std::string section = host.setting("AKAMAI_EDGERC_SECTION").value_or("default");
    const bool is_set = host.setting("AKAMAI_CLIENT_TOKEN").has_value();
    IniSection keys;
    if (file && !is_set) {
      const auto found = ini_section(*file, section);
      if (!found) throw Failure{CERTO_CONFIG, "the .edgerc file has no section [" + section + "]"};
      keys = *found;
    }
    const auto take = [&](const char* key, const char* setting) {
      return keys.contains(key) ? keys[key] : host.require(setting);
    };
    server = take("host", "AKAMAI_HOST");
    client_token = take("client_token", "AKAMAI_CLIENT_TOKEN");
    client_secret = take("client_secret", "AKAMAI_CLIENT_SECRET");
    access_token = take("access_token", "AKAMAI_ACCESS_TOKEN");
    account = host.setting("AKAMAI_ACCOUNT_SWITCH_KEY").value_or(keys["account_key"]);
    while (server.ends_with('/')) server.pop_back();
    if (server.find("://") == server.npos) server = "https://" + server;
  }
};

class Edgedns : public RrsetService {
 public:
  explicit Edgedns(const Host& host) : host_(host), keys_(host) {
    url_ = host.setting("BASE_URL") ? host.base_url() : keys_.server;
  }

  std::optional<Zone> zone(const std::string& name) override {
    const Reply reply = send("GET", "/" + escaped(name), "", 404);
    if (!reply.ok() || text_at(reply.json(), "/zone") != name) return std::nullopt;
    return Zone{name, "/" + escaped(name) + "/names/"};
  }

  Rrset read(const Zone& zone, const std::string& name) override {
    const Reply reply = send("GET", path(zone, name), "", 404);
    if (!reply.ok()) return {};
    const Json json = reply.json();
    Rrset found;
    for (const Json& text : list_at(json, "/rdata", reply.subject)) found.texts.push_back(text_at(text, ""));
    found.ttl = static_cast<uint32_t>(certo::number(text_at(json, "/ttl"), 0, UINT32_MAX).value_or(0));
    return found;
  }

  void write(const Zone& zone, const std::string& name, const Rrset& before, const Rrset& after) override {
    if (after.texts.empty()) {
      send("DELETE", path(zone, name), "", 404);
      return;
    }
    Json texts = Json::array();
    for (const std::string& text : after.texts) texts.push(text);
    Json body = Json::object();
    body.set("name", name).set("type", "TXT").set("ttl", static_cast<int64_t>(after.ttl)).set("rdata", texts);
    send(before.texts.empty() ? "POST" : "PUT", path(zone, name), certo::to_json(body));
  }

 private:
  static std::string path(const Zone& zone, const std::string& name) {
    return zone.id + escaped(name) + "/types/TXT";
  }

  Reply send(const std::string& method, const std::string& path, const std::string& body = "",
             int missing = 0) {
    std::string url = url_ + "/config-dns/v2/zones" + path;
    if (!keys_.account.empty()) url += "?accountSwitchKey=" + escaped(keys_.account);
    std::vector<std::string> headers = {authorization(method, url, body), "Accept: application/json"};
    if (!body.empty()) headers.emplace_back("Content-Type: application/json");
    // Problem details, RFC 9457.
    return accepted(host_.raw_http({method, url, headers, body}), {"/detail", "/title"}, missing);
  }

  /// EG1-HMAC-SHA256. The body of a POST is signed, that of a PUT is not.
  std::string authorization(const std::string& method, const std::string& url,
                            const std::string& body) const {
    const std::string plain = certo::rfc3339(host_.now());  // 2026-11-21T02:22:00Z
    std::string time = plain.substr(0, plain.size() - 1) + "+0000";
    std::erase(time, '-');
    const std::string header = "EG1-HMAC-SHA256 client_token=" + keys_.client_token +
                               ";access_token=" + keys_.access_token + ";timestamp=" + time +
                               ";nonce=" + host_.uuid() + ";";
    const size_t scheme = url.find("://"), path = url.find('/', scheme + 3);
    const std::string hash = method == "POST" ? certo::base64(host_.hash("sha256", body)) : "";
    const std::string text = certo::join(
        {method, url.substr(0, scheme), server_of(url), url.substr(path), "", hash, header}, "\t");
    return "Authorization: " + header + "signature=" + mac(mac(keys_.client_secret, time), text);
  }

  std::string mac(const std::string& key, const std::string& text) const {
    return certo::base64(host_.hmac("sha256", certo::as_bytes(key), text));
  }

  const Host& host_;
  Edgegrid keys_;
  std::string url_;
};

constexpr Work present = change_by<Edgedns, Change::add>;
constexpr Work cleanup = change_by<Edgedns, Change::remove>;

}  // namespace

CERTO_PROVIDER(
        .name = "edgedns", .aliases = "dns_edgedns fastdns akamai", .title = "Akamai Edge DNS",
        .propagation = 180,
        .settings =
            {
                {"AKAMAI_HOST", "",
                 "an API client's host: https://control.akamai.com/apps/identity-management, 'API client', with READ-WRITE on DNS—Zone Record Management",
                 1},
                {"AKAMAI_CLIENT_TOKEN", "", "... its client_token", 1},
                {"AKAMAI_CLIENT_SECRET", "", "... its client_secret", 1},
                {"AKAMAI_ACCESS_TOKEN", "", "... and its access_token", 1},
                {"AKAMAI_EDGERC_FILE", "AKAMAI_EDGERC ~/.edgerc", "... or the file that holds all four", 2},
                {"AKAMAI_EDGERC_SECTION", "", "the section in that file (default: default)", 0},
                {"AKAMAI_ACCOUNT_SWITCH_KEY", "", "another account of yours to act in", 0},
            },
        .name_servers = "*.akam.net", .rights = "READ-WRITE on DNS—Zone Record Management")
