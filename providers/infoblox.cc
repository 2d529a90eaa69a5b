// Infoblox NIOS, by its Web API Guide, https://docs.infoblox.com/space/NIOS/ (objects "record:txt", fields,
// references) and https://github.com/infobloxopen/infoblox-go-client. The server finds the zone of a name by
// itself.
#include <algorithm>

#include "sdk/provider.hpp"
#include "sdk/quoted_values.h"

namespace {

using certo::Fields;
using certo::Json;
using namespace certo::sdk;

constexpr std::string_view reference_start = "record:txt/";

struct Held {
  std::string reference, value;
};

/// INFOBLOX_USERNAME and INFOBLOX_PASSWORD, or "user:password".
std::string credentials(const Host& host) {
  const auto both = host.setting("INFOBLOX_CREDENTIALS");
  if (!both) return basic(host, host.require("INFOBLOX_USERNAME"), host.require("INFOBLOX_PASSWORD"));
  const size_t colon = both->find(':');
  if (colon == both->npos) throw Failure{CERTO_CONFIG, "INFOBLOX_CREDENTIALS is not user:password"};
  return basic(host, both->substr(0, colon), both->substr(colon + 1));
}

/// A reference goes into a URL as it is: it has slashes, and what needs it is escaped already.
bool is_reference(const std::string& text) {
  return text.starts_with(reference_start) && text.find("..") == text.npos &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f && c != '?' && c != '#'; });
}

class Infoblox {
 public:
  explicit Infoblox(const Host& host)
      : host_(host),
        url_(url_of(host)),
        view_(host.setting("INFOBLOX_DNS_VIEW").value_or("External")),
        header_(credentials(host)) {
    if (host.setting("INFOBLOX_CA_CERTIFICATE"))
      throw Failure{CERTO_CONFIG,
                    "INFOBLOX_CA_CERTIFICATE is not obeyed: put the server's root into CA_BUNDLE"};
    if (certo::lower(host.setting("INFOBLOX_SSL_VERIFY").value_or("true")) == "false")
      throw Failure{CERTO_CONFIG,
                    "INFOBLOX_SSL_VERIFY=false is not obeyed: put the server's root into CA_BUNDLE"};
  }

  std::vector<Held> records(const std::string& name) const {
    const Reply reply =
        send("GET", "record:txt?_return_fields=name,text&name=" + escaped(name) + "&view=" + escaped(view_));
    const Json json = reply.json();
    if (!json.is_array()) throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a list"};
    std::vector<Held> found;
    for (const Json& entry : json.items()) {
      const Fields record(entry, reply.subject, certo::Exit::failed);
      if (certo::lower(record.string("name")) != name) continue;
      found.push_back({record.string("_ref"), record.string("text")});
      if (!is_reference(found.back().reference))
        throw Failure{CERTO_UNREACHABLE, reply.subject + " answered with a bad reference"};
    }
    return found;
  }

  void add(const std::string& name, const std::string& value, uint32_t ttl) const {
    send("POST", "record:txt",
         Json::Object{{"name", name},
                      {"text", value},
                      {"view", view_},
                      {"ttl", static_cast<int64_t>(ttl)},
                      {"use_ttl", true}});
  }

  void remove(const std::string& reference) const { send("DELETE", reference); }

 private:
  static std::string url_of(const Host& host) {
    std::string server = host.setting("BASE_URL") ? host.base_url() : host.require("INFOBLOX_HOST");
    while (server.ends_with('/')) server.pop_back();
    if (server.find("://") == server.npos) server = "https://" + server;
    if (const auto port = host.setting("INFOBLOX_PORT"); port && *port != "443") server += ":" + *port;
    return server + "/wapi/v" + host.setting("INFOBLOX_WAPI_VERSION").value_or("2.11") + "/";
  }

  /// {"Error":"AdmConDataError: …","code":"Client.Ibap.Data.Conflict","text":"…"}
  Reply send(const char* method, const std::string& path, const Json& body = {}) const {
    Request request{method, url_ + path, {header_}};
    if (!body.is_null()) {
      request.headers.emplace_back("Content-Type: application/json");
      request.body = to_json(body);
    }
    Reply reply = host_.raw_http(request);
    const bool is_gone = std::string_view(method) == "DELETE" && reply.status == 404;
    if (reply.ok() || is_gone) return reply;
    std::string words;
    try {
      const Json json = reply.json();
      const Json* const text = json.find("text");
      if (text && text->is_string()) words = text->string();
    } catch (const Failure&) {  // a page of HTML for wrong credentials
    }
    throw_if_refused(reply, words);
    throw Failure{CERTO_FAILED, std::string(method) + " record:txt of the view " + view_ + " answered " +
                                    std::to_string(reply.status) + (words.empty() ? "" : ": " + words)};
  }

  const Host& host_;
  std::string url_, view_, header_;
};

void change_records(const Host& host, Records records, Change change) {
  const Infoblox api(host);
  for (const auto& [name, values] : by_name(records)) {
    const std::vector<Held> held = api.records(name);
    for (const std::string& value : merged({}, values, Change::add)) {
      const auto is_it = [&](const Held& record) { return is_same_text(record.value, value); };
      if (change == Change::add && std::ranges::none_of(held, is_it))
        api.add(name, value, records.front().ttl);
      for (const Held& record : held) {
        if (change == Change::remove && is_it(record)) api.remove(record.reference);
      }
    }
  }
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(.name = "infoblox", .aliases = "dns_infoblox", .title = "Infoblox NIOS",
               .settings =
                   {
                       {"INFOBLOX_HOST", "Infoblox_Server", "the grid master, by name or address", 1},
                       {"INFOBLOX_USERNAME", "", "a user that can use the API", 0},
                       {"INFOBLOX_PASSWORD", "", "... its password", 0},
                       {"INFOBLOX_CREDENTIALS", "Infoblox_Creds", "or both, as user:password", 0},
                       {"INFOBLOX_DNS_VIEW", "Infoblox_View", "the DNS view (default: External)", 0},
                       {"INFOBLOX_WAPI_VERSION", "", "the version of the API (default: 2.11)", 0},
                       {"INFOBLOX_PORT", "", "the port (default: 443)", 0},
                       {"INFOBLOX_SSL_VERIFY", "", "false is refused: use CA_BUNDLE", 0},
                       {"INFOBLOX_CA_CERTIFICATE", "", "refused: use CA_BUNDLE", 0},
                       {"INFOBLOX_BASE_URL", "", "instead of INFOBLOX_HOST: https://server", 0},
                   },
               .rights = "read and write for TXT records of the zone")
