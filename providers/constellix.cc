// Constellix, by https://api-docs.constellix.com/ ("Authentication", "Domains", "TXT Record")
//
// The values of a name are one record's list "roundRobin". What certo does not know in it stays.
#include <algorithm>

#include "sdk/answer.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

class Constellix : public RrsetService {
 public:
  explicit Constellix(const Host& host)
      : host_(host),
        key_(host.require("CONSTELLIX_API_KEY")),
        secret_(host.require("CONSTELLIX_SECRET_KEY")) {}

  std::optional<Zone> zone(const std::string& name) override {
    const Reply reply = send("GET", "/domains/search?exact=" + escaped(name), "", 404);
    if (!reply.ok()) return std::nullopt;
    for (const Json& domain : list_at(reply.json(), "", reply.subject))
      if (text_at(domain, "/name") == name)
        return Zone{name, "/domains/" + text_at(domain, "/id") + "/records/txt"};
    return std::nullopt;
  }

  Rrset read(const Zone& zone, const std::string& name) override {
    const std::string own = below(name, zone.name);
    // A search for the empty name of the zone itself finds nothing.
    const std::string path = own.empty() ? "" : "/search?exact=" + escaped(own);
    const Reply found = send("GET", zone.id + path, "", 404);
    if (!found.ok()) return {};
    Rrset rrset;
    for (const Json& record : list_at(found.json(), "", found.subject))
      if (certo::lower(text_at(record, "/name")) == own) rrset.id = text_at(record, "/id");
    if (rrset.id.empty()) return {};
    const Reply reply = send("GET", zone.id + "/" + rrset.id, "", 404);
    if (!reply.ok()) return {};
    const Json json = reply.json();
    entries_ = list_at(json, "/roundRobin", reply.subject);
    for (const Json& entry : entries_) rrset.texts.push_back(text_at(entry, "/value"));
    rrset.ttl = static_cast<uint32_t>(certo::number(text_at(json, "/ttl"), 0, INT32_MAX).value_or(0));
    return rrset;
  }

  void write(const Zone& zone, const std::string& name, const Rrset& before, const Rrset& after) override {
    const std::string own = zone.id + "/" + before.id;
    if (after.texts.empty()) {
      send("DELETE", own, "", 404);
      return;
    }
    Json values = Json::array();
    for (const std::string& text : after.texts) values.push(entry(before, text));
    Json body = Json::object();
    body.set("name", below(name, zone.name)).set("ttl", static_cast<int64_t>(after.ttl));
    const std::string text = certo::to_json(body.set("roundRobin", std::move(values)));
    send(before.texts.empty() ? "POST" : "PUT", before.texts.empty() ? zone.id : own, text);
  }

 private:
  /// As it was read, or a new one.
  Json entry(const Rrset& before, const std::string& text) const {
    const auto found = std::ranges::find(before.texts, text);
    if (found != before.texts.end()) return entries_[static_cast<size_t>(found - before.texts.begin())];
    Json made = Json::object();
    return made.set("value", text);
  }

  Reply send(const std::string& method, const std::string& path, const std::string& body = "",
             int missing = 0) {
    const std::string time = std::to_string(host_.now().time_since_epoch().count()) + "000";  // milliseconds
    const std::string signature = certo::base64(host_.hmac("sha1", certo::as_bytes(secret_), time));
    std::vector<std::string> headers = {"x-cns-security-token: " + key_ + ":" + signature + ":" + time};
    if (!body.empty()) headers.emplace_back("Content-Type: application/json");
    return accepted(host_.raw_http({method, host_.base_url() + path, headers, body}),
                    {"/errors/0", "/errors"}, missing);
  }

  const Host& host_;
  std::string key_, secret_;
  Json::Array entries_;  // of the RRset that was read last
};

constexpr Work present = change_by<Constellix, Change::add>;
constexpr Work cleanup = change_by<Constellix, Change::remove>;

}  // namespace

CERTO_PROVIDER(.name = "constellix", .aliases = "dns_constellix", .title = "Constellix",
               .base_url = "https://api.dns.constellix.com/v1",
               .settings =
                   {
                       {"CONSTELLIX_API_KEY", "CONSTELLIX_Key",
                        "an API key: https://manage.constellix.com, 'Users', 'API Keys'", 1},
                       {"CONSTELLIX_SECRET_KEY", "CONSTELLIX_Secret", "... its secret key", 1},
                   },
               .name_servers = "ns*.constellix.*")
