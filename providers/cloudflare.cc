// Cloudflare, by https://developers.cloudflare.com/api/resources/zones/methods/list/ and
// https://developers.cloudflare.com/api/resources/dns/subresources/records/
#include <algorithm>
#include "sdk/provider.hpp"
#include "sdk/record_data.h"

namespace {

using certo::Fields;
using certo::Json;
using namespace certo::sdk;

// Error codes that the pages above do not list; the service sends them.
constexpr int64_t record_exists = 81057, identical_record_exists = 81058;
constexpr int64_t record_is_gone = 81044;
// The reply to a malformed token is 400 with one of these.
constexpr int64_t invalid_headers = 6003, invalid_token = 9109, authentication_error = 10000;

// If a token for some zones asks for another zone by name, the reply is 403 and names the permission to list
// all.
constexpr std::string_view may_not_list = "com.cloudflare.api.account.zone.list";

constexpr uint32_t least_ttl = 60;

/// {"success":true,"errors":[{"code":1,"message":"…"}],"result":…,"result_info":{"page":1,"total_pages":2}}
class Answer {
 public:
  explicit Answer(Reply reply) : reply_(std::move(reply)) {
    // The page of a proxy or gateway is not JSON; its status is enough.
    if (reply_.status != 200 && !reply_.body.starts_with('{')) refuse("");
    json_ = reply_.json();
  }

  bool ok() const {
    const Json* success = json_.find("success");
    return reply_.ok() && success && success->is_bool() && success->boolean();
  }

  /// The documented reply to DELETE is {"result":{"id":"…"}}, without "success".
  bool is_deleted() const {
    return ok() || (reply_.ok() && !json_.find("success") && json_.find("result") && errors().empty());
  }

  bool says(int64_t code) const {
    for (const Json& error : errors()) {
      const Json* said = error.find("code");
      if (said && said->is_integer() && said->integer() == code) return true;
    }
    return false;
  }

  /// The service's words, or "".
  std::string why() const {
    const Json* message = errors().empty() ? nullptr : errors()[0].find("message");
    return message && message->is_string() ? message->string() : "";
  }

  void require_ok() const {
    if (ok()) return;
    if (says(invalid_headers) || says(invalid_token) || says(authentication_error))
      throw Failure{CERTO_CONFIG, "the credentials are refused: " + why()};
    refuse(why());
  }

  const Json::Array& list() const {
    return Fields(json_, reply_.subject, certo::Exit::failed).array("result");
  }

  int64_t pages() const {
    const Json* info = json_.find("result_info");
    const Json* pages = info ? info->find("total_pages") : nullptr;
    return pages && pages->is_integer() ? pages->integer() : 1;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw_if_refused(reply_, why);
    throw Failure{CERTO_FAILED, reply_.subject + " answered " + std::to_string(reply_.status) +
                                    (why.empty() ? "" : ": " + why)};
  }

  const Json::Array& errors() const {
    static const Json::Array none;
    const Json* errors = json_.find("errors");
    return errors && errors->is_array() ? errors->items() : none;
  }

  Reply reply_;
  Json json_;
};

class Api {
 public:
  explicit Api(const Host& host) : host_(host), zones_(host.base_url() + "/zones") {
    if (const auto token = host.setting("CLOUDFLARE_API_TOKEN")) {
      headers_ = {bearer(*token)};
    } else {
      headers_ = {"X-Auth-Email: " + host.require("CLOUDFLARE_EMAIL"),
                  "X-Auth-Key: " + host.require("CLOUDFLARE_API_KEY")};
    }
    const auto for_zones = host.setting("CLOUDFLARE_ZONE_API_TOKEN");
    zone_headers_ = for_zones ? std::vector{bearer(*for_zones)} : headers_;
  }

  /// The zone's id.
  std::optional<std::string> zone(const std::string& name) const {
    const Answer answer = send({"GET", zones_ + "?name=" + escaped(name), zone_headers_});
    if (answer.why().find(may_not_list) != std::string::npos) throw Hidden{answer.why()};
    answer.require_ok();
    std::optional<std::string> found;
    for (const Json& entry : answer.list()) {
      const Fields zone(entry, zones_, certo::Exit::failed);
      if (zone.string("name") != name) continue;
      // A zone that moved between accounts is there twice, and only one of the two is served.
      if (zone.optional_string("status").value_or("active") == "active") return zone.string("id");
      if (!found) found = zone.string("id");
    }
    return found;
  }

  void add(const std::string& zone, const Record& record) const {
    Json body = Json::object();
    body.set("type", host_.type()).set("name", record.name);
    set_content(body, record.value);
    body.set("ttl", static_cast<int64_t>(std::max(record.ttl, least_ttl)));
    std::vector<std::string> headers = headers_;
    headers.emplace_back("Content-Type: application/json");
    const Answer answer = send({"POST", records_of(zone), headers, to_json(body)});
    if (!answer.says(record_exists) && !answer.says(identical_record_exists)) answer.require_ok();
  }

  void remove(const std::string& zone, const Record& record) const {
    for (const std::string& id : find(zone, record)) {
      const Answer answer = send({"DELETE", records_of(zone) + "/" + escaped(id), headers_});
      if (!answer.says(record_is_gone) && !answer.is_deleted()) answer.require_ok();
    }
  }

 private:
  /// Of CAA and TLSA, the service takes the parts and returns the whole.
  void set_content(Json& body, const std::string& value) const {
    Json data = Json::object();
    if (host_.type() == "CAA") {
      const Caa caa = parse_caa(value);
      data.set("flags", int64_t{caa.flags}).set("tag", caa.tag).set("value", caa.value);
    } else if (host_.type() == "TLSA") {
      const Tlsa tlsa = parse_tlsa(value);
      data.set("usage", int64_t{tlsa.usage}).set("selector", int64_t{tlsa.selector});
      data.set("matching_type", int64_t{tlsa.matching}).set("certificate", tlsa.data);
    } else {
      body.set("content", content(host_, value));
      return;
    }
    body.set("data", std::move(data));
  }

  std::string records_of(const std::string& zone) const {
    return zones_ + "/" + escaped(zone) + "/dns_records";
  }
  Answer send(const Request& request) const { return Answer(host_.raw_http(request)); }

  /// The ids of the records with this name and value, of all pages.
  std::vector<std::string> find(const std::string& zone, const Record& record) const {
    std::vector<std::string> ids;
    int64_t pages = 1;
    for (int64_t page = 1; page <= pages; ++page) {
      const Answer answer =
          send({"GET",
                records_of(zone) + "?type=" + host_.type() + "&name=" + escaped(record.name) +
                    "&per_page=100&page=" + std::to_string(page),
                headers_});
      answer.require_ok();
      pages = answer.pages();
      for (const Json& entry : answer.list()) {
        const Fields found(entry, zones_, certo::Exit::failed);
        const std::string held = found.string("content");
        // Records created by hand or by older clients have no quotes.
        const bool is_ours = held == record.value || held == content(host_, record.value);
        if (is_ours && found.string("name") == record.name) ids.push_back(found.string("id"));
      }
    }
    return ids;
  }

  const Host& host_;
  std::string zones_;
  std::vector<std::string> headers_, zone_headers_;
};

void change_records(const Host& host, Records records,
                    void (Api::*change)(const std::string&, const Record&) const) {
  const Api api(host);
  const auto fixed = host.setting("CLOUDFLARE_ZONE_ID");
  ZoneFinder<std::string> zones(host, [&](const std::string& name) { return api.zone(name); });
  for (const Record& record : records) (api.*change)(fixed ? *fixed : zones.find(record.name), record);
}

void present(const Host& host, Records records) { change_records(host, records, &Api::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, &Api::remove); }

}  // namespace

CERTO_PROVIDER(
        .name = "cloudflare", .aliases = "dns_cf cf", .title = "Cloudflare",
        .base_url = "https://api.cloudflare.com/client/v4",
        .settings =
            {
                {"CLOUDFLARE_API_TOKEN", "CLOUDFLARE_DNS_API_TOKEN CF_DNS_API_TOKEN CF_API_TOKEN CF_Token",
                 "a token with the permissions Zone Read and DNS Edit: https://dash.cloudflare.com/profile/api-tokens",
                 1},
                {"CLOUDFLARE_ZONE_API_TOKEN", "CF_ZONE_API_TOKEN",
                 "another token with the permission Zone Read, if the first one has only DNS Edit", 0},
                {"CLOUDFLARE_EMAIL", "CF_API_EMAIL CF_Email",
                 "instead of a token: the account's e-mail address", 2},
                {"CLOUDFLARE_API_KEY", "CF_API_KEY CF_Key",
                 "... with its global API key, which permits everything", 2},
                {"CLOUDFLARE_ZONE_ID", "CF_Zone_ID", "the zone's id, for a token that cannot list zones", 0},
            },
        .types = "CAA TLSA", .name_servers = "*.ns.cloudflare.com",
        .rights = "Zone Read and DNS Edit for the zones of the certificates")
