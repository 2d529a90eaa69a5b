// Selectel's DNS hosting (v2), by https://developers.selectel.ru/docs/cloud-services/dns_api/dns_api_actual/
// and its Go client, https://github.com/selectel/domains-go/tree/master/pkg/v2
#include <algorithm>

#include "sdk/keystone.h"
#include "sdk/quoted_values.h"

namespace {

using certo::Fields;
using certo::Json;
using namespace certo::sdk;

constexpr uint32_t least_ttl = 60;
constexpr int64_t page_size = 100;

struct Rrset {
  std::string id{};  // "" if there is none
  int64_t ttl = 0;
  Json::Array records{};  // {"content":"\"…\"","disabled":false}
};

std::string tokens_url(const Host& host) {
  std::string url = host.setting("SELECTELV2_AUTH_URL").value_or("https://cloud.api.selcloud.ru/identity/v3");
  while (url.ends_with('/')) url.pop_back();
  return url.ends_with("/auth/tokens") ? url : url + "/auth/tokens";
}

Keystone logged_in(const Host& host) {
  const Json account = Json::Object{{"name", host.require("SELECTELV2_ACCOUNT_ID")}};
  const auto user_domain = host.setting("SELECTELV2_USER_DOMAIN_NAME");
  const Json user =
      Json::Object{{"name", host.require("SELECTELV2_USERNAME")},
                   {"domain", user_domain ? Json(Json::Object{{"name", *user_domain}}) : account},
                   {"password", host.require("SELECTELV2_PASSWORD")}};
  Json project = Json::object();
  if (const auto id = host.setting("SELECTELV2_PROJECT_ID")) {
    project.set("id", *id);
  } else if (const auto name = host.setting("SELECTELV2_PROJECT_NAME")) {
    project.set("name", *name).set("domain", account);
  } else {
    throw Failure{CERTO_CONFIG, "neither SELECTELV2_PROJECT_ID nor SELECTELV2_PROJECT_NAME is set"};
  }
  return keystone_login(host, tokens_url(host), keystone_password(user),
                        Json::Object{{"project", std::move(project)}});
}

class Selectel {
 public:
  explicit Selectel(const Host& host) : host_(host), token_(logged_in(host).header()) {}

  std::optional<std::string> zone(const std::string& name) const {
    const auto found = named("/zones?filter=" + escaped(name), name + ".");
    if (!found) return std::nullopt;
    return Fields(*found, "the zone", certo::Exit::failed).string("id");
  }

  Rrset rrset(const std::string& zone, const std::string& name) const {
    const auto found = named(sets_of(zone) + "?rrset_types=TXT&name=" + escaped(name), name + ".");
    if (!found) return {};
    const Fields fields(*found, "the RRset", certo::Exit::failed);
    return {fields.string("id"), fields.integer("ttl"), fields.array("records")};
  }

  void write(const std::string& zone, const std::string& name, const Rrset& before, Json::Array records,
             uint32_t ttl) const {
    const std::string one = sets_of(zone) + "/" + escaped(before.id);
    if (records.empty()) {
      send("DELETE", one);
      return;
    }
    const bool is_new = before.id.empty();
    Json body = Json::object();
    if (is_new) body.set("name", name + ".").set("type", "TXT");
    body.set("ttl", is_new ? static_cast<int64_t>(std::max(ttl, least_ttl)) : before.ttl)
        .set("records", std::move(records));
    send(is_new ? "POST" : "PATCH", is_new ? sets_of(zone) : one, body);
  }

 private:
  static std::string sets_of(const std::string& zone) { return "/zones/" + escaped(zone) + "/rrset"; }

  /// The filter finds parts of names, too: {"count":1,"next_offset":0,"result":[…]}.
  std::optional<Json> named(const std::string& list, const std::string& name) const {
    for (int64_t offset = 0;;) {
      const Reply reply =
          send("GET", list + "&limit=" + std::to_string(page_size) + "&offset=" + std::to_string(offset));
      const Json json = reply.json();
      const Fields fields(json, reply.subject, certo::Exit::failed);
      for (const Json& entry : fields.array("result")) {
        if (certo::lower(Fields(entry, reply.subject, certo::Exit::failed).string("name")) == name)
          return entry;
      }
      const int64_t next = fields.optional_integer("next_offset").value_or(0);
      if (next <= offset) return std::nullopt;
      offset = next;
    }
  }

  Reply send(const char* method, const std::string& path, const Json& body = {}) const {
    Request request{method, host_.base_url() + path, {token_}};
    if (!body.is_null()) {
      request.headers.emplace_back("Content-Type: application/json");
      request.body = to_json(body);
    }
    Reply reply = host_.raw_http(request);
    require_done(reply, std::string_view(method) == "DELETE");
    return reply;
  }

  /// {"error":"bad_request","description":"…"}
  static void require_done(const Reply& reply, bool may_be_gone) {
    if (reply.ok() || (may_be_gone && reply.status == 404)) return;
    std::string words;
    try {
      const Json json = reply.json();
      for (const char* key : {"error", "description"}) {
        const Json* const said = json.find(key);
        if (said && said->is_string()) words += (words.empty() ? "" : ": ") + said->string();
      }
    } catch (const Failure&) {  // not in JSON
    }
    throw_if_refused(reply, words);
    throw Failure{CERTO_FAILED, reply.subject + " answered " + std::to_string(reply.status) +
                                    (words.empty() ? "" : ": " + words)};
  }

  const Host& host_;
  std::string token_;
};

/// Records of others stay as they are, those that are disabled, too.
Json::Array edited(Json::Array held, const std::vector<std::string>& ours, Change change) {
  for (const std::string& value : ours) {
    const auto is_it = [&](const Json& record) {
      const Fields fields(record, "a record", certo::Exit::failed);
      return !fields.boolean("disabled", false) && is_same_text(fields.string("content"), value);
    };
    if (change == Change::remove) {
      std::erase_if(held, is_it);
    } else if (std::ranges::none_of(held, is_it)) {
      held.push_back(Json::Object{{"content", quoted(value)}, {"disabled", false}});
    }
  }
  return held;
}

void change_records(const Host& host, Records records, Change change) {
  const Selectel api(host);
  ZoneFinder<std::string> zones(host, [&](const std::string& name) { return api.zone(name); });
  for (const auto& [name, ours] : by_name(records)) {
    const std::string zone = zones.find(name);
    const Rrset before = api.rrset(zone, name);
    const Json::Array after = edited(before.records, ours, change);
    if (after != before.records) api.write(zone, name, before, after, records.front().ttl);
  }
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(
        .name = "selectelv2", .title = "Selectel DNS (v2)", .base_url = "https://api.selectel.ru/domains/v2",
        .settings =
            {
                {"SELECTELV2_USERNAME", "SL_Login_Name",
                 "a service user with the role member: https://my.selectel.ru/iam/users_management", 1},
                {"SELECTELV2_PASSWORD", "SL_Pswd", "... its password", 1},
                {"SELECTELV2_ACCOUNT_ID", "SL_Login_ID", "the number of the account", 1},
                {"SELECTELV2_PROJECT_ID", "", "the id of the project that has the zone", 0},
                {"SELECTELV2_PROJECT_NAME", "SL_Project_Name", "... or its name", 0},
                {"SELECTELV2_USER_DOMAIN_NAME", "", "the account of the user, if it is another one", 0},
                {"SELECTELV2_AUTH_URL", "",
                 "another URL to log in (default: https://cloud.api.selcloud.ru/identity/v3)", 0},
                {"SELECTELV2_AUTH_REGION", "", "not needed: the token is good in every region", 0},
            },
        .name_servers = "?.ns.selectel.ru", .rights = "a service user with the role member of the project")
