// Gname, by https://www.gname.com/domain/api and the behaviour of two other clients
#include <map>

#include "sdk/answer.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

constexpr size_t page_size = 1000;
constexpr int most_pages = 100;

std::string upper_hex(const certo::Bytes& bytes) {
  std::string text = certo::hex(bytes);
  for (char& c : text)
    if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

class Gname : public ValueService {
 public:
  explicit Gname(const Host& host)
      : host_(host),
        url_(host.base_url()),
        id_(host.require("GNAME_APP_ID")),
        key_(host.require("GNAME_APP_KEY")) {}

  /// There is no request for one domain, and a wrong key is a failure like any other.
  std::optional<Zone> zone(const std::string& name) override {
    const Reply reply = send("/list", page_of(name, 1));
    if (!is_success(reply)) throw Hidden{explanation(reply, {"/msg"})};
    return Zone{name, name};
  }

  std::vector<Held> list(const Zone& zone, const std::string& name) override {
    std::vector<Held> found;
    for (int page = 1; page <= most_pages; ++page) {
      const Reply reply = checked(send("/list", page_of(zone.name, page)));
      const Json::Array records = list_at(reply.json(), "/data", reply.subject);
      for (const Json& record : records) {
        if (text_at(record, "/lx") == "TXT" &&
            certo::lower(text_at(record, "/zjt")) == below(name, zone.name, "@"))
          found.push_back({text_at(record, "/id"), text_at(record, "/jxz")});
      }
      if (records.size() < page_size) return found;
    }
    throw Failure{CERTO_FAILED, zone.name + " has too many records"};
  }

  void add(const Zone& zone, const Record& record) override {
    checked(send("/add", {{"ym", zone.name},
                          {"lx", "TXT"},
                          {"zj", below(record.name, zone.name, "@")},
                          {"jlz", record.value},
                          {"mx", "0"},
                          {"ttl", std::to_string(record.ttl)}}));
  }

  void remove(const Zone& zone, const std::string&, const Held& held) override {
    checked(send("/delete", {{"ym", zone.name}, {"jxid", held.id}}));
  }

 private:
  using Form = std::map<std::string, std::string>;  // in the order that the signature wants

  static Form page_of(const std::string& zone, int page) {
    return {
        {"ym", zone}, {"lx", "TXT"}, {"limit", std::to_string(page_size)}, {"page", std::to_string(page)}};
  }

  /// The signature is over the form as it is sent, and the key.
  Reply send(const std::string& command, Form form) {
    form["appid"] = id_;
    form["gntime"] = std::to_string(host_.now().time_since_epoch().count());
    form["lang"] = "us";
    std::string body;
    for (const auto& [name, value] : form) body += (body.empty() ? "" : "&") + name + "=" + escaped(value);
    body += "&gntoken=" + upper_hex(host_.hash("md5", body + key_));
    Request request{"POST",
                    url_ + "/api/resolution" + command,
                    {"Content-Type: application/x-www-form-urlencoded"},
                    body};
    request.reads = command == "/list";
    return accepted(host_.raw_http(request), {"/msg"});
  }

  static bool is_success(const Reply& reply) { return text_at(reply.json(), "/code") == "1"; }

  static Reply checked(Reply reply) {
    if (!is_success(reply)) refuse(reply, explanation(reply, {"/msg"}));
    return reply;
  }

  const Host& host_;
  std::string url_, id_, key_;
};

constexpr Work present = change_by<Gname, Change::add>;
constexpr Work cleanup = change_by<Gname, Change::remove>;

}  // namespace

CERTO_PROVIDER(.name = "gname", .aliases = "dns_gname", .title = "Gname", .base_url = "https://api.gname.com",
               .settings =
                   {
                       {"GNAME_APP_ID", "GNAME_APPID",
                        "the APPID of the API: https://www.gname.com/domain/api", 1},
                       {"GNAME_APP_KEY", "GNAME_APPKEY", "... its APPKEY", 1},
                   },
               .source = "table")
