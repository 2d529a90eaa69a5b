// IPv64.net, by https://ipv64.net/dyndns_updater_api and the behaviour of two other clients
#include "base/json_pointer.h"
#include "sdk/answer.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

class Ipv64 : public ValueService {
 public:
  explicit Ipv64(const Host& host)
      : host_(host), url_(host.base_url() + "/api"), token_(bearer(host.require("IPV64_API_KEY"))) {}

  std::optional<Zone> zone(const std::string& name) override {
    if (!certo::follow(domains(), certo::pointer_to("/subdomains", name))) return std::nullopt;
    return Zone{name, name};
  }

  std::vector<Held> list(const Zone& zone, const std::string& name) override {
    const std::string place = certo::pointer_to("/subdomains", zone.name) + "/records";
    std::vector<Held> found;
    if (!certo::follow(domains(), place)) return found;
    for (const Json& record : list_at(domains(), place, "the list of domains")) {
      if (text_at(record, "/type") == "TXT" && text_at(record, "/praefix") == below(name, zone.name))
        found.push_back({"", text_at(record, "/content")});
    }
    return found;
  }

  void add(const Zone& zone, const Record& record) override {
    change("POST", "add_record", zone, record.name, record.value);
  }

  void remove(const Zone& zone, const std::string& name, const Held& held) override {
    change("DELETE", "del_record", zone, name, held.value);
  }

 private:
  /// All domains with their records, in one reply.
  const Json& domains() {
    if (domains_.is_null())
      domains_ = checked(host_.raw_http({"GET", url_ + "?get_domains", {token_}})).json();
    return domains_;
  }

  void change(const char* method, const char* command, const Zone& zone, const std::string& name,
              const std::string& value) {
    const std::string form = std::string(command) + "=" + escaped(zone.name) +
                             "&praefix=" + escaped(below(name, zone.name)) +
                             "&type=TXT&content=" + escaped(value);
    checked(
        host_.raw_http({method, url_, {token_, "Content-Type: application/x-www-form-urlencoded"}, form}));
  }

  /// A success says so in its body.
  static Reply checked(Reply reply) {
    const Words words = {"/add_record", "/del_record", "/get_domains", "/info"};
    reply = accepted(std::move(reply), words);
    if (text_at(reply.json(), "/info") != "success") refuse(reply, explanation(reply, words));
    return reply;
  }

  const Host& host_;
  std::string url_, token_;
  Json domains_;
};

constexpr Work present = change_by<Ipv64, Change::add>;
constexpr Work cleanup = change_by<Ipv64, Change::remove>;

}  // namespace

CERTO_PROVIDER(.name = "ipv64", .aliases = "dns_ipv64", .title = "IPv64.net", .base_url = "https://ipv64.net",
               .settings =
                   {
                       {"IPV64_API_KEY", "IPv64_Token", "the account's API key: https://ipv64.net/account",
                        1},
                   },
               .name_servers = "ns*.ipv64.net", .source = "table")
