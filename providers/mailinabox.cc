// Mail-in-a-Box, by https://mailinabox.email/api-docs.html#tag/DNS: a custom record is added and removed by
// its value, which is the body of the request.
#include <algorithm>

#include "sdk/provider.hpp"

namespace {

using certo::Fields;
using certo::Json;
using namespace certo::sdk;

class Box {
 public:
  explicit Box(const Host& host) : host_(host), url_(url_of(host)) {
    header_ = basic(host, host.require("MAILINABOX_EMAIL"), host.require("MAILINABOX_PASSWORD"));
  }

  std::vector<std::string> values(const std::string& name) const {
    const Reply reply = send("GET", name, "");
    const Json json = reply.json();
    if (!json.is_array()) throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a list"};
    std::vector<std::string> found;
    for (const Json& entry : json.items()) {
      const Fields record(entry, reply.subject, certo::Exit::failed);
      if (certo::lower(record.string("qname")) == name && record.string("rtype") == "TXT")
        found.push_back(record.string("value"));
    }
    return found;
  }

  void change(const char* method, const std::string& name, const std::string& value) const {
    send(method, name, value);
  }

 private:
  /// With or without https:// before it.
  static std::string url_of(const Host& host) {
    const std::string url = host.base_url();
    return (url.find("://") == url.npos ? "https://" + url : url) + "/admin/dns/custom/";
  }

  Reply send(const char* method, const std::string& name, const std::string& body) const {
    Request request{method, url_ + escaped(name) + "/txt", {header_}, body};
    if (!body.empty()) request.headers.emplace_back("Content-Type: text/plain");
    Reply reply = host_.raw_http(request);
    const std::string line(certo::trim(reply.body.substr(0, reply.body.find('\n'))));
    const std::string words = line.starts_with('<') ? "" : line.substr(0, 200);
    if (!reply.ok()) {
      throw_if_refused(reply, words);
      throw Failure{CERTO_FAILED, reply.subject + " answered " + std::to_string(reply.status) +
                                      (words.empty() ? "" : ": " + words)};
    }
    return reply;
  }

  const Host& host_;
  std::string url_, header_;
};

void change_records(const Host& host, Records records, Change change) {
  const Box box(host);
  for (const auto& [name, values] : by_name(records)) {
    const std::vector<std::string> held = box.values(name);
    for (const std::string& value : merged({}, values, Change::add)) {
      const bool is_there = std::ranges::count(held, value) > 0;
      if (change == Change::add && !is_there) box.change("POST", name, value);
      if (change == Change::remove && is_there) box.change("DELETE", name, value);
    }
  }
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(.name = "mailinabox", .aliases = "dns_miab", .title = "Mail-in-a-Box",
               .settings =
                   {
                       {"MAILINABOX_BASE_URL", "MIAB_Server", "the box, like https://box.example.com", 1},
                       {"MAILINABOX_EMAIL", "MIAB_Username", "the e-mail address of an administrator", 1},
                       {"MAILINABOX_PASSWORD", "MIAB_Password", "... the password", 1},
                   },
               .rights = "administrator without two-factor authentication")
