// united-domains Reselling, by the behaviour of another client
#include "sdk/rrlist.h"

namespace {

using namespace certo::sdk;

class Udr : public RecordLists {
 public:
  explicit Udr(const Host& host)
      : host_(host),
        url_(host.base_url() + "?s_login=" + escaped(host.require("UDR_USER")) +
             "&s_pw=" + escaped(host.require("UDR_PASS"))) {}

 private:
  std::string zone_name(const std::string& name) const override { return name; }
  std::string record_name(const Zone&, const std::string& name) const override { return name + "."; }

  Reply send(const Parameters& parameters) override {
    std::string body;
    for (const auto& [name, value] : parameters)
      body += (body.empty() ? "" : "&") + name + "=" + escaped(value);
    Request request{"POST", url_, {"Content-Type: application/x-www-form-urlencoded"}, body};
    request.reads = parameters.front().second.starts_with("Query");
    return host_.raw_http(request);
  }

  const Host& host_;
  std::string url_;
};

constexpr Work present = change_by<Udr, Change::add>;
constexpr Work cleanup = change_by<Udr, Change::remove>;

}  // namespace

CERTO_PROVIDER(.name = "udr", .aliases = "dns_udr", .title = "united-domains Reselling",
               .base_url = "https://api.domainreselling.de/api/call.cgi",
               .settings =
                   {
                       {"UDR_USER", "", "the user name: https://www.ud-reselling.com", 1},
                       {"UDR_PASS", "", "the password of this user", 1},
                   },
               .source = "table")
