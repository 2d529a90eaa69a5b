// CloudDNS of VSHosting. Source: the table of services and the agreeing behaviour of lego and acme.sh (whose
// script was written by a member of VSHosting); the API's pages,
// https://admin.vshosting.cloud/clouddns/swagger/, need an account.
//
// Changes wait until the domain is published. certo publishes even if there was nothing to change: a run that
// died may not have done it.
#include <algorithm>

#include "sdk/provider.hpp"
#include "sdk/quoted_values.h"

namespace {

using certo::Fields;
using certo::Json;
using namespace certo::sdk;

constexpr int64_t exists_already = 4136, usual_soa_ttl = 300;

struct Held {
  std::string id, name, value;
};

struct DomainState {
  std::vector<Held> records{};  // TXT only
  int64_t soa_ttl = usual_soa_ttl;
};

const Json& member(const Json& object, std::string_view key) {
  static const Json none;
  const Json* const found = object.find(key);
  return found ? *found : none;
}

class CloudDns {
 public:
  explicit CloudDns(const Host& host)
      : host_(host), url_(host.base_url()), client_(host.require("CLOUDDNS_CLIENT_ID")) {
    const std::string root = url_.ends_with("/clouddns") ? url_.substr(0, url_.size() - 9) : url_;
    const Json body = Json::Object{{"email", host.require("CLOUDDNS_EMAIL")},
                                   {"password", host.require("CLOUDDNS_PASSWORD")}};
    const Reply reply = host.raw_http({.method = "POST",
                                       .url = root + "/api/public/auth/login",
                                       .headers = {"Content-Type: application/json"},
                                       .body = to_json(body),
                                       .reads = true});
    if (!reply.ok()) {
      const std::string words = error_in(reply).second;
      throw_if_refused(reply, words);
      throw Failure{CERTO_CONFIG, "the credentials are refused: " + reply.subject + " answered " +
                                      std::to_string(reply.status) + (words.empty() ? "" : ": " + words)};
    }
    const Json json = reply.json();
    const Json& token = member(member(json, "auth"), "accessToken");
    if (!token.is_string() || token.string().find_first_of(" \r\n") != std::string::npos)
      throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a token"};
    token_ = bearer(token.string());
  }

  std::optional<std::string> domain(const std::string& name) const {
    const auto search = [](const char* key, const std::string& value) {
      return Json::Object{{"name", key}, {"operator", "eq"}, {"value", value}};
    };
    const Json query =
        Json::Object{{"search", Json::Array{search("clientId", client_), search("domainName", name + ".")}}};
    const Reply reply = send("POST", "/domain/search", query, true);
    const Json json = reply.json();
    for (const Json& item : Fields(json, reply.subject, certo::Exit::failed).array("items")) {
      const Fields domain(item, reply.subject, certo::Exit::failed);
      if (certo::lower(domain.string("domainName")) == name + ".") return domain.string("id");
    }
    return std::nullopt;
  }

  DomainState state(const std::string& domain) const {
    const Reply reply = send("GET", "/domain/" + escaped(domain));
    const Json json = reply.json();
    const Fields fields(json, reply.subject, certo::Exit::failed);
    DomainState state;
    state.soa_ttl = fields.optional_integer("soaTtl").value_or(usual_soa_ttl);
    for (const Json& entry : fields.array("lastDomainRecordList")) {
      const Fields record(entry, reply.subject, certo::Exit::failed);
      if (record.string("type") == "TXT")
        state.records.push_back({record.string("id"), certo::lower(record.string("name")),
                                 record.optional_string("value").value_or("")});
    }
    return state;
  }

  void add(const std::string& domain, const std::string& name, const std::string& value) const {
    send("POST", "/record-txt",
         Json::Object{{"type", "TXT"}, {"name", name + "."}, {"value", value}, {"domainId", domain}});
  }

  void remove(const std::string& id) const { send("DELETE", "/record/" + escaped(id)); }

  void publish(const std::string& domain, int64_t soa_ttl) const {
    send("PUT", "/domain/" + escaped(domain) + "/publish", Json::Object{{"soaTtl", soa_ttl}});
  }

 private:
  /// {"error":{"code":4136,"message":"…"}}
  static std::pair<int64_t, std::string> error_in(const Reply& reply) {
    try {
      const Json json = reply.json();
      const Json& error = member(json, "error");
      const Json &code = member(error, "code"), &message = member(error, "message");
      return {code.is_integer() ? code.integer() : -1, message.is_string() ? message.string() : ""};
    } catch (const Failure&) {
      return {-1, ""};
    }
  }

  Reply send(const char* method, const std::string& path, const Json& body = {}, bool reads = false) const {
    Request request{method, url_ + path, {token_}, "", reads};
    if (!body.is_null()) {
      request.headers.emplace_back("Content-Type: application/json");
      request.body = to_json(body);
    }
    Reply reply = host_.raw_http(request);
    const bool is_gone = std::string_view(method) == "DELETE" && reply.status == 404;
    if (is_gone || (reply.ok() && reply.body.find("\"error\"") == std::string::npos)) return reply;
    const auto [code, words] = error_in(reply);
    if (code == exists_already || (reply.ok() && code < 0)) return reply;
    throw_if_refused(reply, words);
    throw Failure{CERTO_FAILED, reply.subject + " answered " + std::to_string(reply.status) +
                                    (words.empty() ? "" : ": " + words)};
  }

  const Host& host_;
  std::string url_, client_, token_;
};

void change_records(const Host& host, Records records, Change change) {
  const CloudDns api(host);
  ZoneFinder<std::string> domains(host, [&](const std::string& name) { return api.domain(name); });
  std::map<std::string, int64_t> changed;
  for (const auto& [name, values] : by_name(records)) {
    const std::string domain = domains.find(name);
    const DomainState state = api.state(domain);
    changed[domain] = state.soa_ttl;
    for (const std::string& value : merged({}, values, Change::add)) {
      const auto is_it = [&](const Held& record) {
        return record.name == name + "." && is_same_text(record.value, value);
      };
      if (change == Change::add && std::ranges::none_of(state.records, is_it)) api.add(domain, name, value);
      for (const Held& record : state.records) {
        if (change == Change::remove && is_it(record)) api.remove(record.id);
      }
    }
  }
  for (const auto& [domain, soa_ttl] : changed) api.publish(domain, soa_ttl);
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(.name = "clouddns", .aliases = "dns_clouddns", .title = "CloudDNS (VSHosting)",
               .base_url = "https://admin.vshosting.cloud/clouddns",
               .settings =
                   {
                       {"CLOUDDNS_CLIENT_ID", "",
                        "the client's id, in the address of https://admin.vshosting.cloud after /clients/",
                        1},
                       {"CLOUDDNS_EMAIL", "", "the e-mail address that you log in with", 1},
                       {"CLOUDDNS_PASSWORD", "", "... its password", 1},
                   },
               .source = "table")
