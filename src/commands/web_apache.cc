#include "commands/web_apache.h"

#include "webserver/owner.h"

namespace certo::commands {
namespace {

using webserver::ApacheAnswer;
using webserver::ApacheHost;

ShownPlace place_of(const ApacheHost& host) {
  return {host.place.file, int64_t{host.place.line}, webserver::text(host.place)};
}

std::vector<ShownListen> listens_of(const ApacheHost& host) {
  std::vector<ShownListen> all;
  for (const ApacheHost::At& at : host.addresses)
    all.push_back({.addresses = {at.address},
                   .range_end = {},
                   .has_tls = host.has_tls,
                   .is_quic = false,
                   .is_default = at.is_default,
                   .takes_proxy_protocol = false});
  return all;
}

}  // namespace

ShownServer shown_of(const webserver::ApacheConfig& config, const InstalledFiles& installed,
                     const store::Home& state, const std::vector<std::string>& names) {
  ShownServer shown{.kind = "apache",
                    .version = config.apache().version,
                    .process = config.apache().process,
                    .files = config.files(),
                    .hosts = {},
                    .ignored = {},
                    .asked = {}};
  for (const ApacheHost& host : config.hosts()) {
    ShownHost one{.names = host.names,
                  .place = place_of(host),
                  .listens = listens_of(host),
                  .has_tls = host.has_tls,
                  .certificates = {},
                  .care = {}};
    for (const webserver::ApachePair& pair : host.certificates)
      one.certificates.push_back(webserver::read_certificate(pair.certificate, pair.key));
    one.care = care_of(webserver::owner_of(host).name, one.certificates, installed, state);
    shown.hosts.push_back(std::move(one));
  }
  for (const webserver::ApacheIgnored& one : config.ignored())
    shown.ignored.push_back(
        {one.name, one.address, webserver::text(one.host->place), webserver::text(one.winner->place)});
  for (const std::string& name : names) {
    AskedName asked{name, {}};
    for (const ApacheAnswer& one : config.answers(name))
      asked.answers.push_back(
          {one.address, place_of(*one.host), std::string(webserver::text(one.by)), one.name});
    shown.asked.push_back(std::move(asked));
  }
  return shown;
}

}  // namespace certo::commands
