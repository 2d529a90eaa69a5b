#include "commands/web_nginx.h"

#include "os/path.h"
#include "webserver/owner.h"

namespace certo::commands {
namespace {

using webserver::Answer;
using webserver::VirtualHost;

ShownPlace place_of(const VirtualHost& host) {
  return {host.block.file->path(), int64_t{host.block.directive->line}, host.place()};
}

std::vector<ShownListen> listens_of(const VirtualHost& host) {
  std::vector<ShownListen> all;
  for (const webserver::Listen& listen : host.listens) {
    ShownListen shown{.addresses = {},
                      .range_end = {},
                      .has_tls = listen.has_tls,
                      .is_quic = listen.is_quic,
                      .is_default = listen.is_default,
                      .takes_proxy_protocol = listen.takes_proxy_protocol};
    for (const webserver::Address& address : listen.addresses) shown.addresses.push_back(address.text);
    if (listen.addresses.size() > 1) shown.range_end = std::to_string(listen.addresses.back().port);
    all.push_back(std::move(shown));
  }
  return all;
}

}  // namespace

ShownServer shown_of(const WebServer& server, const InstalledFiles& installed, const store::Home& state,
                     const std::vector<std::string>& names) {
  ShownServer shown{.kind = "nginx",
                    .version = server.nginx.build.version,
                    .process = server.nginx.process,
                    .files = {},
                    .hosts = {},
                    .ignored = {},
                    .asked = {}};
  for (const auto& file : server.config.files()) shown.files.push_back(file->path());
  for (const VirtualHost& host : server.hosts) {
    ShownHost one{.names = host.names,
                  .place = place_of(host),
                  .listens = listens_of(host),
                  .has_tls = host.has_tls,
                  .certificates = {},
                  .care = {}};
    for (const webserver::CertificateLines& lines : host.certificates)
      one.certificates.push_back(webserver::read_certificate(lines, os::folder_of(server.nginx.config)));
    one.care = care_of(webserver::owner_of(host).name, one.certificates, installed, state);
    shown.hosts.push_back(std::move(one));
  }
  for (const webserver::Ignored& one : server.selection.ignored())
    shown.ignored.push_back({one.name, one.address.text, one.host->place(), one.winner->place()});
  for (const std::string& name : names) {
    AskedName asked{name, {}};
    for (const Answer& one : server.selection.answers(name))
      asked.answers.push_back(
          {one.address.text, place_of(*one.host), std::string(webserver::text(one.by)), one.name});
    shown.asked.push_back(std::move(asked));
  }
  return shown;
}

}  // namespace certo::commands
