// Loopia, by https://www.loopia.com/api/ and, for replies to too many calls, the observations in
// https://docs.dnscontrol.org/provider/loopia
//
// A zone is found by its SOA record: getDomains is a permission of its own, and an API user needs only
// getZoneRecords, addZoneRecord, removeZoneRecord and removeSubdomain.
#include <algorithm>

#include "sdk/provider.hpp"
#include "sdk/xmlrpc.h"

namespace {

using certo::Fields;
using certo::Json;
using namespace certo::sdk;

constexpr uint32_t least_ttl = 300;
constexpr int64_t too_many_calls = 429;

class Loopia {
 public:
  explicit Loopia(const Host& host)
      : host_(host),
        url_(host.setting("LOOPIA_API_URL").value_or(host.base_url())),
        user_(host.require("LOOPIA_API_USER")),
        password_(host.require("LOOPIA_API_PASSWORD")) {}

  /// Every record of the name, of any type.
  Json::Array records(const std::string& zone, const std::string& below) const {
    const Json answer = call("getZoneRecords", zone, below, {}, true);
    if (!answer.is_array()) refuse("getZoneRecords", answer);
    for (const Json& record : answer.items()) {
      if (!record.is_object()) refuse("getZoneRecords", record);  // ["AUTH_ERROR"]
    }
    return answer.items();
  }

  void add(const std::string& zone, const std::string& below, const std::string& value, uint32_t ttl) const {
    change("addZoneRecord", zone, below,
           {Json::Object{{"type", "TXT"},
                         {"ttl", static_cast<int64_t>(std::max(ttl, least_ttl))},
                         {"priority", 0},
                         {"rdata", value},
                         {"record_id", 0}}});
  }

  void remove(const std::string& zone, const std::string& below, int64_t id) const {
    change("removeZoneRecord", zone, below, {id});
  }

  void remove_name(const std::string& zone, const std::string& below) const {
    change("removeSubdomain", zone, below, {});
  }

 private:
  void change(const char* method, const std::string& zone, const std::string& below,
              const Json::Array& more) const {
    const Json answer = call(method, zone, below, more, false);
    if (!answer.is_string() || certo::trim(answer.string()) != "OK") refuse(method, answer);
  }

  Json call(const char* method, const std::string& zone, const std::string& below, const Json::Array& more,
            bool reads) const {
    Json::Array parameters = {user_, password_, zone, below};
    parameters.insert(parameters.end(), more.begin(), more.end());
    try {
      return xmlrpc(host_, url_, method, parameters, reads);
    } catch (const XmlRpcFault& fault) {
      throw Failure{fault.code == too_many_calls ? CERTO_LATER : CERTO_FAILED,
                    std::string(method) + " answered " + std::to_string(fault.code) + ": " + fault.text};
    }
  }

  [[noreturn]] static void refuse(const char* method, const Json& answer) {
    const std::string status = answer.is_string() ? std::string(certo::trim(answer.string())) : "no status";
    if (status == "AUTH_ERROR")
      throw Failure{CERTO_CONFIG,
                    std::string("the credentials are refused: ") + method +
                        " answered AUTH_ERROR (a user of the API needs a permission for each method)"};
    throw Failure{status == "RATE_LIMITED" ? CERTO_LATER : CERTO_FAILED,
                  std::string(method) + " answered " + status};
  }

  const Host& host_;
  std::string url_, user_, password_;
};

bool is_value(const Json& record, const std::string& value) {
  const Fields fields(record, "getZoneRecords", certo::Exit::failed);
  if (fields.string("type") != "TXT") return false;
  const std::string data = fields.string("rdata");
  return data == value || data == quoted(value);
}

void put_values(const Loopia& api, const std::string& zone, const std::string& below,
                const std::vector<std::string>& values, uint32_t ttl) {
  const Json::Array held = api.records(zone, below);
  for (const std::string& value : values) {
    if (std::ranges::none_of(held, [&](const Json& record) { return is_value(record, value); }))
      api.add(zone, below, value, ttl);
  }
}

/// A name without records stays in the customer's list, so it is removed, too.
void take_values(const Loopia& api, const std::string& zone, const std::string& below,
                 const std::vector<std::string>& values) {
  const Json::Array held = api.records(zone, below);
  size_t left = held.size();
  for (const Json& record : held) {
    if (std::ranges::none_of(values, [&](const std::string& value) { return is_value(record, value); }))
      continue;
    api.remove(zone, below, Fields(record, "getZoneRecords", certo::Exit::failed).integer("record_id"));
    --left;
  }
  if (left == 0 && !held.empty() && below != "@") api.remove_name(zone, below);
}

void change_records(const Host& host, Records records, Change change) {
  const Loopia api(host);
  for (const auto& [name, values] : by_name(records)) {
    const std::string zone = host.zone(name);
    const std::string below = name == zone ? "@" : name.substr(0, name.size() - zone.size() - 1);
    if (change == Change::add) {
      put_values(api, zone, below, merged({}, values, Change::add), records.front().ttl);
    } else {
      take_values(api, zone, below, values);
    }
  }
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(
        .name = "loopia", .aliases = "dns_loopia", .title = "Loopia",
        .base_url = "https://api.loopia.se/RPCSERV", .propagation = 2400,
        .settings =
            {
                {"LOOPIA_API_USER", "LOOPIA_User",
                 "an API user, with getZoneRecords, addZoneRecord, removeZoneRecord and removeSubdomain: "
                 "https://customerzone.loopia.com/api/",
                 1},
                {"LOOPIA_API_PASSWORD", "LOOPIA_Password", "... its password", 1},
                {"LOOPIA_API_URL", "LOOPIA_Api",
                 "the API of another country, like https://api.loopia.no/RPCSERV", 0},
            },
        .name_servers = "ns?.loopia.se",
        .rights = "getZoneRecords, addZoneRecord, removeZoneRecord and removeSubdomain", .source = "table")
