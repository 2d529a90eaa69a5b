// INWX, by https://www.inwx.de/en/help/apidoc and its clients https://github.com/inwx/python-client and
// https://github.com/inwx/php-client: JSON-RPC with a session in a cookie.
//
// An account with two-factor authentication is unlocked by a one-time password, which the service accepts
// once.
#include <algorithm>

#include "sdk/answer.h"
#include "sdk/cookies.h"
#include "sdk/totp.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

constexpr const char* inwx_url = "https://api.domrobot.com/jsonrpc/";
constexpr const char* inwx_sandbox = "https://api.ote.domrobot.com/jsonrpc/";
constexpr uint32_t shortest_ttl = 300;

// https://www.inwx.de/en/help/apidoc, "Result codes", after those of EPP (RFC 5730 section 3).
constexpr int64_t done = 1000, done_and_ended = 1500;
constexpr int64_t wrong_login = 2200, not_permitted = 2201, exists = 2302, missing = 2303;

/// {"code":1000,"msg":"Command completed successfully","resData":{…}}
struct Result {
  int64_t code = 0;
  std::string words;
  Json data{};

  bool ok() const { return code == done || code == done_and_ended; }
};

class Inwx : public ValueService {
 public:
  explicit Inwx(const Host& host) : host_(host), url_(url_of(host)) {
    Json login = Json::object();
    login.set("user", host.require("INWX_USERNAME")).set("pass", host.require("INWX_PASSWORD"));
    const Result result = call("account.login", std::move(login));
    if (!result.ok()) refuse_login("the credentials are refused: ", result, CERTO_CONFIG);
    const std::string second = text_at(result.data, "/tfa");
    if (second.empty() || second == "0") return;
    try {
      unlock(second);
    } catch (const Failure&) {
      log_out();
      throw;
    }
  }
  ~Inwx() override { log_out(); }
  Inwx(const Inwx&) = delete;
  Inwx& operator=(const Inwx&) = delete;

  std::optional<Zone> zone(const std::string& name) override {
    if (name.starts_with('_')) return std::nullopt;  // cannot be a registered domain
    Json of_zone = Json::object();
    const Result result = call("nameserver.info", of_zone.set("domain", name).set("type", "SOA"));
    if (result.code == missing) return std::nullopt;
    require(result, "nameserver.info");
    return Zone{name, ""};
  }

  std::vector<Held> list(const Zone& zone, const std::string& name) override {
    Json wanted = Json::object();
    wanted.set("domain", zone.name).set("type", "TXT").set("name", name);
    const Result result = call("nameserver.info", std::move(wanted));
    require(result, "nameserver.info");
    std::vector<Held> found;
    if (!result.data.find("record")) return found;  // left out if there is none
    for (const Json& record : list_at(result.data, "/record", "nameserver.info")) {
      if (text_at(record, "/type") == "TXT" && certo::lower(text_at(record, "/name")) == name)
        found.push_back({text_at(record, "/id"), text_at(record, "/content")});
    }
    return found;
  }

  void add(const Zone& zone, const Record& record) override {
    Json made = Json::object();
    made.set("domain", zone.name).set("type", "TXT").set("content", record.value).set("name", record.name);
    made.set("ttl", static_cast<int64_t>(std::max(record.ttl, shortest_ttl)));
    const Result result = call("nameserver.createRecord", std::move(made));
    if (result.code != exists) require(result, "nameserver.createRecord");
  }

  void remove(const Zone&, const std::string&, const Held& held) override {
    Json record = Json::object();
    const Result result =
        call("nameserver.deleteRecord", record.set("id", certo::number(held.id, 0, INT64_MAX).value_or(0)));
    if (result.code != missing) require(result, "nameserver.deleteRecord");
  }

 private:
  static std::string url_of(const Host& host) {
    const std::string url = host.base_url() + "/";
    const bool is_sandbox = certo::lower(host.setting("INWX_SANDBOX").value_or("")) == "true";
    return is_sandbox && url == inwx_url ? inwx_sandbox : url;
  }

  void log_out() {
    try {
      call("account.logout", Json::object());
    } catch (...) {  // the session ends by itself
    }
  }

  void unlock(const std::string& kind) {
    const auto secret = host_.setting("INWX_SHARED_SECRET");
    if (!secret)
      throw Failure{CERTO_CONFIG, "the account has two-factor authentication (" + kind +
                                      "): INWX_SHARED_SECRET is not set"};
    Json tan = Json::object();
    const Result result = call("account.unlock", tan.set("tan", totp(host_, "INWX_SHARED_SECRET", *secret)));
    // Used within the last 30 s, or the secret is wrong: the service does not say which.
    if (!result.ok()) refuse_login("the one-time password is refused: ", result, CERTO_LATER);
  }

  [[noreturn]] static void refuse_login(const char* what, const Result& result, certo_status status) {
    throw Failure{status, what + std::to_string(result.code) + ": " + result.words};
  }

  static void require(const Result& result, const char* method) {
    if (result.ok()) return;
    const bool is_refused = result.code == wrong_login || result.code == not_permitted;
    throw Failure{is_refused ? CERTO_CONFIG : CERTO_FAILED,
                  std::string(method) + " answered " + std::to_string(result.code) + ": " + result.words};
  }

  Result call(const char* method, Json parameters) {
    Json body = Json::object();
    body.set("method", method).set("params", std::move(parameters));
    std::vector<std::string> headers = {"Content-Type: application/json"};
    if (const std::string cookies = session_.text(); !cookies.empty())
      headers.push_back("Cookie: " + cookies);
    const std::string_view name = method;
    const bool changes = name == "nameserver.createRecord" || name == "nameserver.deleteRecord";
    const Reply reply = host_.http({"POST", url_, headers, certo::to_json(body), !changes});
    session_.take(reply);
    const Json json = reply.json();
    const Json* const code = json.find("code");
    if (!code || !code->is_integer())
      throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a code"};
    Result result{code->integer(), text_at(json, "/msg")};
    if (const std::string reason = text_at(json, "/reason"); !reason.empty()) result.words += ": " + reason;
    if (const Json* const data = json.find("resData"); data && data->is_object()) result.data = *data;
    return result;
  }

  const Host& host_;
  std::string url_;
  Cookies session_;
};

constexpr Work present = change_by<Inwx, Change::add>;
constexpr Work cleanup = change_by<Inwx, Change::remove>;

}  // namespace

CERTO_PROVIDER(.name = "inwx", .aliases = "dns_inwx", .title = "INWX", .base_url = inwx_url,
               .propagation = 360,
               .settings =
                   {
                       {"INWX_USERNAME", "INWX_User",
                        "the user's name, or that of a sub-account for DNS: https://www.inwx.com", 1},
                       {"INWX_PASSWORD", "INWX_Password", "... and password", 1},
                       {"INWX_SHARED_SECRET", "INWX_Shared_Secret",
                        "for two-factor authentication: the secret that was shown with the QR code", 0},
                       {"INWX_SANDBOX", "", "true: use the test system, api.ote.domrobot.com", 0},
                   },
               .name_servers = "ns*.inwx.*", .rights = "a sub-account with the role DNS management")
