// nicmanager, by https://api.nicmanager.com/docs/v1/ and the behaviour of another client
#include "sdk/answer.h"
#include "sdk/totp.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

constexpr int64_t least_ttl = 900;
constexpr const char* otp_setting = "NICMANAGER_API_OTP";

class Nicmanager : public ValueService {
 public:
  explicit Nicmanager(const Host& host)
      : host_(host),
        url_(host.base_url() + "/" + host.setting("NICMANAGER_MODE").value_or("anycast") + "/"),
        user_(user_of(host)),
        password_(host.require("NICMANAGER_API_PASSWORD")) {}

  std::optional<Zone> zone(const std::string& name) override {
    const Reply reply = send("GET", name, "", 404);
    if (!reply.ok() || certo::lower(text_at(reply.json(), "/name")) != name) return std::nullopt;
    return Zone{name, name};
  }

  std::vector<Held> list(const Zone& zone, const std::string& name) override {
    const Reply reply = send("GET", zone.name);
    std::vector<Held> found;
    for (const Json& record : list_at(reply.json(), "/records", reply.subject)) {
      if (text_at(record, "/type") == "TXT" && certo::lower(text_at(record, "/name")) == name)
        found.push_back({text_at(record, "/id"), text_at(record, "/content")});
    }
    return found;
  }

  void add(const Zone& zone, const Record& record) override {
    Json body = Json::object();
    body.set("name", std::string(record.name) + ".").set("value", record.value);
    body.set("ttl", std::max<int64_t>(record.ttl, least_ttl)).set("type", "TXT");
    send("POST", zone.name + "/records", certo::to_json(body));
  }

  void remove(const Zone& zone, const std::string&, const Held& held) override {
    send("DELETE", zone.name + "/records/" + held.id, "", 404);
  }

 private:
  /// An e-mail address, or the account's login and the name of one of its users.
  static std::string user_of(const Host& host) {
    if (const auto email = host.setting("NICMANAGER_API_EMAIL")) return *email;
    const auto login = host.setting("NICMANAGER_API_LOGIN"), user = host.setting("NICMANAGER_API_USERNAME");
    if (login && user) return *login + "." + *user;
    throw Failure{
        CERTO_CONFIG,
        "neither NICMANAGER_API_EMAIL, nor NICMANAGER_API_LOGIN and NICMANAGER_API_USERNAME are set"};
  }

  Reply send(const std::string& method, const std::string& path, const std::string& body = "",
             int missing = 0) {
    std::vector<std::string> headers = {basic(host_, user_, password_), "Accept: application/json"};
    if (const auto secret = host_.setting(otp_setting))
      headers.push_back("X-Auth-Token: " + totp(host_, otp_setting, *secret));
    if (!body.empty()) headers.emplace_back("Content-Type: application/json");
    return accepted(host_.raw_http({method, url_ + path, headers, body}), {"/message", "/errors"}, missing);
  }

  const Host& host_;
  std::string url_, user_, password_;
};

constexpr Work present = change_by<Nicmanager, Change::add>;
constexpr Work cleanup = change_by<Nicmanager, Change::remove>;

}  // namespace

CERTO_PROVIDER(.name = "nicmanager", .title = "nicmanager", .base_url = "https://api.nicmanager.com/v1",
               .propagation = 300,
               .settings =
                   {
                       {"NICMANAGER_API_PASSWORD", "", "the password of a user: https://www.nicmanager.com",
                        1},
                       {"NICMANAGER_API_EMAIL", "", "the e-mail address of this user, or", 0},
                       {"NICMANAGER_API_LOGIN", "", "... the login of the account, and", 0},
                       {"NICMANAGER_API_USERNAME", "", "... the name of the user", 0},
                       {otp_setting, "", "the secret of the second factor (TOTP), if the user has one", 0},
                       {"NICMANAGER_MODE", "", "anycast (the default), or zone", 0},
                   },
               .source = "table")
