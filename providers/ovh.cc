// OVHcloud, by https://api.ovh.com/console/?section=%2Fdomain and, for signatures and service accounts,
// https://help.ovhcloud.com/csm/en-api-getting-started-ovhcloud-api and
// https://help.ovhcloud.com/csm/en-authenticate-api-with-service-account
//
// A zone is found by its SOA record: a key that is created for /domain/zone/ZONE/* permits no other request.
// Records are not served before the zone is refreshed, so certo requests that even if there was nothing to
// change: a run that died may not have done it.
#include <algorithm>
#include <set>

#include "sdk/oauth.h"
#include "sdk/provider.hpp"

namespace {

using certo::Fields;
using certo::Json;
using namespace certo::sdk;

constexpr uint32_t least_ttl = 60;

struct Endpoint {
  const char *name, *url, *token_url;  // token_url: nullptr if there are no service accounts
};

constexpr Endpoint endpoints[] = {
    {"ovh-eu", "https://eu.api.ovh.com/1.0", "https://www.ovh.com/auth/oauth2/token"},
    {"ovh-ca", "https://ca.api.ovh.com/1.0", "https://ca.ovh.com/auth/oauth2/token"},
    {"ovh-us", "https://api.us.ovhcloud.com/1.0", "https://us.ovhcloud.com/auth/oauth2/token"},
    {"kimsufi-eu", "https://eu.api.kimsufi.com/1.0", nullptr},
    {"kimsufi-ca", "https://ca.api.kimsufi.com/1.0", nullptr},
    {"soyoustart-eu", "https://eu.api.soyoustart.com/1.0", nullptr},
    {"soyoustart-ca", "https://ca.api.soyoustart.com/1.0", nullptr},
};

const Endpoint& endpoint(const Host& host) {
  const std::string name = host.setting("OVH_ENDPOINT").value_or(endpoints[0].name);
  std::string known;
  for (const Endpoint& one : endpoints) {
    if (name == one.name) return one;
    known += std::string(known.empty() ? "" : ", ") + one.name;
  }
  throw Failure{CERTO_CONFIG, "OVH_ENDPOINT must be one of " + known};
}

/// {"errorCode":"INVALID_SIGNATURE","httpCode":"400 Bad Request","message":"Invalid signature"}
std::string message_of(const Reply& reply) {
  try {
    const Json json = reply.json();
    const Json* message = json.find("message");
    return message && message->is_string() ? message->string() : "";
  } catch (const Failure&) {
    return "";
  }
}

/// Authorizes requests: with an access token, or with a signature and the service's time.
class Access {
 public:
  Access(const Host& host, const Endpoint& endpoint, const std::string& url) : host_(host) {
    if (const auto token = host.setting("OVH_ACCESS_TOKEN")) {
      token_ = *token;
    } else if (const auto client = host.setting("OVH_CLIENT_ID")) {
      if (!endpoint.token_url)
        throw Failure{CERTO_CONFIG, std::string(endpoint.name) + " supports only application keys"};
      token_ = oauth_token(host, endpoint.token_url,
                           {{"grant_type", "client_credentials"},
                            {"client_id", *client},
                            {"client_secret", host.require("OVH_CLIENT_SECRET")},
                            {"scope", "all"}});
    } else {
      key_ = host.require("OVH_APPLICATION_KEY");
      secret_ = host.require("OVH_APPLICATION_SECRET");
      consumer_ = host.require("OVH_CONSUMER_KEY");
      ahead_ = time_there(url) - here();
    }
  }

  std::vector<std::string> headers(const std::string& method, const std::string& url,
                                   const std::string& body) const {
    if (!token_.empty()) return {bearer(token_)};
    const std::string time = std::to_string(here() + ahead_);
    const std::string text = certo::join({secret_, consumer_, method, url, body, time}, "+");
    return {"X-Ovh-Application: " + key_, "X-Ovh-Consumer: " + consumer_, "X-Ovh-Timestamp: " + time,
            "X-Ovh-Signature: $1$" + certo::hex(host_.hash("sha1", text))};
  }

 private:
  int64_t here() const { return host_.now().time_since_epoch().count(); }

  int64_t time_there(const std::string& url) const {
    const Reply reply = host_.http({"GET", url + "/auth/time"});
    const Json json = reply.json();
    if (!reply.ok() || !json.is_integer())
      throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a time"};
    return json.integer();
  }

  const Host& host_;
  std::string token_;
  std::string key_, secret_, consumer_;
  int64_t ahead_ = 0;  // seconds by which the service's clock is ahead of ours
};

struct Found {
  std::string id, value;
};

class Api {
 public:
  explicit Api(const Host& host) : host_(host), url_(root(host)), access_(host, endpoint(host), url_) {}

  /// The TXT records of `name`. One that disappears meanwhile is left out.
  std::vector<Found> records(const std::string& zone, const std::string& name) const {
    const std::string all = records_of(zone);
    const Reply list = send("GET", all + "?fieldType=TXT&subDomain=" + escaped(relative(name, zone)));
    if (list.status == 404) throw Failure{CERTO_NO_ZONE, "there is no zone " + zone + " in this account"};
    const Json ids = list.json();
    if (!ids.is_array()) throw Failure{CERTO_UNREACHABLE, list.subject + " answered without a list"};

    std::vector<Found> found;
    for (const Json& id : ids.items()) {
      if (!id.is_integer())
        throw Failure{CERTO_UNREACHABLE, list.subject + " answered without a list of numbers"};
      const std::string text = std::to_string(id.integer());
      const Reply reply = send("GET", all + "/" + text);
      if (reply.status == 404) continue;
      const Json record = reply.json();
      const std::string target = Fields(record, reply.subject, certo::Exit::failed).string("target");
      found.push_back({text, target});
    }
    return found;
  }

  void add(const std::string& zone, const std::string& name, const std::string& value, uint32_t ttl) const {
    Json body = Json::object();
    body.set("fieldType", "TXT").set("subDomain", relative(name, zone)).set("target", value);
    body.set("ttl", static_cast<int64_t>(std::max(ttl, least_ttl)));
    require_done(send("POST", records_of(zone), certo::to_json(body)));
  }

  void remove(const std::string& zone, const std::string& id) const {
    send("DELETE", records_of(zone) + "/" + id);
  }

  void refresh(const std::string& zone) const {
    require_done(send("POST", url_ + "/domain/zone/" + escaped(zone) + "/refresh"));
  }

 private:
  /// OVH_BASE_URL if it is set, or else the endpoint's.
  static std::string root(const Host& host) {
    const std::string base = host.base_url();
    return base == endpoints[0].url ? endpoint(host).url : base;
  }

  static std::string relative(const std::string& name, const std::string& zone) {
    return name == zone ? "" : name.substr(0, name.size() - zone.size() - 1);
  }

  std::string records_of(const std::string& zone) const {
    return url_ + "/domain/zone/" + escaped(zone) + "/record";
  }

  static void require_done(const Reply& reply) {
    if (reply.ok()) return;
    const std::string why = message_of(reply);
    throw Failure{CERTO_FAILED, reply.subject + " answered " + std::to_string(reply.status) +
                                    (why.empty() ? "" : ": " + why)};
  }

  /// A success, or a 404, which the caller judges.
  Reply send(const std::string& method, const std::string& url, const std::string& body = "") const {
    std::vector<std::string> headers = access_.headers(method, url, body);
    if (method == "POST") headers.emplace_back("Content-Type: application/json");
    Reply reply = host_.raw_http({method, url, headers, body});
    if (reply.ok() || reply.status == 404) return reply;
    const std::string why = message_of(reply);
    if (why == "Invalid signature")
      throw Failure{CERTO_CONFIG, "the credentials are refused: " + why +
                                      "; OVH_APPLICATION_SECRET or OVH_CONSUMER_KEY is wrong"};
    throw_if_refused(reply, why);
    require_done(reply);
    return reply;
  }

  const Host& host_;
  std::string url_;
  Access access_;
};

/// Values created by hand or by older clients may have quotes.
bool holds(const Found& found, const std::string& value) {
  return found.value == value || found.value == quoted(value);
}

void put(const Api& api, const std::string& zone, const std::string& name,
         const std::vector<std::string>& values, uint32_t ttl) {
  const std::vector<Found> there = api.records(zone, name);
  for (const std::string& value : std::set(values.begin(), values.end())) {
    const auto is_it = [&](const Found& found) { return holds(found, value); };
    if (std::ranges::none_of(there, is_it)) api.add(zone, name, value, ttl);
  }
}

void take_out(const Api& api, const std::string& zone, const std::string& name,
              const std::vector<std::string>& values) {
  for (const Found& found : api.records(zone, name)) {
    const auto is_it = [&](const std::string& value) { return holds(found, value); };
    if (std::ranges::any_of(values, is_it)) api.remove(zone, found.id);
  }
}

void change_records(const Host& host, Records records, Change change) {
  const Api api(host);
  std::set<std::string> zones;
  for (const auto& [name, values] : by_name(records)) {
    const std::string zone = host.zone(name);
    if (change == Change::add) {
      put(api, zone, name, values, records.front().ttl);
    } else {
      take_out(api, zone, name, values);
    }
    zones.insert(zone);
  }
  for (const std::string& zone : zones) api.refresh(zone);
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(
        .name = "ovh", .aliases = "dns_ovh", .title = "OVHcloud",
        .base_url = endpoints[0]
        .url,
        .settings = {
            {"OVH_APPLICATION_KEY", "OVH_AK",
             "an application's key, with GET, POST and DELETE on /domain/zone/*: https://api.ovh.com/createToken",
             1},
            {"OVH_APPLICATION_SECRET", "OVH_AS", "... its secret", 1},
            {"OVH_CONSUMER_KEY", "OVH_CK", "... and the consumer key that was created with it", 1},
            {"OVH_CLIENT_ID", "", "a service account's id, with its secret: https://api.ovh.com/console", 2},
            {"OVH_CLIENT_SECRET", "", "... its secret", 2},
            {"OVH_ACCESS_TOKEN", "", "an access token that is valid now", 3},
            {"OVH_ENDPOINT", "OVH_END_POINT",
             "ovh-eu (default), ovh-ca, ovh-us, kimsufi-eu, soyoustart-eu, …", 0},
        })
