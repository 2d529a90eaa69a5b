#include "commands/ct.h"

#include <set>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "base/version.h"
#include "crypto/certificate.h"
#include "net/http.h"
#include "os/file.h"
#include "status/ct.h"
#include "status/judge.h"
#include "store/entry.h"

namespace certo::commands {
namespace {

constexpr const char* usual_service = "https://crt.sh/?q={name}&output=json&exclude=expired&deduplicate=Y";
constexpr std::string_view placeholder = "{name}";

net::Url url_for(const std::string& service, const std::string& name) {
  std::string text = service;
  const size_t at = text.find(placeholder);
  if (at == text.npos)
    throw Error(Exit::usage, "--ct-url: there is no {name} in it", std::string("like ") + usual_service);
  text.replace(at, placeholder.size(), name);
  return net::parse_url(text, "--ct-url", Exit::usage);
}

/// The serial numbers of all versions in the store.
std::set<std::string> own_serials(const store::Home& home) {
  std::set<std::string> serials;
  for (const std::string& name : store::folders(home)) {
    const store::Entry entry(home, name);
    for (const std::string& version : entry.versions()) {
      const std::string path = entry.folder() + "/" + version + "/cert.pem";
      try {
        if (const auto text = os::read_file_if(path))
          serials.insert(
              status::plain_serial(crypto::parse_chain(*text, path, Exit::bad_input).front().serial_hex()));
      } catch (const Error& error) {
        log::verbose(error.message);
      }
    }
  }
  return serials;
}

std::vector<status::LoggedCertificate> ask(net::Http& http, const net::Url& url) {
  constexpr size_t longest = size_t{32} << 20;
  net::HttpRequest request{.url = url, .body_limit = longest};
  const net::HttpReply reply = http.send(std::move(request)).get();
  if (reply.status != 200)
    throw Error(Exit::unreachable,
                url.host + ": it answers with HTTP status " + std::to_string(reply.status));
  return status::parse_ct_reply(reply.body, url.host);
}

}  // namespace

void ask_ct(const Args& args, const store::Home& home, status::Overview& overview) {
  const std::string service = args.get(flag::ct_url, usual_service);
  const std::string host = url_for(service, "example.com").host;
  const std::vector<std::string> names = status::names_for_ct(overview.rows);
  if (names.empty()) return log::say("there is no name to ask " + host + " for");
  log::say("asking " + host + " for " + join(names, ", "));
  const std::set<std::string> ours = own_serials(home);
  net::Http http({.ca_bundle = args.get(flag::ca_bundle),
                  .ip_version = 0,
                  .user_agent = std::string("certo/") + version()});
  // One after the other: these services are free, and slow.
  for (const std::string& name : names) {
    const log::Waiting live("asking " + host + " for " + name);
    try {
      add_unknown(overview, ask(http, url_for(service, name)), names, ours);
    } catch (const Error& error) {
      add(overview.findings, overview.level,
          {status::Kind::unreachable, status::Level::warn,
           "certificates of " + name + " could not be searched: " + error.message,
           "try again later, or ask another service with --ct-url"});
    }
  }
}

}  // namespace certo::commands
