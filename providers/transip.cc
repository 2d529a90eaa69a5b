// TransIP, by https://api.transip.nl/rest/docs.html ("Authentication" and "Domains / DNS")
//
// A request that is signed by RSA and SHA-512 gives a token, which this batch uses.
#include "sdk/answer.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

constexpr const char* lifetime = "30 minutes";

/// PEM, or PEM in base64 as acme.sh keeps it.
std::string transip_key(const Host& host) {
  if (const auto key = host.setting("TRANSIP_PRIVATE_KEY")) {
    const auto inner = certo::from_base64(*key);
    return inner && key->find("BEGIN") == key->npos ? std::string(certo::as_text(*inner)) : *key;
  }
  return host.require("TRANSIP_PRIVATE_KEY_FILE");
}

/// 60, 300, 3600 or 86400 s.
int64_t allowed_ttl(uint32_t ttl) {
  for (const uint32_t allowed : {60u, 300u, 3600u})
    if (ttl <= allowed) return allowed;
  return 86400;
}

class Transip : public ValueService {
 public:
  explicit Transip(const Host& host) : host_(host), url_(host.base_url()) {
    std::string nonce = host.uuid();
    std::erase(nonce, '-');
    Json body = Json::object();
    body.set("login", host.require("TRANSIP_ACCOUNT_NAME")).set("nonce", nonce).set("read_only", false);
    body.set("expiration_time", lifetime).set("label", "certo-" + nonce);
    body.set("global_key", host.setting("TRANSIP_GLOBAL_KEY").value_or("true") == "true");
    const std::string text = certo::to_json(body);
    const certo::Bytes signature = host.sign_by("RS512", transip_key(host), text);
    const Reply reply =
        host.raw_http({"POST",
                       url_ + "/auth",
                       {"Content-Type: application/json", "Signature: " + certo::base64(signature)},
                       text,
                       true});
    if (!reply.ok()) refuse(reply, explanation(reply, {"/error"}));
    const std::string token = text_at(reply.json(), "/token");
    if (token.empty()) throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a token"};
    headers_ = {bearer(token), "Content-Type: application/json"};
  }

  std::optional<Zone> zone(const std::string& name) override {
    if (name.starts_with('_')) return std::nullopt;  // cannot be a registered domain
    const Reply reply = send("GET", "/domains/" + escaped(name), "", 404);
    if (!reply.ok() || text_at(reply.json(), "/domain/name") != name) return std::nullopt;
    return Zone{name, "/domains/" + escaped(name) + "/dns"};
  }

  std::vector<Held> list(const Zone& zone, const std::string& name) override {
    const Reply reply = send("GET", zone.id);
    std::vector<Held> found;
    for (const Json& entry : list_at(reply.json(), "/dnsEntries", reply.subject)) {
      if (text_at(entry, "/type") == "TXT" && certo::lower(text_at(entry, "/name")) == own(zone, name))
        found.push_back({text_at(entry, "/expire"), text_at(entry, "/content")});
    }
    return found;
  }

  void add(const Zone& zone, const Record& record) override {
    send("POST", zone.id, entry(own(zone, record.name), allowed_ttl(record.ttl), record.value));
  }

  /// An entry has no id: all its members must be given.
  void remove(const Zone& zone, const std::string& name, const Held& held) override {
    const int64_t ttl = certo::number(held.id, 0, INT64_MAX).value_or(0);
    send("DELETE", zone.id, entry(own(zone, name), ttl, held.value), 404);
  }

 private:
  static std::string own(const Zone& zone, const std::string& name) { return below(name, zone.name, "@"); }

  static std::string entry(const std::string& name, int64_t ttl, const std::string& content) {
    Json made = Json::object();
    made.set("name", name).set("expire", ttl).set("type", "TXT").set("content", content);
    Json body = Json::object();
    return certo::to_json(body.set("dnsEntry", std::move(made)));
  }

  Reply send(const char* method, const std::string& path, const std::string& body = "", int missing = 0) {
    return accepted(host_.raw_http({method, url_ + path, headers_, body}), {"/error"}, missing);
  }

  const Host& host_;
  std::string url_;
  std::vector<std::string> headers_;
};

constexpr Work present = change_by<Transip, Change::add>;
constexpr Work cleanup = change_by<Transip, Change::remove>;

}  // namespace

CERTO_PROVIDER(.name = "transip", .aliases = "dns_transip", .title = "TransIP",
               .base_url = "https://api.transip.nl/v6", .propagation = 600,
               .settings =
                   {
                       {"TRANSIP_ACCOUNT_NAME", "TRANSIP_Username", "the name that you log in with", 0},
                       {"TRANSIP_PRIVATE_KEY_FILE", "TRANSIP_PRIVATE_KEY_PATH TRANSIP_Key_File",
                        "the file of a key pair's private key: https://www.transip.nl/cp/account/api/", 1},
                       {"TRANSIP_PRIVATE_KEY", "TRANSIP_Key",
                        "... or the key itself, in PEM or base64 of that", 2},
                       {"TRANSIP_GLOBAL_KEY", "TRANSIP_Token_Global_Key",
                        "false: for a key pair that accepts only IP addresses on its list", 0},
                   },
               .name_servers = "ns?.transip.*", .rights = "a key pair that is not read-only")
