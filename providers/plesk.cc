// Plesk, by
// https://docs.plesk.com/en-US/obsidian/api-rpc/about-xml-api/reference/managing-dns/managing-dns-records.34796/
// and https://docs.plesk.com/en-US/obsidian/api-rpc/about-xml-api/reference/managing-sites-domains.65173/
#include <algorithm>

#include "sdk/provider.hpp"
#include "sdk/quoted_values.h"
#include "sdk/xml.h"

namespace {

using namespace certo::sdk;

constexpr std::string_view agent = "/enterprise/control/agent.php";
// https://docs.plesk.com/en-US/obsidian/api-rpc/about-xml-api/error-codes.33693/
constexpr std::string_view wrong_login = "1001", no_right = "1006", no_object = "1013",
                           wrong_address = "11003";

struct Held {
  std::string id, name, value;
};

Element leaf(std::string name, std::string text) {
  return {.name = std::move(name), .text = std::move(text)};
}
Element filter(const char* name, const std::string& text) {
  return {.name = "filter", .children = {leaf(name, text)}};
}

class Plesk {
 public:
  explicit Plesk(const Host& host)
      : host_(host),
        url_(url_of(host)),
        headers_{"HTTP_AUTH_LOGIN: " + host.require("PLESK_USERNAME"),
                 "HTTP_AUTH_PASSWD: " + host.require("PLESK_PASSWORD"), "Content-Type: text/xml"} {}

  std::optional<std::string> site(const std::string& name) const {
    const Element dataset{.name = "dataset", .children = {{.name = "gen_info"}}};
    const auto results = call("site", "get", {filter("name", name), dataset}, true);
    for (const Element& result : results) {
      if (result.text_of("errcode") == no_object) return std::nullopt;
      require_ok("site get", result);
      if (!result.text_of("id").empty()) return result.text_of("id");
    }
    return std::nullopt;
  }

  /// The site's TXT records; names are without a dot at the end.
  std::vector<Held> records(const std::string& site) const {
    std::vector<Held> found;
    for (const Element& result : call("dns", "get_rec", {filter("site-id", site)}, true)) {
      if (result.text_of("errcode") == no_object) continue;
      require_ok("get_rec", result);
      const Element* const data = result.find("data");
      if (!data || data->text_of("type") != "TXT") continue;
      std::string name = certo::lower(data->text_of("host"));
      if (name.ends_with('.')) name.pop_back();
      found.push_back({result.text_of("id"), name, data->text_of("value")});
    }
    return found;
  }

  void add(const std::string& site, const std::string& below, const std::string& value) const {
    const auto results =
        call("dns", "add_rec",
             {leaf("site-id", site), leaf("type", "TXT"), leaf("host", below), leaf("value", value)}, false);
    for (const Element& result : results) require_ok("add_rec", result);
  }

  void remove(const std::string& id) const {
    for (const Element& result : call("dns", "del_rec", {filter("id", id)}, false)) {
      if (result.text_of("errcode") != no_object) require_ok("del_rec", result);
    }
  }

 private:
  /// The setting is the URL of the server, or of its XML API.
  static std::string url_of(const Host& host) {
    std::string url = host.require("PLESK_SERVER_BASE_URL");
    while (url.ends_with('/')) url.pop_back();
    return url.ends_with(agent) ? url : url + std::string(agent);
  }

  [[noreturn]] static void refuse(const std::string& command, const Element& result) {
    const std::string code(certo::trim(result.text_of("errcode")));
    const bool is_refused = code == wrong_login || code == no_right || code == wrong_address;
    throw Failure{is_refused ? CERTO_CONFIG : CERTO_FAILED,
                  (is_refused ? "the credentials are refused: " : "") + command + " answered " + code + ": " +
                      std::string(certo::trim(result.text_of("errtext")))};
  }

  static void require_ok(const std::string& command, const Element& result) {
    if (result.text_of("status") != "ok") refuse(command, result);
  }

  /// The results of the command, of which there is one for each object.
  std::vector<Element> call(const char* group, const char* command, std::vector<Element> content,
                            bool reads) const {
    const Element asked{.name = command, .children = std::move(content)};
    const Element packet_to_send{.name = "packet", .children = {{.name = group, .children = {asked}}}};
    const Reply reply = host_.http(
        {.method = "POST", .url = url_, .headers = headers_, .body = to_xml(packet_to_send), .reads = reads});
    if (!reply.ok()) throw Failure{CERTO_FAILED, reply.subject + " answered " + std::to_string(reply.status)};
    const Element packet = parse_xml(reply.body, reply.subject);
    if (const Element* const system = packet.find("system")) refuse("Plesk", *system);
    const Element* const of_group = packet.find(group);
    const Element* const of_command = of_group ? of_group->find(command) : nullptr;
    if (!of_command || of_command->children.empty())
      throw Failure{CERTO_UNREACHABLE, std::string(command) + " answered without a result"};
    return of_command->children;
  }

  const Host& host_;
  std::string url_;
  std::vector<std::string> headers_;
};

struct Site {
  std::string name, id;
};

void change_records(const Host& host, Records records, Change change) {
  const Plesk api(host);
  ZoneFinder<Site> sites(host, [&](const std::string& name) -> std::optional<Site> {
    if (name.starts_with('_')) return std::nullopt;  // cannot be a site
    const auto id = api.site(name);
    return id ? std::optional(Site{name, *id}) : std::nullopt;
  });
  for (const auto& [name, values] : by_name(records)) {
    const Site& site = sites.find(name);
    const std::string below = name == site.name ? "" : name.substr(0, name.size() - site.name.size() - 1);
    const std::vector<Held> held = api.records(site.id);
    for (const std::string& value : merged({}, values, Change::add)) {
      const auto is_it = [&](const Held& record) {
        return record.name == name && is_same_text(record.value, value);
      };
      if (change == Change::add && std::ranges::none_of(held, is_it)) api.add(site.id, below, value);
      for (const Held& record : held) {
        if (change == Change::remove && is_it(record)) api.remove(record.id);
      }
    }
  }
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(.name = "plesk", .aliases = "dns_pleskxml", .title = "Plesk",
               .settings =
                   {
                       {"PLESK_SERVER_BASE_URL", "pleskxml_uri PLESK_BASE_URL",
                        "the server, like https://plesk.example.com:8443", 1},
                       {"PLESK_USERNAME", "pleskxml_user",
                        "a user that can use the XML API and has the domain", 1},
                       {"PLESK_PASSWORD", "pleskxml_pass", "... its password", 1},
                   },
               .rights = "the XML API, and DNS of the domain", .source = "table")
