// ALL-INKL.COM, by the documentation of the KAS API, https://kasapi.kasserver.com/dokumentation/phpdoc/, and,
// for faults and the shape of replies, the agreeing behaviour of lego and acme.sh.
//
// Each reply says how long the next call must wait (KasFloodDelay); a call that comes too early is refused
// and told the rest of the time. A login with a password opens a session, which ends by itself.
#include <algorithm>
#include <chrono>
#include <thread>

#include "sdk/provider.hpp"
#include "sdk/soap.h"

namespace {

using certo::Json;
using namespace certo::sdk;
using Delay = std::chrono::milliseconds;

constexpr Delay longest_delay{30000};
constexpr int most_tries = 5;

/// "0.5", in seconds.
Delay delay_in(const std::string& text) {
  const size_t point = std::min(text.find('.'), text.size());
  const std::string part = text.substr(std::min(point + 1, text.size())) + "000";
  const auto seconds = certo::number(text.substr(0, point), 0, 3600);
  const auto thousandths = certo::number(part.substr(0, 3), 0, 999);
  if (!seconds || !thousandths) return longest_delay;
  return Delay(*seconds * 1000 + *thousandths + (part.size() > 6 ? 1 : 0));
}

/// <item><key>a</key><value>b</value></item> becomes an object, items without keys an array; all else is
/// text.
Json decoded(const Element& value) {
  if (value.children.empty()) return value.text;
  Json object = Json::object(), array = Json::array();
  for (const Element& item : value.children) {
    const Element* const key = local_child(item, "key");
    const Element* const of_key = local_child(item, "value");
    if (key && of_key) {
      object.set(key->text, decoded(*of_key));
    } else {
      array.push(decoded(item));
    }
  }
  return array.items().empty() ? object : array;
}

struct KasRecord {
  std::string id, name, value;
};

struct KasZone {
  std::string name;
  std::vector<KasRecord> records{};  // TXT only
};

class Kas {
 public:
  explicit Kas(const Host& host) : host_(host), login_(host.require("ALL_INKL_LOGIN")) {
    const std::string type = certo::lower(host.setting("ALL_INKL_AUTH_TYPE").value_or("plain"));
    token_ = host.require("ALL_INKL_PASSWORD");
    if (type != "session") token_ = opened_session(type);
  }

  std::optional<KasZone> zone(const std::string& name) const {
    if (name.starts_with('_')) return std::nullopt;  // cannot be a zone there
    Json found;
    try {
      found = call("get_dns_settings", {{"zone_host", name + "."}}, true);
    } catch (const SoapFault& fault) {
      if (fault.text == "zone_not_found" || fault.text == "zone_syntax_incorrect") return std::nullopt;
      refuse("get_dns_settings", fault);
    }
    KasZone zone{name};
    if (!found.is_array()) return zone;
    for (const Json& entry : found.items()) {
      const certo::Fields fields(entry, "get_dns_settings", certo::Exit::failed);
      if (fields.string("record_type") != "TXT") continue;
      zone.records.push_back({fields.string("record_id"), certo::lower(fields.string("record_name")),
                              fields.string("record_data")});
    }
    return zone;
  }

  void add(const std::string& zone, const std::string& below, const std::string& value) const {
    change("add_dns_settings",
           {{"zone_host", zone + "."},
            {"record_type", "TXT"},
            {"record_name", below},
            {"record_data", value},
            {"record_aux", 0}},
           "record_already_exists");
  }

  void remove(const std::string& id) const {
    change("delete_dns_settings", {{"record_id", id}}, "record_id_not_found");
  }

 private:
  std::string opened_session(const std::string& type) const {
    const Json params = Json::Object{{"kas_login", login_},
                                     {"kas_auth_type", type},
                                     {"kas_auth_data", token_},
                                     {"session_lifetime", 600},
                                     {"session_update_lifetime", "Y"}};
    try {
      const Json answer = send("KasAuth", params, true);
      if (answer.is_string() && !answer.string().empty()) return answer.string();
    } catch (const SoapFault& fault) {
      throw Failure{CERTO_CONFIG, "the credentials are refused: " + fault.text};
    }
    throw Failure{CERTO_UNREACHABLE, "KasAuth answered without a session"};
  }

  void change(const char* action, Json::Object params, std::string_view done_already) const {
    try {
      call(action, std::move(params), false);
    } catch (const SoapFault& fault) {
      if (fault.text != done_already) refuse(action, fault);
    }
  }

  [[noreturn]] static void refuse(const char* action, const SoapFault& fault) {
    throw Failure{CERTO_FAILED, std::string(action) + " answered " + fault.text +
                                    (fault.detail.empty() ? "" : ": " + fault.detail)};
  }

  /// The reply's ReturnInfo.
  Json call(const char* action, Json::Object params, bool reads) const {
    const Json all = Json::Object{{"kas_login", login_},
                                  {"kas_auth_type", "session"},
                                  {"kas_auth_data", token_},
                                  {"kas_action", action},
                                  {"KasRequestParams", std::move(params)}};
    const Json answer = send("KasApi", all, reads);
    const Json* const response = answer.find("Response");
    const Json* const state = response ? response->find("ReturnString") : nullptr;
    if (!state) throw Failure{CERTO_UNREACHABLE, std::string(action) + " answered without a result"};
    const Json* const delay = response->find("KasFloodDelay");
    next_ = delay && delay->is_string() ? delay_in(delay->string()) : Delay(0);
    if (*state != Json("TRUE"))
      throw Failure{CERTO_FAILED, std::string(action) + " was refused without a reason"};
    const Json* const info = response->find("ReturnInfo");
    return info ? *info : Json();
  }

  Json send(const std::string& service, const Json& params, bool reads) const {
    const std::string name_space =
        std::string("urn:xmethodsKasApi") + (service == "KasAuth" ? "Authentication" : "");
    const std::string text = "<k:" + service + " xmlns:k=\"" + name_space + "\"><Params>" +
                             xml_escaped(to_json(params)) + "</Params></k:" + service + ">";
    for (int tries = 1;; ++tries) {
      std::this_thread::sleep_for(next_);
      next_ = Delay(0);
      try {
        const Element answer =
            soap(host_, host_.base_url() + "/" + service + ".php", name_space + "#" + service, text, reads);
        const Element* const value = local_child(answer, "return");
        return value ? decoded(*value) : Json();
      } catch (const SoapFault& fault) {
        if (fault.text != "flood_protection") throw;
        next_ = delay_in(fault.detail);
        if (tries == most_tries || next_ >= longest_delay)
          throw Failure{CERTO_LATER, "rate limited: flood_protection"};
      }
    }
  }

  const Host& host_;
  std::string login_, token_;
  mutable Delay next_{0};  // the time until the next call is permitted
};

void change_zone(const Kas& api, const KasZone& zone, const std::string& name,
                 const std::vector<std::string>& values, Change change) {
  const std::string below = name == zone.name ? "" : name.substr(0, name.size() - zone.name.size() - 1);
  for (const std::string& value : merged({}, values, Change::add)) {
    const auto is_it = [&](const KasRecord& record) {
      return record.name == below && (record.value == value || record.value == quoted(value));
    };
    if (change == Change::add) {
      if (std::ranges::none_of(zone.records, is_it)) api.add(zone.name, below, value);
      continue;
    }
    for (const KasRecord& record : zone.records) {
      if (is_it(record)) api.remove(record.id);
    }
  }
}

void change_records(const Host& host, Records records, Change change) {
  const Kas api(host);
  ZoneFinder<KasZone> zones(host, [&](const std::string& name) { return api.zone(name); });
  for (const auto& [name, values] : by_name(records))
    change_zone(api, zones.find(name), name, values, change);
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(.name = "allinkl", .aliases = "dns_kas kas", .title = "ALL-INKL.COM",
               .base_url = "https://kasapi.kasserver.com/soap",
               .settings =
                   {
                       {"ALL_INKL_LOGIN", "KAS_Login", "the KAS login, like w0123456", 1},
                       {"ALL_INKL_PASSWORD", "KAS_Authdata",
                        "the password of https://kas.all-inkl.com, or what ALL_INKL_AUTH_TYPE says", 1},
                       {"ALL_INKL_AUTH_TYPE", "KAS_Authtype",
                        "plain (default), sha1 (the password's SHA-1), or session (a session's token)", 0},
                   },
               .name_servers = "ns?.kasserver.com", .rights = "DNS settings of the domain", .source = "table")
