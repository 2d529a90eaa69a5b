// Joker.com's domain management (DMAPI), by https://joker.com/faq/category/39/22-dmapi.html; the blanks that
// its replies add to TXT values, and the codes of refusals:
// https://github.com/go-acme/lego/tree/master/providers/dns/joker
//
// A zone is read and written as a whole, one record per line: "label type priority target ttl …". Lines of
// others are sent back as they came.
#include <algorithm>

#include "sdk/oauth.h"
#include "sdk/provider.hpp"

namespace {

using namespace certo::sdk;

constexpr int64_t ok_code = 0, wrong_login = 2200, not_ours = 2202, no_object = 2303;

/// "Status-Code: 0\nStatus-Text: Command completed successfully\n\nbody"
struct Dmapi {
  int64_t code = -1;
  std::string text{}, session{}, body{};
};

Dmapi parsed(const Reply& reply) {
  Dmapi answer;
  size_t at = 0;
  while (at < reply.body.size()) {
    const size_t end = std::min(reply.body.find('\n', at), reply.body.size());
    const std::string line(certo::trim(reply.body.substr(at, end - at)));
    at = end + 1;
    if (line.empty()) break;
    const size_t colon = std::min(line.find(':'), line.size());
    const std::string name = line.substr(0, colon);
    const std::string value(certo::trim(line.substr(std::min(colon + 1, line.size()))));
    if (name == "Status-Code") answer.code = certo::number(value, 0, 99999).value_or(-1);
    if (name == "Status-Text") answer.text = value;
    if (name == "Auth-Sid") answer.session = value;
  }
  if (at < reply.body.size()) answer.body = reply.body.substr(at);
  if (answer.code < 0) throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a status code"};
  return answer;
}

struct JokerZone {
  std::string name;
  std::vector<std::string> lines{};
};

/// The service returns 'name TXT 0  "value " 300' for what was 'name TXT 0 "value" 300'.
std::string repaired(std::string line) {
  const size_t type = line.find(" TXT ");
  const size_t begin = line.find("  \"");
  const size_t end = line.rfind(" \"");
  if (type == line.npos || begin == line.npos || begin < type || end <= begin + 2) return line;
  return line.erase(end, 1).erase(begin, 1);
}

std::vector<std::string> lines_of(const std::string& body) {
  std::vector<std::string> lines;
  for (const std::string& line : certo::split(body, '\n')) {
    if (!certo::trim(line).empty()) lines.push_back(repaired(std::string(certo::trim(line))));
  }
  return lines;
}

class Session {
 public:
  explicit Session(const Host& host) : host_(host) {
    Parameters login;
    if (const auto key = host.setting("JOKER_API_KEY")) {
      login = {{"api-key", *key}};
    } else {
      login = {{"username", host.require("JOKER_USERNAME")}, {"password", host.require("JOKER_PASSWORD")}};
    }
    const Dmapi answer = send("login", login, true);
    if (answer.code == wrong_login || answer.code == not_ours) {
      throw Failure{CERTO_CONFIG, "the credentials are refused: " + answer.text +
                                      "; if they are those of Dynamic DNS, use --dns jokersvc"};
    }
    if (answer.code != ok_code) refuse("login", answer);
    if (answer.session.empty()) throw Failure{CERTO_UNREACHABLE, "login answered without a session"};
    id_ = answer.session;
  }
  ~Session() {
    try {
      send("logout", {{"auth-sid", id_}}, true);
    } catch (...) {  // it ends by itself after an hour
    }
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  std::optional<JokerZone> zone(const std::string& name) const {
    if (name.starts_with('_')) return std::nullopt;  // cannot be a registered domain
    const Dmapi answer = send("dns-zone-get", {{"domain", name}, {"auth-sid", id_}}, true);
    if (answer.code == not_ours || answer.code == no_object) return std::nullopt;
    if (answer.code != ok_code) refuse("dns-zone-get", answer);
    return JokerZone{name, lines_of(answer.body)};
  }

  void write(const JokerZone& zone) const {
    const Dmapi answer =
        send("dns-zone-put",
             {{"domain", zone.name}, {"zone", certo::join(zone.lines, "\n")}, {"auth-sid", id_}}, false);
    if (answer.code != ok_code) refuse("dns-zone-put", answer);
  }

 private:
  Dmapi send(const char* command, const Parameters& parameters, bool reads) const {
    const Reply reply = host_.http({.method = "POST",
                                    .url = host_.base_url() + "/" + command,
                                    .headers = {"Content-Type: application/x-www-form-urlencoded"},
                                    .body = form(parameters),
                                    .reads = reads});
    if (!reply.ok()) throw Failure{CERTO_FAILED, reply.subject + " answered " + std::to_string(reply.status)};
    return parsed(reply);
  }

  [[noreturn]] static void refuse(const char* command, const Dmapi& answer) {
    throw Failure{CERTO_FAILED,
                  std::string(command) + " answered " + std::to_string(answer.code) + ": " + answer.text};
  }

  const Host& host_;
  std::string id_;
};

/// A line that has this record, whatever its TTL is.
bool is_record(const std::string& line, const std::string& label, const std::string& value) {
  const std::vector<std::string> words = certo::split(line, ' ');
  return words.size() > 3 && certo::lower(words[0]) == label && words[1] == "TXT" &&
         line.find(" " + quoted(value)) != line.npos;
}

/// False if there is nothing to do.
bool edit(JokerZone& zone, const Record& record, Change change) {
  const std::string name = record.name;
  const std::string label = name == zone.name ? "@" : name.substr(0, name.size() - zone.name.size() - 1);
  const auto is_it = [&](const std::string& line) { return is_record(line, label, record.value); };
  if (change == Change::remove) return std::erase_if(zone.lines, is_it) > 0;
  if (std::ranges::any_of(zone.lines, is_it)) return false;
  zone.lines.push_back(label + " TXT 0 " + quoted(record.value) + " " + std::to_string(record.ttl));
  return true;
}

void change_records(const Host& host, Records records, Change change) {
  if (certo::lower(host.setting("JOKER_API_MODE").value_or("dmapi")) == "svc")
    throw Failure{CERTO_CONFIG, "JOKER_API_MODE is SVC, which is a provider of its own: use --dns jokersvc"};
  const Session session(host);
  ZoneFinder<JokerZone> zones(host, [&](const std::string& name) { return session.zone(name); });
  std::map<std::string, JokerZone> edited;
  for (const Record& record : records) {
    const JokerZone& zone = zones.find(record.name);
    const auto found = edited.find(zone.name);
    JokerZone copy = found == edited.end() ? zone : found->second;
    if (edit(copy, record, change)) edited[zone.name] = copy;
  }
  for (const auto& [name, zone] : edited) session.write(zone);
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(.name = "joker", .title = "Joker.com (DMAPI)", .base_url = "https://dmapi.joker.com/request",
               .settings =
                   {
                       {"JOKER_API_KEY", "", "an API key with full access: https://joker.com/user/apikeys",
                        1},
                       {"JOKER_USERNAME", "", "or the account's user name", 2},
                       {"JOKER_PASSWORD", "", "... with its password", 2},
                       {"JOKER_API_MODE", "", "DMAPI (default); for SVC use --dns jokersvc", 0},
                   },
               .name_servers = "?.ns.joker.com")
