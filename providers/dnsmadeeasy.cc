// DNS Made Easy, by https://api-docs.dnsmadeeasy.com/ and the older "API V2.0 Documentation" of 2014,
// https://fdocuments.net/document/api-v2-dns-made-easy-folder-get-return-folder-information-38-folder-put-update.html
//
// A request is signed by the HMAC-SHA-1 of its date, so the service refuses a clock that is wrong.
#include "sdk/answer.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

constexpr const char* dnsmadeeasy_url = "https://api.dnsmadeeasy.com/V2.0";
constexpr const char* sandbox_url = "https://api.sandbox.dnsmadeeasy.com/V2.0";

class Dnsmadeeasy : public ValueService {
 public:
  explicit Dnsmadeeasy(const Host& host)
      : host_(host),
        url_(url_of(host) + "/dns/managed/"),
        key_(host.require("DNSMADEEASY_API_KEY")),
        secret_(host.require("DNSMADEEASY_API_SECRET")) {}

  std::optional<Zone> zone(const std::string& name) override {
    const Reply reply = send("GET", "name?domainname=" + escaped(name), "", 404);
    if (reply.status == 404) return std::nullopt;
    const std::string id = text_at(reply.json(), "/id");
    if (id.empty()) throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a domain"};
    return Zone{name, id};
  }

  std::vector<Held> list(const Zone& zone, const std::string& name) override {
    std::vector<Held> found;
    const std::string own = below(name, zone.name);
    const std::string path = zone.id + "/records?type=TXT&recordName=" + escaped(own);
    int64_t pages = 1;
    for (int64_t page = 0; page < pages; ++page) {
      const Reply reply = send("GET", path + (page > 0 ? "&page=" + std::to_string(page) : ""));
      const Json json = reply.json();
      for (const Json& record : list_at(json, "/data", reply.subject)) {
        if (text_at(record, "/type") == "TXT" && certo::lower(text_at(record, "/name")) == own)
          found.push_back({text_at(record, "/id"), text_at(record, "/value")});
      }
      const Json* const total = json.find("totalPages");
      if (total && total->is_integer()) pages = total->integer();
    }
    return found;
  }

  void add(const Zone& zone, const Record& record) override {
    Json body = Json::object();
    body.set("name", below(record.name, zone.name)).set("type", "TXT").set("value", quoted(record.value));
    body.set("gtdLocation", "DEFAULT").set("ttl", static_cast<int64_t>(record.ttl));
    send("POST", zone.id + "/records/", certo::to_json(body));
  }

  void remove(const Zone& zone, const std::string&, const Held& held) override {
    send("DELETE", zone.id + "/records/" + held.id, "", 404);
  }

 private:
  static std::string url_of(const Host& host) {
    const bool is_sandbox = certo::lower(host.setting("DNSMADEEASY_SANDBOX").value_or("")) == "true";
    const std::string url = host.base_url();
    return is_sandbox && url == dnsmadeeasy_url ? sandbox_url : url;
  }

  Reply send(const char* method, const std::string& path, const std::string& body = "", int missing = 0) {
    const std::string date = certo::http_date(host_.now());
    std::vector<std::string> headers = {
        "x-dnsme-apiKey: " + key_, "x-dnsme-requestDate: " + date,
        "x-dnsme-hmac: " + certo::hex(host_.hmac("sha1", certo::as_bytes(secret_), date)),
        "Accept: application/json"};
    if (!body.empty()) headers.emplace_back("Content-Type: application/json");
    return accepted(host_.raw_http({method, url_ + path, headers, body}), {"/error/0", "/error"}, missing);
  }

  const Host& host_;
  std::string url_, key_, secret_;
};

constexpr Work present = change_by<Dnsmadeeasy, Change::add>;
constexpr Work cleanup = change_by<Dnsmadeeasy, Change::remove>;

}  // namespace

CERTO_PROVIDER(
        .name = "dnsmadeeasy", .aliases = "dns_me", .title = "DNS Made Easy", .base_url = dnsmadeeasy_url,
        .settings =
            {
                {"DNSMADEEASY_API_KEY", "ME_Key",
                 "the API key: https://cp.dnsmadeeasy.com/account/info, 'Generate New API Credentials'", 1},
                {"DNSMADEEASY_API_SECRET", "ME_Secret", "... its secret key", 1},
                {"DNSMADEEASY_SANDBOX", "", "true: use the sandbox, api.sandbox.dnsmadeeasy.com", 0},
            },
        .name_servers = "*.dnsmadeeasy.com")
