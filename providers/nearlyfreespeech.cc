// NearlyFreeSpeech.NET, by https://members.nearlyfreespeech.net/wiki/API/Introduction and
// https://metacpan.org/pod/WebService::NFSN::DNS, which describes the calls
#include <algorithm>

#include "sdk/answer.h"
#include "sdk/oauth.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

class Nearlyfreespeech : public ValueService {
 public:
  explicit Nearlyfreespeech(const Host& host)
      : host_(host),
        login_(host.require("NEARLYFREESPEECH_LOGIN")),
        key_(host.require("NEARLYFREESPEECH_API_KEY")) {}

  std::optional<Zone> zone(const std::string& name) override {
    if (name.starts_with('_')) return std::nullopt;  // cannot be a domain there
    const Reply reply = call(name, "listRRs", {{"type", "TXT"}}, 404);
    if (!reply.ok()) return std::nullopt;
    list_at(reply.json(), "", reply.subject);
    return Zone{name, ""};
  }

  std::vector<Held> list(const Zone& zone, const std::string& name) override {
    const std::string own = below(name, zone.name);
    const Reply reply = call(zone.name, "listRRs", {{"name", own}, {"type", "TXT"}});
    std::vector<Held> found;
    for (const Json& record : list_at(reply.json(), "", reply.subject)) {
      if (text_at(record, "/type") == "TXT" && certo::lower(text_at(record, "/name")) == own)
        found.push_back({"", text_at(record, "/data")});
    }
    return found;
  }

  void add(const Zone& zone, const Record& record) override {
    call(zone.name, "addRR",
         {{"name", below(record.name, zone.name)},
          {"type", "TXT"},
          {"data", record.value},
          {"ttl", std::to_string(record.ttl)}});
  }

  /// A record has no id: name, type and data tell which one.
  void remove(const Zone& zone, const std::string& name, const Held& held) override {
    call(zone.name, "removeRR", {{"name", below(name, zone.name)}, {"type", "TXT"}, {"data", held.value}},
         404);
  }

 private:
  Reply call(const std::string& domain, const std::string& method, const Parameters& parameters,
             int missing = 0) {
    const std::string url = host_.base_url() + "/dns/" + escaped(domain) + "/" + method;
    const std::string path = url.substr(url.find('/', url.find("://") + 3));
    const std::string body = form(parameters), time = std::to_string(host_.now().time_since_epoch().count());
    std::string salt = host_.uuid();
    std::erase(salt, '-');
    salt.resize(16);
    const auto sha1 = [this](const std::string& text) { return certo::hex(host_.hash("sha1", text)); };
    const std::string start = login_ + ";" + time + ";" + salt + ";";
    const std::vector<std::string> headers = {
        "Content-Type: application/x-www-form-urlencoded",
        "X-NFSN-Authentication: " + start + sha1(start + key_ + ";" + path + ";" + sha1(body))};
    return accepted(host_.raw_http({"POST", url, headers, body, method == "listRRs"}), {"/debug", "/error"},
                    missing);
  }

  const Host& host_;
  std::string login_, key_;
};

constexpr Work present = change_by<Nearlyfreespeech, Change::add>;
constexpr Work cleanup = change_by<Nearlyfreespeech, Change::remove>;

}  // namespace

CERTO_PROVIDER(
        .name = "nearlyfreespeech", .aliases = "nfsn", .title = "NearlyFreeSpeech.NET",
        .base_url = "https://api.nearlyfreespeech.net",
        .settings =
            {
                {"NEARLYFREESPEECH_LOGIN", "", "the name that you log in with", 1},
                {"NEARLYFREESPEECH_API_KEY", "",
                 "the API key: https://members.nearlyfreespeech.net, 'Profile', 'Actions', 'Manage API Key'",
                 1},
            },
        .name_servers = "*.nearlyfreespeech.net")
