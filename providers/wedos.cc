// WEDOS, by https://kb.wedos.com/en/wapi-api-interface/wapi-manual/ and, for the commands,
// https://kb.wedos.com/en/wapi-api-interface/wapi-command-dns-rows-list/ and its neighbours
//
// A request is signed by a hash that covers the hour in Prague. Changes are served after a commit.
#include <algorithm>

#include "sdk/answer.h"
#include "sdk/oauth.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

constexpr uint32_t shortest_ttl = 300;

/// Summer time is from the last Sunday in March to the last in October, 01:00 UTC (Directive 2000/84/EC).
std::string hour_in_prague(certo::Time time) {
  using namespace std::chrono;
  const year this_year = year_month_day(floor<days>(time)).year();
  const auto change = [&](month which) { return sys_days(this_year / which / Sunday[last]) + hours(1); };
  const bool is_summer = time >= change(March) && time < change(October);
  const auto local = time + hours(is_summer ? 2 : 1);
  const std::string hour = std::to_string(hh_mm_ss(local - floor<days>(local)).hours().count());
  return hour.size() == 1 ? "0" + hour : hour;
}

class Wedos : public ValueService {
 public:
  explicit Wedos(const Host& host)
      : host_(host), user_(host.require("WEDOS_USERNAME")), password_(host.require("WEDOS_WAPI_PASSWORD")) {}

  std::optional<Zone> zone(const std::string& name) override {
    if (name.starts_with('_')) return std::nullopt;  // cannot be a registered domain
    const Answer answer = call("dns-rows-list", of(name));
    if (!answer.ok() && answer.code / 1000 == 2 && !is_refused(answer)) return std::nullopt;
    require(answer, "dns-rows-list");
    return Zone{name, ""};
  }

  std::vector<Held> list(const Zone& zone, const std::string& name) override {
    const Answer answer = call("dns-rows-list", of(zone.name));
    require(answer, "dns-rows-list");
    std::vector<Held> found;
    for (const Json& row : list_at(answer.json, "/response/data/row", "dns-rows-list")) {
      const bool is_ours = certo::lower(text_at(row, "/name")) == below(name, zone.name);
      if (text_at(row, "/rdtype") == "TXT" && is_ours)
        found.push_back({text_at(row, "/ID"), text_at(row, "/rdata")});
    }
    return found;
  }

  void add(const Zone& zone, const Record& record) override {
    Json row = of(zone.name);
    row.set("name", below(record.name, zone.name))
        .set("ttl", std::to_string(std::max(record.ttl, shortest_ttl)));
    require(call("dns-row-add", row.set("type", "TXT").set("rdata", record.value)), "dns-row-add");
  }

  void remove(const Zone& zone, const std::string&, const Held& held) override {
    require(call("dns-row-delete", of(zone.name).set("row_id", held.id)), "dns-row-delete");
  }

  void publish(const Zone& zone) override {
    Json name = Json::object();
    require(call("dns-domain-commit", name.set("name", zone.name)), "dns-domain-commit");
  }

 private:
  struct Answer {
    int64_t code = 0;
    std::string words;
    Json json;

    bool ok() const { return code / 1000 == 1; }
  };

  static Json of(const std::string& domain) {
    Json data = Json::object();
    return data.set("domain", domain);
  }

  /// 2050 to 2059: login, password, address or rights of WAPI.
  static bool is_refused(const Answer& answer) { return answer.code / 10 == 205; }

  static void require(const Answer& answer, const char* command) {
    if (answer.ok()) return;
    const std::string told = std::to_string(answer.code) + ": " + answer.words;
    if (is_refused(answer)) throw Failure{CERTO_CONFIG, "the credentials are refused: " + told};
    // 3xxx: passing errors, and 4xxx: errors of the service.
    const certo_status status = answer.code / 1000 == 2 ? CERTO_FAILED : CERTO_UNREACHABLE;
    throw Failure{status, std::string(command) + " answered " + told};
  }

  std::string sha1(const std::string& text) const { return certo::hex(host_.hash("sha1", text)); }

  Answer call(const std::string& command, Json data) const {
    Json request = Json::object(), body = Json::object();
    request.set("user", user_).set("auth", sha1(user_ + sha1(password_) + hour_in_prague(host_.now())));
    request.set("command", command).set("data", std::move(data));
    body.set("request", std::move(request));
    const Reply reply = host_.http({"POST",
                                    host_.base_url(),
                                    {"Content-Type: application/x-www-form-urlencoded"},
                                    form({{"request", certo::to_json(body)}}),
                                    command == "dns-rows-list"});
    const Json json = reply.json();
    const auto code = certo::number(text_at(json, "/response/code"), 1, 9999);
    if (!code) throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a code"};
    return {*code, text_at(json, "/response/result"), json};
  }

  const Host& host_;
  std::string user_, password_;
};

constexpr Work present = change_by<Wedos, Change::add>;
constexpr Work cleanup = change_by<Wedos, Change::remove>;

}  // namespace

CERTO_PROVIDER(
        .name = "wedos", .title = "WEDOS", .base_url = "https://api.wedos.com/wapi/json", .propagation = 600,
        .settings =
            {
                {"WEDOS_USERNAME", "", "the name that you log in with", 1},
                {"WEDOS_WAPI_PASSWORD", "",
                 "the password of WAPI: https://client.wedos.com/client/wapi.html; permit this machine's address there, "
                 "too",
                 1},
            },
        .name_servers = "ns.wedos.*")
