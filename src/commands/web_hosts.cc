#include "commands/web_hosts.h"

#include "base/log.h"
#include "base/text.h"
#include "commands/describe.h"
#include "console/layout.h"
#include "console/output.h"
#include "console/table.h"
#include "install/targets.h"
#include "os/path.h"
#include "store/entry.h"
#include "webserver/owner.h"

namespace certo::commands {

using namespace console;

namespace {

using webserver::Answer;
using webserver::Nginx;
using webserver::VirtualHost;

// ---- whose ----

HostCare care_of(const VirtualHost& host, const std::vector<webserver::NamedCertificate>& certificates,
                 const InstalledFiles& installed, const std::string& store_folder) {
  HostCare care;
  care.owner = webserver::owner_of(host).name;
  for (const webserver::NamedCertificate& one : certificates) {
    const std::string start = store_folder + "/certs/";
    if (one.file.starts_with(start)) {
      care.certificate = one.file.substr(start.size(), one.file.find('/', start.size()) - start.size());
    } else {
      for (const std::string& path : {one.file, os::folder_of(one.file)})
        if (const auto found = installed.find(path); found != installed.end())
          care.certificate = found->second;
    }
  }
  if (care.owner.empty() && !care.certificate.empty()) care.owner = "certo";
  return care;
}

// ---- hosts for a person ----

std::vector<std::string> addresses_of(const VirtualHost& host) {
  std::vector<std::string> all;
  for (const webserver::Listen& listen : host.listens) {
    if (listen.addresses.empty()) continue;
    std::string text = printable(listen.addresses.front().text);
    if (listen.addresses.size() > 1) text += "-" + std::to_string(listen.addresses.back().port);
    if (listen.has_tls) text += " tls";
    if (listen.is_quic) text += " quic";
    if (listen.is_default) text += " default";
    all.push_back(std::move(text));
  }
  return all;
}

std::string names_text(const VirtualHost& host) {
  constexpr size_t shown = 3;
  std::vector<std::string> names;
  for (const std::string& name : host.names) names.push_back(name.empty() ? "(no name)" : printable(name));
  const size_t more = names.size() > shown ? names.size() - shown : 0;
  names.resize(names.size() - more);
  return join(names, ", ") + (more > 0 ? " +" + std::to_string(more) : "");
}

std::string certificate_text(const VirtualHost& host, const ShownHost& shown, Time now) {
  if (shown.certificates.empty()) return host.has_tls ? "missing" : "-";
  // The one that ends first, of several.
  const webserver::NamedCertificate* first = nullptr;
  for (const webserver::NamedCertificate& one : shown.certificates) {
    if (one.file.empty()) continue;
    if (!one.leaf) return "unreadable";
    if (!first || one.leaf->not_after < first->leaf->not_after) first = &one;
  }
  if (!first) return "from a variable";
  const long long seconds = (first->leaf->not_after - now).count();
  return seconds < 0 ? "expired " + spoken_duration(-seconds) + " ago"
                     : "ends in " + spoken_duration(seconds);
}

// ---- JSON ----

Json to_json(const webserver::NamedCertificate& one) {
  Json json = Json::object();
  json.set("file", one.file.empty() ? Json() : Json(one.file));
  json.set("key_file", one.key_file.empty() ? Json() : Json(one.key_file));
  json.set("not_after", one.leaf ? Json(rfc3339(one.leaf->not_after)) : Json());
  if (one.leaf)
    json.set("serial", one.leaf->serial_hex()).set("names", commands::to_json(values(one.leaf->identifiers)));
  if (!one.fault.empty()) json.set("fault", one.fault);
  return json;
}

Json addresses_json(const VirtualHost& host) {
  Json list = Json::array();
  for (const webserver::Listen& listen : host.listens)
    for (const webserver::Address& address : listen.addresses)
      list.push(Json(Json::Object{{"address", address.text},
                                  {"tls", listen.has_tls},
                                  {"quic", listen.is_quic},
                                  {"default", listen.is_default},
                                  {"proxy_protocol", listen.takes_proxy_protocol}}));
  return list;
}

Json to_json(const VirtualHost& host, const ShownHost& shown) {
  Json certificates = Json::array();
  for (const webserver::NamedCertificate& one : shown.certificates) certificates.push(to_json(one));
  const webserver::Found& block = host.block;
  return Json(Json::Object{
      {"names", commands::to_json(host.names)},
      {"file", block.file->path()},
      {"line", int64_t{block.directive->line}},
      {"addresses", addresses_json(host)},
      {"tls", host.has_tls},
      {"certificates", std::move(certificates)},
      {"owner", shown.care.owner.empty() ? Json() : Json(shown.care.owner)},
      {"certificate_name", shown.care.certificate.empty() ? Json() : Json(shown.care.certificate)}});
}

Json to_json(const AskedName& asked) {
  Json list = Json::array();
  for (const Answer& one : asked.answers)
    list.push(Json(Json::Object{{"address", one.address.text},
                                {"file", one.host->block.file->path()},
                                {"line", int64_t{one.host->block.directive->line}},
                                {"by", webserver::text(one.by)},
                                {"server_name", one.name}}));
  return Json(Json::Object{{"name", asked.name}, {"answers", std::move(list)}});
}

}  // namespace

InstalledFiles installed_files(const store::Home& state) {
  InstalledFiles files;
  for (const std::string& name : store::entries(state)) {
    try {
      for (const install::Installation& one : install::installations(store::Entry(state, name)))
        for (const install::Target& target : one.targets) files.emplace(target.path, name);
    } catch (const Error& error) {
      log::verbose(error.message);
    }
  }
  return files;
}

std::vector<ShownHost> shown_of(const WebServer& server, const InstalledFiles& installed,
                                const store::Home& state) {
  std::vector<ShownHost> all(server.hosts.size());
  for (size_t i = 0; i < all.size(); ++i) {
    for (const webserver::CertificateLines& lines : server.hosts[i].certificates)
      all[i].certificates.push_back(webserver::read_certificate(lines, os::folder_of(server.nginx.config)));
    all[i].care = care_of(server.hosts[i], all[i].certificates, installed, state.path());
  }
  return all;
}

std::string title_of(const WebServer& server) {
  const Nginx& nginx = server.nginx;
  std::string title = nginx.build.version.empty() ? "nginx" : printable(nginx.build.version);
  title += nginx.process != 0 ? ", process " + std::to_string(nginx.process) : ", which does not run";
  const size_t hosts = server.hosts.size(), files = server.config.files().size();
  return title + ": " + std::to_string(hosts) + (hosts == 1 ? " virtual host, " : " virtual hosts, ") +
         printable(nginx.config) +
         (files > 1 ? " and " + std::to_string(files - 1) + (files == 2 ? " more file" : " more files")
                    : "") +
         "\n";
}

void show_hosts(const WebServer& server, const std::vector<ShownHost>& shown, Time now) {
  if (server.hosts.empty()) return;
  print("\n");
  print_table({.titles = {"NAMES", "PLACE", "ADDRESSES", "CERTIFICATE", "OWNER"},
               .rows = server.hosts.size(),
               .cells =
                   [&](size_t at) {
                     const VirtualHost& host = server.hosts[at];
                     const std::string& owner = shown[at].care.owner;
                     return std::vector<std::string>{
                         names_text(host), printable(host.place()), join(addresses_of(host), ", "),
                         certificate_text(host, shown[at], now), owner.empty() ? "-" : owner};
                   },
               .narrowest = 0});
}

void show_answers(const AskedName& asked) {
  print("\n" + shown(asked.name) + "\n");
  std::vector<std::vector<std::string>> rows;
  for (const Answer& one : asked.answers)
    rows.push_back(
        {"  " + printable(one.address.text), printable(one.host->place()),
         std::string(webserver::text(one.by)) + (one.name.empty() ? "" : " " + printable(one.name))});
  print(columns(rows));
}

Json to_json(const WebServer& server, const std::vector<ShownHost>& shown,
             const std::vector<AskedName>& asked) {
  Json files = Json::array(), hosts = Json::array(), ignored = Json::array();
  for (const auto& file : server.config.files()) files.push(file->path());
  for (size_t i = 0; i < server.hosts.size(); ++i) hosts.push(to_json(server.hosts[i], shown[i]));
  for (const webserver::Ignored& one : server.selection.ignored())
    ignored.push(Json(Json::Object{{"name", one.name},
                                   {"address", one.address.text},
                                   {"place", one.host->place()},
                                   {"winner", one.winner->place()}}));
  const Nginx& nginx = server.nginx;
  Json json(Json::Object{{"server", "nginx"},
                         {"version", nginx.build.version.empty() ? Json() : Json(nginx.build.version)},
                         {"process", nginx.process == 0 ? Json() : Json(int64_t{nginx.process})},
                         {"config", nginx.config},
                         {"files", std::move(files)},
                         {"virtual_hosts", std::move(hosts)},
                         {"ignored_names", std::move(ignored)}});
  if (!asked.empty()) {
    Json list = Json::array();
    for (const AskedName& one : asked) list.push(to_json(one));
    json.set("asked", std::move(list));
  }
  return json;
}

}  // namespace certo::commands
