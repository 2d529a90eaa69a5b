// Volcano Engine DNS, by https://www.volcengine.com/docs/6758/155086 and its client
// https://github.com/volcengine/volc-sdk-golang (service/dns) and, for signatures,
// https://www.volcengine.com/docs/6369/67269
#include <algorithm>

#include "sdk/answer.h"
#include "sdk/oauth.h"
#include "sdk/sigv4.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

constexpr const char* volc_url = "https://open.volcengineapi.com";
constexpr int64_t shortest_ttl = 600;  // of the free edition
constexpr size_t page_size = 100;

class Volcengine : public ValueService {
 public:
  explicit Volcengine(const Host& host)
      : host_(host),
        url_(url_of(host)),
        region_(host.setting("VOLC_REGION").value_or("cn-north-1")),
        key_(host.require("VOLC_ACCESSKEY")),
        secret_(host.require("VOLC_SECRETKEY")) {}

  std::optional<Zone> zone(const std::string& name) override {
    const Json json = get("ListZones", {{"Key", name}, {"SearchMode", "exact"}});
    for (const Json& zone : listed(json, "Zones"))
      if (text_at(zone, "/ZoneName") == name) return Zone{name, text_at(zone, "/ZID")};
    return std::nullopt;
  }

  std::vector<Held> list(const Zone& zone, const std::string& name) override {
    const std::string own = below(name, zone.name, "@");
    std::vector<Held> found;
    for (size_t page = 1, size = page_size; size == page_size; ++page) {
      const Json json = get("ListRecords", {{"ZID", zone.id},
                                            {"Host", own},
                                            {"SearchMode", "exact"},
                                            {"Type", "TXT"},
                                            {"PageNumber", std::to_string(page)},
                                            {"PageSize", std::to_string(page_size)}});
      const Json::Array records = listed(json, "Records");
      for (const Json& record : records) {
        if (text_at(record, "/Type") == "TXT" && certo::lower(text_at(record, "/Host")) == own)
          found.push_back({text_at(record, "/RecordID"), text_at(record, "/Value")});
      }
      size = records.size();
    }
    return found;
  }

  void add(const Zone& zone, const Record& record) override {
    Json body = Json::object();
    body.set("ZID", certo::number(zone.id, 0, INT64_MAX).value_or(0))
        .set("Host", below(record.name, zone.name, "@"));
    body.set("Type", "TXT").set("Value", record.value);
    post("CreateRecord", body.set("TTL", std::max(static_cast<int64_t>(record.ttl), shortest_ttl)));
  }

  void remove(const Zone&, const std::string&, const Held& held) override {
    Json body = Json::object();
    post("DeleteRecord", body.set("RecordID", held.id));
  }

 private:
  /// A list that is empty may be left out.
  static Json::Array listed(const Json& json, const char* name) {
    const Json* const result = json.find("Result");
    if (!result || !result->is_object())
      throw Failure{CERTO_UNREACHABLE, "the service answered without a result"};
    return result->find(name) ? list_at(*result, std::string("/") + name, "the service") : Json::Array{};
  }

  static std::string url_of(const Host& host) {
    const std::string url = host.base_url();
    const auto server = host.setting("VOLC_HOST");
    return server && url == volc_url ? host.setting("VOLC_SCHEME").value_or("https") + "://" + *server : url;
  }

  Json get(const char* action, const Parameters& parameters) const {
    return send({"GET", url_ + "/?Action=" + action + "&Version=2018-08-01&" + form(parameters)}, action);
  }

  void post(const char* action, const Json& body) const {
    send({"POST", url_ + "/?Action=" + action + "&Version=2018-08-01", {}, certo::to_json(body)}, action);
  }

  Json send(Request request, const char* action) const {
    const std::string time = certo::compact_utc(host_.now()), date = time.substr(0, 8);
    request.headers = {"Content-Type: application/json", "X-Date: " + time,
                       "X-Content-Sha256: " + certo::hex(host_.hash("sha256", request.body))};
    const Canonical form = canonical(host_, request);
    const std::string scope = date + "/" + region_ + "/DNS/request";
    const std::string signature = derived_signature(host_, secret_, {date, region_, "DNS", "request"},
                                                    "HMAC-SHA256\n" + time + "\n" + scope + "\n" + form.hash);
    request.headers.push_back("Authorization: HMAC-SHA256 Credential=" + key_ + "/" + scope +
                              ", SignedHeaders=" + form.headers + ", Signature=" + signature);
    const Reply reply = host_.raw_http(request);
    const std::string code = explanation(reply, {"/ResponseMetadata/Error/Code"});
    if (reply.ok() && code.empty()) return reply.json();
    const std::string told = code + ": " + explanation(reply, {"/ResponseMetadata/Error/Message"});
    for (const char* refused : {"InvalidAccessKey", "SignatureDoesNotMatch", "AccessDenied",
                                "InvalidCredential", "InvalidAuthorization", "InvalidSecretToken"})
      if (code.starts_with(refused)) throw Failure{CERTO_CONFIG, "the credentials are refused: " + told};
    if (code == "FlowLimitExceeded") throw Failure{CERTO_LATER, "rate limited: " + told};
    if (code.empty()) refuse(reply, "");
    throw_if_refused(reply, told);
    throw Failure{CERTO_FAILED, std::string(action) + " answered " + told};
  }

  const Host& host_;
  std::string url_, region_, key_, secret_;
};

constexpr Work present = change_by<Volcengine, Change::add>;
constexpr Work cleanup = change_by<Volcengine, Change::remove>;

}  // namespace

CERTO_PROVIDER(
        .name = "volcengine", .title = "Volcano Engine", .base_url = volc_url, .propagation = 240,
        .settings =
            {
                {"VOLC_ACCESSKEY", "",
                 "an access key of a user with DNSFullAccess: https://console.volcengine.com/iam/keymanage/",
                 1},
                {"VOLC_SECRETKEY", "", "... its secret", 1},
                {"VOLC_REGION", "", "the region (default: cn-north-1)", 0},
                {"VOLC_HOST", "", "the API's host (default: open.volcengineapi.com)", 0},
                {"VOLC_SCHEME", "", "https, the default, or http for a host on this machine", 0},
            },
        .rights = "DNSFullAccess")
