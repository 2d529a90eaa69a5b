#include "commands/web_hosts.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "commands/describe.h"
#include "console/layout.h"
#include "console/output.h"
#include "console/table.h"
#include "install/targets.h"
#include "os/path.h"
#include "store/entry.h"

namespace certo::commands {

using namespace console;

namespace {

// ---- hosts for a person ----

std::vector<std::string> addresses_of(const ShownHost& host) {
  std::vector<std::string> all;
  for (const ShownListen& listen : host.listens) {
    if (listen.addresses.empty()) continue;
    std::string text = printable(listen.addresses.front());
    if (!listen.range_end.empty()) text += "-" + listen.range_end;
    if (listen.has_tls) text += " tls";
    if (listen.is_quic) text += " quic";
    if (listen.is_default) text += " default";
    all.push_back(std::move(text));
  }
  return all;
}

std::string names_text(const ShownHost& host) {
  constexpr size_t shown = 3;
  std::vector<std::string> names;
  for (const std::string& name : host.names) names.push_back(name.empty() ? "(no name)" : printable(name));
  const size_t more = names.size() > shown ? names.size() - shown : 0;
  names.resize(names.size() - more);
  return join(names, ", ") + (more > 0 ? " +" + std::to_string(more) : "");
}

std::string certificate_text(const ShownHost& host, Time now) {
  if (host.certificates.empty()) return host.has_tls ? "missing" : "-";
  // The one that ends first, of several.
  const webserver::NamedCertificate* first = nullptr;
  for (const webserver::NamedCertificate& one : host.certificates) {
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

Json addresses_json(const ShownHost& host) {
  Json list = Json::array();
  for (const ShownListen& listen : host.listens)
    for (const std::string& address : listen.addresses)
      list.push(Json(Json::Object{{"address", address},
                                  {"tls", listen.has_tls},
                                  {"quic", listen.is_quic},
                                  {"default", listen.is_default},
                                  {"proxy_protocol", listen.takes_proxy_protocol}}));
  return list;
}

/// A place outside of a file has its text instead.
void set_place(Json& json, const ShownPlace& place) {
  const bool is_in_file = !place.file.empty();
  json.set("file", is_in_file ? Json(place.file) : Json());
  json.set("line", is_in_file ? Json(place.line) : Json());
  if (!is_in_file) json.set("place", place.text);
}

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json to_json(const ShownHost& host) {
  Json certificates = Json::array();
  for (const webserver::NamedCertificate& one : host.certificates) certificates.push(to_json(one));
  Json json(Json::Object{{"names", commands::to_json(host.names)}});
  set_place(json, host.place);
  json.set("addresses", addresses_json(host))
      .set("tls", host.has_tls)
      .set("certificates", std::move(certificates))
      .set("owner", or_null(host.care.owner))
      .set("certificate_name", or_null(host.care.certificate));
  return json;
}

Json to_json(const AskedName& asked) {
  Json list = Json::array();
  for (const ShownAnswer& one : asked.answers) {
    Json json(Json::Object{{"address", one.address}});
    set_place(json, one.place);
    json.set("by", one.by).set("server_name", one.name);
    list.push(std::move(json));
  }
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

HostCare care_of(const std::string& owner, const std::vector<webserver::NamedCertificate>& certificates,
                 const InstalledFiles& installed, const store::Home& state) {
  HostCare care{.owner = owner, .certificate = {}};
  const std::string start = state.path() + "/certs/";
  for (const webserver::NamedCertificate& one : certificates) {
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

std::string title_of(const ShownServer& server) {
  std::string title = server.version.empty() ? server.kind : printable(server.version);
  title += server.process != 0 ? ", process " + std::to_string(server.process) : ", which does not run";
  const size_t hosts = server.hosts.size(), files = server.files.size();
  return title + ": " + std::to_string(hosts) + (hosts == 1 ? " virtual host, " : " virtual hosts, ") +
         printable(server.files.front()) +
         (files > 1 ? " and " + std::to_string(files - 1) + (files == 2 ? " more file" : " more files")
                    : "") +
         "\n";
}

void show_hosts(const ShownServer& server, Time now) {
  if (server.hosts.empty()) return;
  print("\n");
  print_table({.titles = {"NAMES", "PLACE", "ADDRESSES", "CERTIFICATE", "OWNER"},
               .rows = server.hosts.size(),
               .cells =
                   [&](size_t at) {
                     const ShownHost& host = server.hosts[at];
                     const std::string& owner = host.care.owner;
                     return std::vector<std::string>{
                         names_text(host), printable(host.place.text), join(addresses_of(host), ", "),
                         certificate_text(host, now), owner.empty() ? "-" : owner};
                   },
               .narrowest = 0});
}

void show_answers(const AskedName& asked) {
  print("\n" + shown(asked.name) + "\n");
  std::vector<std::vector<std::string>> rows;
  for (const ShownAnswer& one : asked.answers)
    rows.push_back({"  " + printable(one.address), printable(one.place.text),
                    one.by + (one.name.empty() ? "" : " " + printable(one.name))});
  print(columns(rows));
}

Json to_json(const ShownServer& server) {
  Json hosts = Json::array(), ignored = Json::array();
  for (const ShownHost& host : server.hosts) hosts.push(to_json(host));
  for (const ShownIgnored& one : server.ignored)
    ignored.push(Json(Json::Object{
        {"name", one.name}, {"address", one.address}, {"place", one.place}, {"winner", one.winner}}));
  Json json(Json::Object{{"server", server.kind},
                         {"version", or_null(server.version)},
                         {"process", server.process == 0 ? Json() : Json(int64_t{server.process})},
                         {"config", server.files.front()},
                         {"files", commands::to_json(server.files)},
                         {"virtual_hosts", std::move(hosts)},
                         {"ignored_names", std::move(ignored)}});
  if (server.asked.empty()) return json;
  Json list = Json::array();
  for (const AskedName& one : server.asked) list.push(to_json(one));
  json.set("asked", std::move(list));
  return json;
}

}  // namespace certo::commands
