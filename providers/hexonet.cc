// HEXONET (ISPAPI), by https://wiki.hexonet.net/wiki/API and the behaviour of another client
#include "sdk/answer.h"
#include "sdk/rrlist.h"

namespace {

using namespace certo::sdk;

class Hexonet : public RecordLists {
 public:
  explicit Hexonet(const Host& host)
      : host_(host), login_(host.require("HEXONET_LOGIN")), password_(host.require("HEXONET_PASSWORD")) {}

 private:
  std::string zone_name(const std::string& name) const override { return name + "."; }

  std::string record_name(const Zone& zone, const std::string& name) const override {
    return below(name, zone.name, "@");
  }

  Reply send(const Parameters& parameters) override {
    std::string url = host_.base_url() + "?s_login=" + escaped(login_) + "&s_pw=" + escaped(password_);
    for (const auto& [name, value] : parameters) url += "&" + name + "=" + escaped(value);
    return host_.raw_http({"GET", url});
  }

  const Host& host_;
  std::string login_, password_;
};

constexpr Work present = change_by<Hexonet, Change::add>;
constexpr Work cleanup = change_by<Hexonet, Change::remove>;

}  // namespace

CERTO_PROVIDER(.name = "hexonet", .aliases = "dns_hexonet", .title = "HEXONET",
               .base_url = "https://coreapi.1api.net/api/call.cgi", .traits = CERTO_CHANGES_BY_GET,
               .settings =
                   {
                       {"HEXONET_LOGIN", "Hexonet_Login",
                        "the login, best of a role of the user (user!role): https://www.hexonet.net", 1},
                       {"HEXONET_PASSWORD", "Hexonet_Password", "the password of this role", 1},
                   },
               .rights = "a role that may use QueryDNSZoneRRList and UpdateDNSZone", .source = "table")
