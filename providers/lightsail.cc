// Amazon Lightsail, by https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/ (GetDomain,
// CreateDomainEntry, DeleteDomainEntry)
//
// Domains are in the region us-east-1 only.
#include "sdk/answer.h"
#include "sdk/aws.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

class Lightsail : public ValueService {
 public:
  explicit Lightsail(const Host& host)
      : host_(host), credentials_(aws_credentials(host)), fixed_(host.setting("DNS_ZONE").value_or("")) {
    while (fixed_.ends_with('.')) fixed_.pop_back();
  }

  std::optional<Zone> zone(const std::string& name) override {
    if (!fixed_.empty() && name != fixed_) return std::nullopt;
    const Reply reply = call("GetDomain", of(name));
    const std::string type = kind(reply);
    if (type == "NotFoundException" || type == "InvalidInputException") return std::nullopt;
    require(reply);
    if (text_at(reply.json(), "/domain/name") != name) return std::nullopt;
    return Zone{name, ""};
  }

  std::vector<Held> list(const Zone& zone, const std::string& name) override {
    const Reply reply = call("GetDomain", of(zone.name));
    require(reply);
    const Json json = reply.json();
    std::vector<Held> found;
    for (const Json& entry : list_at(json, "/domain/domainEntries", reply.subject)) {
      if (text_at(entry, "/type") == "TXT" && certo::lower(text_at(entry, "/name")) == name)
        found.push_back({text_at(entry, "/id"), text_at(entry, "/target")});
    }
    return found;
  }

  void add(const Zone& zone, const Record& record) override {
    Json entry = Json::object();
    entry.set("name", record.name)
        .set("target", quoted(record.value))
        .set("type", "TXT")
        .set("isAlias", false);
    require(call("CreateDomainEntry", of(zone.name).set("domainEntry", std::move(entry))));
  }

  void remove(const Zone& zone, const std::string& name, const Held& held) override {
    Json entry = Json::object();
    entry.set("id", held.id)
        .set("name", name)
        .set("target", held.value)
        .set("type", "TXT")
        .set("isAlias", false);
    const Reply reply = call("DeleteDomainEntry", of(zone.name).set("domainEntry", std::move(entry)));
    if (kind(reply) != "NotFoundException") require(reply);
  }

 private:
  static Json of(const std::string& domain) {
    Json parameters = Json::object();
    return parameters.set("domainName", domain);
  }

  /// {"__type":"NotFoundException","message":"…"}, perhaps after a namespace and '#'.
  static std::string kind(const Reply& reply) {
    if (reply.ok()) return {};
    const std::string type = explanation(reply, {"/__type", "/code"});
    return type.substr(type.rfind('#') + 1);
  }

  static void require(const Reply& reply) {
    if (reply.ok()) return;
    const std::string type = kind(reply);
    const std::string told = type + ": " + explanation(reply, {"/message", "/Message"});
    for (const char* refused :
         {"UnrecognizedClient", "InvalidSignature", "AccessDenied", "Unauthenticated", "IncompleteSignature",
          "MissingAuthenticationToken", "ExpiredToken", "InvalidClientTokenId"})
      if (type.starts_with(refused)) throw Failure{CERTO_CONFIG, "the credentials are refused: " + told};
    refuse(reply, type.empty() ? "" : told);
  }

  Reply call(const std::string& action, const Json& parameters) const {
    Request request{
        "POST",
        host_.base_url() + "/",
        {"Content-Type: application/x-amz-json-1.1", "X-Amz-Target: Lightsail_20161128." + action},
        certo::to_json(parameters),
        action == "GetDomain"};
    return host_.raw_http(aws_signed(host_, credentials_, {"us-east-1", "lightsail"}, std::move(request)));
  }

  const Host& host_;
  AwsCredentials credentials_;
  std::string fixed_;
};

constexpr Work present = change_by<Lightsail, Change::add>;
constexpr Work cleanup = change_by<Lightsail, Change::remove>;

}  // namespace

CERTO_PROVIDER(.name = "lightsail", .title = "Amazon Lightsail",
               .base_url = "https://lightsail.us-east-1.amazonaws.com", .traits = CERTO_NEEDS_NO_SETTING,
               .settings =
                   {
                       CERTO_AWS_SETTINGS,
                       {"DNS_ZONE", "", "the domain, for keys that cannot look for it", 0},
                   },
               .rights = "lightsail:GetDomain, lightsail:CreateDomainEntry and lightsail:DeleteDomainEntry")
