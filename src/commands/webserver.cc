// certo webserver: shows what certo knows of the web servers of this machine.
// Defines webserver_command of commands/commands.h.
#include <algorithm>
#include <map>

#include "base/log.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/describe.h"
#include "console/layout.h"
#include "console/table.h"
#include "install/targets.h"
#include "os/path.h"
#include "os/terminal.h"
#include "store/entry.h"
#include "webserver/nginx_running.h"
#include "webserver/owner.h"
#include "webserver/presented.h"

namespace certo::console::flag {

constexpr Option nginx_conf{"--nginx-conf", Value::file, "FILE",
                            "read this main file of nginx (default: that of the nginx that runs)"};

}  // namespace certo::console::flag

namespace certo::commands {
namespace {

using webserver::Answer;
using webserver::Nginx;
using webserver::VirtualHost;

/// One nginx with its configuration.
struct Server {
  Nginx nginx;
  webserver::NginxConfig config;
  std::vector<VirtualHost> hosts;
  webserver::Selection selection;

  explicit Server(Nginx found)
      : nginx(std::move(found)),
        config(nginx.config),
        hosts(webserver::virtual_hosts(config, webserver::host_name(), nginx.is_root)),
        selection(hosts) {}
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
};

// ---- which servers ----

Error none_found(const webserver::Search& search) {
  const auto contained = search.contained.size(), foreign = search.foreign.size();
  if (contained > 0)
    return Error(Exit::usage,
                 "nginx (process " + std::to_string(search.contained.front()) +
                     ") runs in a container or chroot, and its files are not those that certo sees",
                 "run certo in there, or prove names with --webroot and a folder that both see");
  if (foreign > 0)
    return Error(Exit::not_permitted,
                 "nginx (process " + std::to_string(search.foreign.front()) + ") belongs to another user",
                 "run certo as that user");
  return Error(Exit::config, "nginx does not run here, and there is no nginx on PATH",
               "name its main file: certo webserver nginx --nginx-conf FILE");
}

/// Of a file that was named, the nginx that uses it, if one does.
std::vector<Nginx> with_config(webserver::Search search, const std::string& file) {
  for (Nginx& nginx : search.found)
    if (nginx.config == file && nginx.process != 0) return {std::move(nginx)};
  Nginx nginx;
  nginx.config = file;
  nginx.is_root = os::is_root();
  return {std::move(nginx)};
}

std::vector<Nginx> wanted_servers(const Args& args) {
  webserver::Search search = webserver::find_nginx();
  for (const pid_t process : search.contained)
    if (!search.found.empty())
      log::say("nginx (process " + std::to_string(process) +
               ") runs in a container or chroot, and is not shown");
  if (const auto file = args.find(flag::nginx_conf)) return with_config(std::move(search), absolute(*file));
  const bool runs = std::ranges::any_of(search.found, [](const Nginx& one) { return one.process != 0; });
  if (search.found.empty() || (!runs && !search.contained.empty())) throw none_found(search);
  return std::move(search.found);
}

// ---- whose ----

/// The files that certo installs, with the certificate's name in the store.
using Installed = std::map<std::string, std::string>;

Installed installed_files(const store::Home& state) {
  Installed files;
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

/// Who looks after a host, and after which certificate of certo's store.
struct Care {
  std::string owner, certificate;
};

Care care_of(const VirtualHost& host, const std::vector<webserver::NamedCertificate>& certificates,
             const Installed& installed, const std::string& store_folder) {
  Care care;
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

struct Shown {
  std::vector<webserver::NamedCertificate> certificates;
  Care care;
};

std::vector<std::string> addresses_of(const VirtualHost& host) {
  std::vector<std::string> all;
  for (const webserver::Listen& listen : host.listens) {
    if (listen.addresses.empty()) continue;
    std::string text = listen.addresses.front().text;
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

std::string certificate_text(const VirtualHost& host, const Shown& shown, Time now) {
  if (shown.certificates.empty()) return host.has_tls ? "missing" : "-";
  // Of several, the one that ends first.
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

std::string title_of(const Server& server) {
  const Nginx& nginx = server.nginx;
  std::string title = nginx.build.version.empty() ? "nginx" : printable(nginx.build.version);
  title += nginx.process != 0 ? ", process " + std::to_string(nginx.process) : ", which does not run";
  const size_t hosts = server.hosts.size(), files = server.config.files().size();
  return title + ": " + std::to_string(hosts) + (hosts == 1 ? " virtual host, " : " virtual hosts, ") +
         printable(nginx.config) + (files > 1 ? " and " + std::to_string(files - 1) + " more files" : "") +
         "\n";
}

void show_hosts(const Server& server, const std::vector<Shown>& shown, Time now) {
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

void warn_of_faults(const Server& server, const std::vector<Shown>& shown) {
  for (const webserver::Ignored& one : server.selection.ignored())
    log::warn(one.host->place() + ": nginx ignores the name '" + one.name + "' on " + one.address.text +
              " there, because " + one.winner->place() + " has it");
  for (const Shown& host : shown)
    for (const webserver::NamedCertificate& one : host.certificates)
      if (!one.file.empty() && !one.leaf) log::warn(one.fault);
}

// ---- who answers ----

struct Asked {
  std::string name;
  std::vector<Answer> answers;
};

void show_answers(const Asked& asked) {
  print("\n" + shown(asked.name) + "\n");
  std::vector<std::vector<std::string>> rows;
  for (const Answer& one : asked.answers)
    rows.push_back(
        {"  " + printable(one.address.text), printable(one.host->place()),
         std::string(webserver::text(one.by)) + (one.name.empty() ? "" : " " + printable(one.name))});
  print(columns(rows));
}

/// What a person may have meant, if no block has the name.
void hint_at_names(const Server& server, const Asked& asked) {
  const bool has_block = std::ranges::any_of(
      asked.answers, [](const Answer& one) { return one.by != webserver::By::is_default; });
  if (has_block) return;
  std::vector<std::string> names;
  for (const VirtualHost& host : server.hosts)
    names.insert(names.end(), host.names.begin(), host.names.end());
  log::warn(asked.name + ": no server block has this name");
  if (const auto hint = did_you_mean(asked.name, names, "'", "'")) log::hint(*hint);
}

// ---- JSON ----

Json to_json(const webserver::NamedCertificate& one) {
  Json json = Json::object();
  json.set("file", one.file.empty() ? Json() : Json(printable(one.file)));
  json.set("key_file", one.key_file.empty() ? Json() : Json(printable(one.key_file)));
  json.set("not_after", one.leaf ? Json(rfc3339(one.leaf->not_after)) : Json());
  if (one.leaf)
    json.set("serial", one.leaf->serial_hex()).set("names", commands::to_json(values(one.leaf->identifiers)));
  if (!one.fault.empty()) json.set("fault", printable(one.fault));
  return json;
}

Json addresses_json(const VirtualHost& host) {
  Json list = Json::array();
  for (const webserver::Listen& listen : host.listens)
    for (const webserver::Address& address : listen.addresses)
      list.push(Json(Json::Object{{"address", printable(address.text)},
                                  {"tls", listen.has_tls},
                                  {"quic", listen.is_quic},
                                  {"default", listen.is_default},
                                  {"proxy_protocol", listen.takes_proxy_protocol}}));
  return list;
}

Json printable_list(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& one : texts) list.push(printable(one));
  return list;
}

Json to_json(const VirtualHost& host, const Shown& shown) {
  Json certificates = Json::array();
  for (const webserver::NamedCertificate& one : shown.certificates) certificates.push(to_json(one));
  const webserver::Found& block = host.block;
  return Json(Json::Object{
      {"names", printable_list(host.names)},
      {"file", printable(block.file->path())},
      {"line", int64_t{block.directive->line}},
      {"addresses", addresses_json(host)},
      {"tls", host.has_tls},
      {"certificates", std::move(certificates)},
      {"owner", shown.care.owner.empty() ? Json() : Json(shown.care.owner)},
      {"certificate_name", shown.care.certificate.empty() ? Json() : Json(shown.care.certificate)}});
}

Json to_json(const Asked& asked) {
  Json list = Json::array();
  for (const Answer& one : asked.answers)
    list.push(Json(Json::Object{{"address", printable(one.address.text)},
                                {"file", printable(one.host->block.file->path())},
                                {"line", int64_t{one.host->block.directive->line}},
                                {"by", webserver::text(one.by)},
                                {"server_name", printable(one.name)}}));
  return Json(Json::Object{{"name", asked.name}, {"answers", std::move(list)}});
}

Json to_json(const Server& server, const std::vector<Shown>& shown, const std::vector<Asked>& asked) {
  Json files = Json::array(), hosts = Json::array(), ignored = Json::array();
  for (const auto& file : server.config.files()) files.push(printable(file->path()));
  for (size_t i = 0; i < server.hosts.size(); ++i) hosts.push(to_json(server.hosts[i], shown[i]));
  for (const webserver::Ignored& one : server.selection.ignored())
    ignored.push(Json(Json::Object{{"name", printable(one.name)},
                                   {"address", printable(one.address.text)},
                                   {"place", printable(one.host->place())},
                                   {"winner", printable(one.winner->place())}}));
  const Nginx& nginx = server.nginx;
  Json json(
      Json::Object{{"server", "nginx"},
                   {"version", nginx.build.version.empty() ? Json() : Json(printable(nginx.build.version))},
                   {"process", nginx.process == 0 ? Json() : Json(int64_t{nginx.process})},
                   {"config", printable(nginx.config)},
                   {"files", std::move(files)},
                   {"virtual_hosts", std::move(hosts)},
                   {"ignored_names", std::move(ignored)}});
  if (!asked.empty()) {
    Json list = Json::array();
    for (const Asked& one : asked) list.push(to_json(one));
    json.set("asked", std::move(list));
  }
  return json;
}

// ---- the command ----

void refuse_other_servers(const Args& args) {
  if (args.words().empty() || args.words().front() == "nginx") return;
  const std::string& word = args.words().front();
  throw Error(Exit::usage, "certo does not read the configuration of '" + word + "'",
              "it reads that of nginx");
}

Exit run(const Args& args) {
  refuse_other_servers(args);
  std::vector<crypto::Identifier> wanted;
  if (args.has(flag::domain)) wanted = names_in(args.all(flag::domain));
  const store::Home state = home(args);
  const Installed installed = installed_files(state);
  const Time now = certo::now();
  Json servers = Json::array();
  for (const Nginx& nginx : wanted_servers(args)) {
    const Server server(nginx);
    std::vector<Shown> shown(server.hosts.size());
    for (size_t i = 0; i < shown.size(); ++i) {
      for (const webserver::CertificateLines& lines : server.hosts[i].certificates)
        shown[i].certificates.push_back(webserver::read_certificate(lines, os::folder_of(nginx.config)));
      shown[i].care = care_of(server.hosts[i], shown[i].certificates, installed, state.path());
    }
    std::vector<Asked> asked;
    for (const crypto::Identifier& one : wanted)
      asked.push_back({one.value, server.selection.answers(one.value)});
    warn_of_faults(server, shown);
    for (const std::string& one : server.selection.unread())
      log::warn(one + ": certo cannot read this regular expression, and takes it as one that does not fit");
    for (const Asked& one : asked) hint_at_names(server, one);
    if (args.has(flag::json)) {
      servers.push(to_json(server, shown, asked));
      continue;
    }
    print((console::has_printed() ? "\n" : "") + title_of(server));
    if (asked.empty()) show_hosts(server, shown, now);
    for (const Asked& one : asked) show_answers(one);
  }
  if (args.has(flag::json))
    print_json(Json(Json::Object{{"certo", "webserver/1"}, {"servers", std::move(servers)}}));
  return Exit::ok;
}

}  // namespace

const Command webserver_command{
    .name = "webserver",
    .group = Group::other,
    .summary = "list the virtual hosts of nginx, or show which of them answers for a name",
    .word = {Value::text, "[nginx]", 0, 1},
    .output = "table or JSON",
    .options = {flag::domain.with_help("show which server block answers for this name, on each address"),
                flag::nginx_conf},
    .examples = {"certo webserver", "certo webserver -d www.example.com   # which block answers?",
                 "certo webserver nginx --nginx-conf /etc/nginx/nginx.conf",
                 "certo webserver --json | jq -r '.servers[].virtual_hosts[].names[]'"},
    .description =
        R"(certo finds the nginx that runs, and reads its main file and all files that it includes, as nginx does. It
changes nothing. A virtual host is shown with the file and line of its server block, its addresses, the end of
its certificate, and who looks after it: certo, certbot, nginx-acme, a control panel, or a program that writes
the file anew (Ansible, Puppet).

A warning names each server_name that nginx ignores because an earlier block of the same address has it.)",
    .run = run,
};

}  // namespace certo::commands
