// cPanel and WHM, by https://api.docs.cpanel.net/openapi/cpanel/operation/dns-parse_zone/,
// https://api.docs.cpanel.net/openapi/cpanel/operation/dns-mass_edit_zone/ and, for WHM,
// https://api.docs.cpanel.net/openapi/whm/operation/mass_edit_dns_zone/
//
// A zone is edited by the numbers of its lines. An edit names the zone's serial number, and is refused if
// somebody else was faster. Lines are removed from the last to the first, so that no number changes before it
// is used.
#include <algorithm>
#include <limits>

#include "base/txt_strings.h"
#include "sdk/provider.hpp"

namespace {

using certo::Fields;
using certo::Json;
using namespace certo::sdk;

struct Line {
  int64_t index = 0;
  std::string name, value;
};

struct CpanelZone {
  std::string name, serial;
  std::vector<Line> texts{};
};

std::string decoded(const std::string& base64) {
  const auto bytes = certo::from_base64(base64);
  if (!bytes) throw Failure{CERTO_UNREACHABLE, "the zone has a line that is not base64"};
  return std::string(certo::as_text(*bytes));
}

/// A name of a zone file without a dot at its end.
std::string absolute(std::string name, const std::string& zone) {
  name = certo::lower(name);
  if (name == "@") return zone;
  if (!name.ends_with('.')) return name + "." + zone;
  name.pop_back();
  return name;
}

class Cpanel {
 public:
  explicit Cpanel(const Host& host) : host_(host), url_(host.base_url()) {
    const std::string mode = certo::lower(host.setting("CPANEL_MODE").value_or("cpanel"));
    is_whm_ = mode == "whm";
    if (!is_whm_ && mode != "cpanel") throw Failure{CERTO_CONFIG, "CPANEL_MODE must be cpanel or whm"};
    header_ =
        "Authorization: " + mode + " " + host.require("CPANEL_USERNAME") + ":" + host.require("CPANEL_TOKEN");
  }

  std::optional<CpanelZone> zone(const std::string& name) const {
    if (name.starts_with('_')) return std::nullopt;  // cannot be a domain there
    const Json data = call(is_whm_ ? "/json-api/parse_dns_zone?api.version=1&zone=" + escaped(name)
                                   : "/execute/DNS/parse_zone?zone=" + escaped(name),
                           true);
    const Json* const payload = is_whm_ ? data.find("payload") : &data;
    if (!payload || !payload->is_array())
      throw Failure{CERTO_UNREACHABLE, "the zone " + name + " was answered without lines"};
    CpanelZone zone{name, ""};
    for (const Json& entry : payload->items()) read(entry, zone);
    if (zone.serial.empty()) throw Failure{CERTO_FAILED, "the zone " + name + " has no serial number"};
    return zone;
  }

  /// `change`: "&add=…" or "&remove=…". Takes the zone's new serial number.
  void edit(CpanelZone& zone, const std::string& change) const {
    const Json data = call(
        (is_whm_ ? "/json-api/mass_edit_dns_zone?api.version=1&zone=" : "/execute/DNS/mass_edit_zone?zone=") +
            escaped(zone.name) + "&serial=" + escaped(zone.serial) + change,
        false);
    const Json* const serial = data.find("new_serial");
    if (serial && serial->is_string()) zone.serial = serial->string();
    if (serial && serial->is_integer()) zone.serial = std::to_string(serial->integer());
  }

 private:
  static void read(const Json& entry, CpanelZone& zone) {
    const Fields line(entry, "the zone", certo::Exit::failed);
    if (line.optional_string("type") != "record") return;
    const std::string type = line.string("record_type");
    if (type != "SOA" && type != "TXT") return;
    const std::vector<std::string> data = line.strings("data_b64");
    if (type == "SOA") {
      zone.serial = data.size() > 2 ? decoded(data[2]) : "";
      if (!certo::number(zone.serial, 0, std::numeric_limits<uint32_t>::max())) zone.serial.clear();
      return;
    }
    std::string value;
    for (const std::string& part : data) value += decoded(part);
    zone.texts.push_back(
        {line.integer("line_index"), absolute(decoded(line.string("dname_b64")), zone.name), value});
  }

  /// {"status":1,"data":…,"errors":null}, or of WHM {"metadata":{"result":1,"reason":"OK"},"data":…}. A zone
  /// that cannot be read is hidden, because it may be somebody else's.
  Json call(const std::string& path, bool reads) const {
    const Reply reply = host_.http({"GET", url_ + path, {header_, "Accept: application/json"}, "", reads});
    if (!reply.ok()) throw Failure{CERTO_FAILED, reply.subject + " answered " + std::to_string(reply.status)};
    const Json json = reply.json();
    const Json* const state = is_whm_ ? json.find("metadata") : &json;
    const Json* const code = state ? state->find(is_whm_ ? "result" : "status") : nullptr;
    if (!code) throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a status"};
    if (*code != Json(1)) {
      const std::string words =
          is_whm_ ? Fields(*state, reply.subject, certo::Exit::failed).string("reason") : first_error(json);
      if (reads) throw Hidden{words};
      throw Failure{CERTO_FAILED, reply.subject + ": " + words};
    }
    const Json* const data = json.find("data");
    return data ? *data : Json();
  }

  static std::string first_error(const Json& json) {
    const Json* const errors = json.find("errors");
    const bool has_words = errors && errors->is_array() && !errors->items().empty();
    return has_words && errors->items()[0].is_string() ? errors->items()[0].string() : "refused";
  }

  const Host& host_;
  std::string url_, header_;
  bool is_whm_ = false;
};

std::string addition(const std::string& name, const std::string& value, uint32_t ttl) {
  Json data = Json::array();
  for (const std::string& part : certo::txt_strings(value)) data.push(part);
  const Json record = Json::Object{{"dname", name + "."},
                                   {"ttl", static_cast<int64_t>(ttl)},
                                   {"record_type", "TXT"},
                                   {"data", std::move(data)}};
  return "&add=" + escaped(to_json(record));
}

void change_records(const Host& host, Records records, Change change) {
  const Cpanel api(host);
  ZoneFinder<CpanelZone> zones(host, [&](const std::string& name) { return api.zone(name); });
  struct Edits {
    CpanelZone zone;
    std::vector<std::string> additions{};
    std::vector<int64_t> removals{};
  };
  std::map<std::string, Edits> edits;
  for (const auto& [name, values] : by_name(records)) {
    const CpanelZone& zone = zones.find(name);
    Edits& of_zone = edits.try_emplace(zone.name, Edits{zone}).first->second;
    for (const std::string& value : merged({}, values, Change::add)) {
      const auto is_it = [&](const Line& line) { return line.name == name && line.value == value; };
      for (const Line& line : zone.texts) {
        if (change == Change::remove && is_it(line)) of_zone.removals.push_back(line.index);
      }
      if (change == Change::add && std::ranges::none_of(zone.texts, is_it))
        of_zone.additions.push_back(addition(name, value, records.front().ttl));
    }
  }
  for (auto& [name, of_zone] : edits) {
    for (const std::string& text : of_zone.additions) api.edit(of_zone.zone, text);
    std::ranges::sort(of_zone.removals, std::greater());
    for (const int64_t index : of_zone.removals) api.edit(of_zone.zone, "&remove=" + std::to_string(index));
  }
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(.name = "cpanel", .aliases = "dns_cpanel dns_cpanel_uapi", .title = "cPanel and WHM",
               .traits = CERTO_CHANGES_BY_GET,
               .settings =
                   {
                       {"CPANEL_BASE_URL", "cPanel_Hostname",
                        "the server: https://cpanel.example.com:2083, or of WHM https://whm.example.com:2087",
                        1},
                       {"CPANEL_USERNAME", "cPanel_Username", "the name that you log in with", 1},
                       {"CPANEL_TOKEN", "cPanel_Apitoken",
                        "an API token: in cPanel, Security, Manage API Tokens", 1},
                       {"CPANEL_MODE", "", "cpanel (default) or whm", 0},
                   },
               .rights = "the feature Zone Editor")
