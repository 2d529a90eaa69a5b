// RU-CENTER, by https://www.nic.ru/help/upload/file/API_DNS-hosting.pdf ("DNS-master")
//
// A change takes effect when the zone is committed, with all other changes that wait. certo commits a zone
// that has changes even if it made none: a run that died may have left them.
#include <algorithm>

#include "sdk/oauth.h"
#include "sdk/provider.hpp"
#include "sdk/quoted_values.h"
#include "sdk/xml.h"

namespace {

using namespace certo::sdk;

struct NicZone {
  std::string name, url;
  bool has_changes = false;
};

struct Held {
  std::string id, name, value;
};

std::string token_of(const Host& host, const std::string& base) {
  const std::string root = base.ends_with("/dns-master") ? base.substr(0, base.size() - 11) : base;
  return token_in(
      host.raw_http({.method = "POST",
                     .url = root + "/oauth/token",
                     .headers = {basic(host, host.require("NICRU_SERVICE_ID"), host.require("NICRU_SECRET")),
                                 "Content-Type: application/x-www-form-urlencoded"},
                     .body = form({{"grant_type", "password"},
                                   {"username", host.require("NICRU_USER")},
                                   {"password", host.require("NICRU_PASSWORD")},
                                   {"scope", "(GET|PUT|POST|DELETE):/dns-master/.+"}}),
                     .reads = true}));
}

class Nic {
 public:
  explicit Nic(const Host& host)
      : host_(host), url_(host.base_url()), token_(bearer(token_of(host, host.base_url()))) {}

  std::vector<NicZone> zones() const {
    std::vector<NicZone> found;
    const Element data = send("GET", url_ + "/zones");
    for (const Element& zone : data.children) {
      if (zone.name != "zone") continue;
      found.push_back({certo::lower(zone.attribute("name")),
                       url_ + "/services/" + escaped(zone.attribute("service")) + "/zones/" +
                           escaped(zone.attribute("name")),
                       certo::lower(zone.attribute("has-changes")) == "true"});
    }
    return found;
  }

  std::vector<Held> records(const NicZone& zone) const {
    std::vector<Held> found;
    const Element data = send("GET", zone.url + "/records");
    for (const Element& part : data.children) {
      for (const Element& record : part.children) {
        const Element* const text = record.find("txt");
        if (record.name == "rr" && text)
          found.push_back({record.attribute("id"), certo::lower(certo::trim(record.text_of("name"))),
                           std::string(certo::trim(text->text_of("string")))});
      }
    }
    return found;
  }

  void add(const NicZone& zone, const std::string& below, const std::string& value, uint32_t ttl) const {
    send("PUT", zone.url + "/records",
         "<?xml version=\"1.0\" encoding=\"UTF-8\"?><request><rr-list><rr><name>" + xml_escaped(below) +
             "</name><ttl>" + std::to_string(ttl) + "</ttl><type>TXT</type><txt><string>" +
             xml_escaped(value) + "</string></txt></rr></rr-list></request>");
  }

  void remove(const NicZone& zone, const std::string& id) const {
    send("DELETE", zone.url + "/records/" + escaped(id));
  }

  void commit(const NicZone& zone) const { send("POST", zone.url + "/commit"); }

 private:
  /// The data of <response><status>success</status><data>…</data></response>; empty if a record to remove is
  /// gone.
  Element send(const std::string& method, const std::string& url, const std::string& body = "") const {
    Request request{method, url, {token_}, body};
    if (!body.empty()) request.headers.emplace_back("Content-Type: text/xml");
    const Reply reply = host_.raw_http(request);
    if (method == "DELETE" && reply.status == 404) return {};
    const std::string words = words_in(reply);
    throw_if_refused(reply, words);
    if (!reply.ok() || !words.empty())
      throw Failure{CERTO_FAILED, reply.subject + " answered " + std::to_string(reply.status) +
                                      (words.empty() ? "" : ": " + words)};
    const Element response = parse_xml(reply.body, reply.subject);
    if (certo::trim(response.text_of("status")) != "success")
      throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a success"};
    const Element* const data = response.find("data");
    return data ? *data : Element{};
  }

  /// <errors><error code="4097">Access denied</error></errors>
  static std::string words_in(const Reply& reply) {
    try {
      const Element response = parse_xml(reply.body, reply.subject);
      const Element* const errors = response.find("errors");
      const Element* const error = errors ? errors->find("error") : nullptr;
      return error ? error->attribute("code") + " " + std::string(certo::trim(error->text)) : "";
    } catch (const Failure&) {
      return "";
    }
  }

  const Host& host_;
  std::string url_, token_;
};

/// Whether anything was changed.
bool change_name(const Nic& api, const NicZone& zone, const std::string& name,
                 const std::vector<std::string>& values, uint32_t ttl, Change change) {
  const std::string below = name == zone.name ? "@" : name.substr(0, name.size() - zone.name.size() - 1);
  bool is_changed = false;
  const std::vector<Held> held = api.records(zone);
  for (const std::string& value : merged({}, values, Change::add)) {
    const auto is_it = [&](const Held& record) {
      return record.name == below && is_same_text(record.value, value);
    };
    if (change == Change::add && std::ranges::none_of(held, is_it)) {
      api.add(zone, below, value, ttl);
      is_changed = true;
    }
    for (const Held& record : held) {
      if (change == Change::add || !is_it(record)) continue;
      api.remove(zone, record.id);
      is_changed = true;
    }
  }
  return is_changed;
}

void change_records(const Host& host, Records records, Change change) {
  const Nic api(host);
  const std::vector<NicZone> all = api.zones();
  ZoneFinder<NicZone> zones(host, [&](const std::string& name) {
    const auto found = std::ranges::find(all, name, &NicZone::name);
    return found == all.end() ? std::nullopt : std::optional(*found);
  });
  std::map<std::string, NicZone> waiting;
  for (const auto& [name, values] : by_name(records)) {
    const NicZone& zone = zones.find(name);
    const bool is_changed = change_name(api, zone, name, values, records.front().ttl, change);
    if (is_changed || zone.has_changes) waiting.emplace(zone.name, zone);
  }
  for (const auto& [name, zone] : waiting) api.commit(zone);
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(.name = "nicru", .aliases = "dns_nic", .title = "RU-CENTER",
               .base_url = "https://api.nic.ru/dns-master", .propagation = 600,
               .settings =
                   {
                       {"NICRU_USER", "NIC_Username", "the contract, like 12345/NIC-D", 1},
                       {"NICRU_PASSWORD", "NIC_Password", "its administrative or technical password", 1},
                       {"NICRU_SERVICE_ID", "NIC_ClientID",
                        "the id of an application: https://www.nic.ru/manager/oauth.cgi?step=oauth.app_list",
                        1},
                       {"NICRU_SECRET", "NIC_ClientSecret", "... its secret", 1},
                   },
               .name_servers = "*.nic.ru", .rights = "(GET|PUT|POST|DELETE):/dns-master/.+",
               .source = "table")
