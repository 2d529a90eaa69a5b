// certo webserver: shows what certo knows of the web servers of this machine.
// Defines webserver_command of commands/commands.h.
#include <algorithm>
#include <functional>
#include <optional>

#include "base/log.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/describe.h"
#include "commands/web_apache.h"
#include "commands/web_edits.h"
#include "commands/web_nginx.h"
#include "net/host.h"
#include "os/file.h"
#include "webserver/apache_proof.h"
#include "webserver/nginx_choice.h"
#include "webserver/nginx_proof.h"
#include "webserver/not_loaded.h"
#include "webserver/owner.h"

namespace certo::console::flag {

constexpr Option nginx_conf =
    option_of(store::row::nginx_conf)
        .with_help("read this main file of nginx (default: that of the nginx that runs)");

constexpr Option apache_conf{"--apache-conf", Value::file, "FILE",
                             "show only the Apache with this main file"};

constexpr Option patch{
    "--patch", Value::folder, "DIR",
    "print a patch with which the hosts that answer for -d serve the challenges of --webroot DIR"};

}  // namespace certo::console::flag

namespace certo::commands {
namespace {

using webserver::Apache;
using webserver::Nginx;
using webserver::VirtualHost;

// ---- which servers ----

/// The word of the command or, without one, the server that an option belongs to; "": both.
std::string wanted_kind(const Args& args) {
  const std::string word = args.words().empty() ? "" : args.words().front();
  if (!word.empty() && word != "nginx" && word != "apache")
    throw Error(Exit::usage, "certo does not read the configuration of '" + word + "'",
                "it reads those of nginx and Apache: 'certo webserver nginx' or 'certo webserver apache'");
  const bool has_nginx = args.has(flag::nginx_conf);
  const bool has_apache = args.has(flag::apache_conf);
  if ((has_nginx && has_apache) || (has_nginx && word == "apache") || (has_apache && word == "nginx"))
    throw Error(Exit::usage, "these options belong to different web servers",
                "--nginx-conf is for nginx, --apache-conf is for Apache");
  if (!word.empty()) return word;
  return has_nginx ? "nginx" : has_apache ? "apache" : "";
}

std::string path_of(const Args& args, const Option& option) {
  const auto file = args.find(option);
  return file ? absolute(*file) : "";
}

struct Servers {
  std::vector<Nginx> nginx;
  std::vector<Apache> apache;
};

/// Without a word, a server that is not there does not count unless the other one is not there either.
Servers wanted_servers(const Args& args) {
  const std::string kind = wanted_kind(args);
  Servers servers;
  std::optional<Error> missing;
  const auto attempt = [&](const char* one, auto&& find) {
    if (!kind.empty() && kind != one) return;
    try {
      find();
    } catch (const Error& error) {
      if (!kind.empty()) throw;
      if (!missing)
        missing = error;
      else
        log::verbose(error.message);
    }
  };
  attempt("nginx", [&] { servers.nginx = webserver::wanted_nginx(path_of(args, flag::nginx_conf)); });
  attempt("apache", [&] { servers.apache = webserver::wanted_apache(path_of(args, flag::apache_conf)); });
  if (servers.nginx.empty() && servers.apache.empty()) throw Error(*missing);
  return servers;
}

// ---- what is said ----

void warn_of_faults(const ShownServer& server) {
  for (const ShownIgnored& one : server.ignored)
    log::warn(one.place + ": " + (server.kind == "nginx" ? "nginx" : "Apache") + " ignores the name '" +
              one.name + "' on " + one.address + " there, because " + one.winner + " has it");
  for (const ShownHost& host : server.hosts)
    for (const webserver::NamedCertificate& one : host.certificates)
      if (!one.file.empty() && !one.leaf) log::warn(one.fault);
}

/// What a person may have meant, if no host has the name. `not_loaded`: its places in files that the server
/// does not load.
void hint_at_names(const ShownServer& server, const AskedName& asked,
                   const std::function<std::vector<std::string>()>& not_loaded) {
  const std::string_view is_default = webserver::text(webserver::By::is_default);
  const bool has_host =
      std::ranges::any_of(asked.answers, [&](const ShownAnswer& one) { return one.by != is_default; });
  if (has_host) return;
  const bool is_nginx = server.kind == "nginx";
  log::warn(asked.name + ": no " + (is_nginx ? "server block" : "virtual host of Apache") + " has this name");
  const std::vector<std::string> others = not_loaded();
  for (const std::string& place : others)
    log::hint(place + " has it, but " + (is_nginx ? "nginx" : "Apache") +
              " does not load that file; is the site not enabled?");
  if (!others.empty()) return;
  std::vector<std::string> names;
  for (const ShownHost& host : server.hosts) names.insert(names.end(), host.names.begin(), host.names.end());
  if (const auto hint = did_you_mean(asked.name, names, "'", "'")) log::hint(*hint);
}

// ---- the command ----

/// What the command shows of each server.
class HostReport {
 public:
  explicit HostReport(const Args& args)
      : is_json_(args.has(flag::json)),
        state_(home(args)),
        installed_(installed_files(state_)),
        now_(certo::now()) {
    if (!args.has(flag::domain)) return;
    for (const crypto::Identifier& one : names_in(args.all(flag::domain))) wanted_.push_back(one.value);
  }

  void add(const Nginx& nginx) {
    const WebServer server(nginx);
    const ShownServer shown = shown_of(server, installed_, state_, wanted_);
    warn_of_faults(shown);
    if (server.hosts.empty()) log::hint("is this the main file of nginx? No server block belongs to it");
    for (const std::string& one : server.selection.unread())
      log::warn(one + ": certo cannot read this regular expression, and takes it as one that does not fit");
    for (const AskedName& one : shown.asked)
      hint_at_names(shown, one, [&] { return webserver::blocks_not_loaded(server.config, one.name); });
    show(shown);
  }

  void add(const Apache& apache) {
    const webserver::ApacheConfig config(apache);
    const ShownServer shown = shown_of(config, installed_, state_, wanted_);
    warn_of_faults(shown);
    if (shown.hosts.empty())
      log::hint("Apache has no virtual host, and its main server answers for each name");
    for (const AskedName& one : shown.asked)
      hint_at_names(shown, one, [] { return std::vector<std::string>(); });
    show(shown);
  }

  /// One of several cannot be read.
  void add(const char* kind, pid_t process, const std::string& config, const Error& error) {
    log::error(error.message);
    if (!error.hint.empty()) log::hint(error.hint);
    servers_.push(Json(Json::Object{
        {"server", kind}, {"process", int64_t{process}}, {"config", config}, {"error", error.message}}));
  }

  void end() {
    if (is_json_) print_json(Json(Json::Object{{"certo", "webserver/1"}, {"servers", std::move(servers_)}}));
  }

 private:
  void show(const ShownServer& shown) {
    if (is_json_) {
      servers_.push(to_json(shown));
      return;
    }
    print((times_printed() > 0 ? "\n" : "") + title_of(shown));
    if (shown.asked.empty()) show_hosts(shown, now_);
    for (const AskedName& one : shown.asked) show_answers(one);
  }

  const bool is_json_;
  const store::Home state_;
  const InstalledFiles installed_;
  const Time now_;
  std::vector<std::string> wanted_;
  Json servers_ = Json::array();
};

// ---- a patch ----

/// The names of -d as they stand in a Host header.
std::vector<std::string> names_to_prove(const Args& args) {
  if (!args.has(flag::domain))
    throw Error(Exit::usage, "--patch needs the names", "give each with -d, as for 'certo issue'");
  std::vector<std::string> names;
  for (const crypto::Identifier& one : names_in(args.all(flag::domain))) {
    if (one.is_wildcard())
      throw Error(Exit::usage, one.value + ": a web server cannot prove a wildcard", "use --dns PROVIDER");
    names.push_back(net::bracketed(one.value));
  }
  return names;
}

/// An existing file of certo's is not made again; one with other content is an error.
webserver::Edits without_known_files(webserver::Edits edits) {
  std::erase_if(edits.files, [](const webserver::OwnFile& one) {
    if (!one.target.empty()) return os::read_link(one.path).has_value();
    const auto now = os::read_file_if(one.path);
    if (now && *now != one.content)
      throw Error(Exit::config, one.path + ": exists, and is not for this folder",
                  "use the folder that it names, or remove it");
    return now.has_value();
  });
  return edits;
}

struct PatchPlan {
  webserver::Edits edits;
  std::vector<std::string> places;         // of the hosts that answer
  std::vector<std::string> include_files;  // that the lines name
  std::string server, test;                // "nginx", and its own test
};

PatchPlan plan_for_nginx(const Nginx& nginx, const std::vector<std::string>& names,
                         const std::string& folder) {
  const WebServer server(nginx);
  webserver::Proof proof =
      webserver::plan_proof(server.config, webserver::blocks_to_prove(server.selection, names), folder);
  PatchPlan plan{.edits = std::move(proof.edits),
                 .places = {},
                 .include_files = {},
                 .server = "nginx",
                 .test = "nginx -t"};
  for (const webserver::OwnFile& one : plan.edits.files) plan.include_files.push_back(one.path);
  for (const std::string& note : proof.notes) log::say(note);
  for (const VirtualHost* host : proof.blocks) {
    webserver::require_editable(*host);
    plan.places.push_back(host->place());
  }
  return plan;
}

PatchPlan plan_for_apache(const Apache& apache, const std::vector<std::string>& names,
                          const std::string& folder) {
  const webserver::ApacheConfig config(apache);
  webserver::ApacheProof proof =
      webserver::plan_apache_proof(config, webserver::hosts_to_prove(config, names), folder);
  PatchPlan plan{.edits = std::move(proof.edits),
                 .places = {},
                 .include_files = webserver::apache_proof_files(config),
                 .server = "Apache",
                 .test = "apachectl -t"};
  for (const webserver::ApacheHost* host : proof.hosts) {
    webserver::require_editable(*host);
    plan.places.push_back(webserver::text(host->place));
  }
  for (const std::string& note : proof.notes) log::warn(note);
  return plan;
}

PatchPlan plan_for(const Servers& servers, const std::vector<std::string>& names, const std::string& folder) {
  if (servers.nginx.empty()) return plan_for_apache(webserver::only_one(servers.apache), names, folder);
  if (servers.apache.empty()) return plan_for_nginx(webserver::only_one(servers.nginx), names, folder);
  throw Error(Exit::usage, "nginx and Apache are here",
              "say which one: 'certo webserver nginx' or 'certo webserver apache'");
}

Exit show_patch(const Args& args) {
  const std::vector<std::string> names = names_to_prove(args);
  const std::string folder = absolute(args.get(flag::patch));
  const PatchPlan plan = plan_for(wanted_servers(args), names, folder);
  const std::string patch = patch_of(without_known_files(plan.edits));
  if (args.has(flag::json)) {
    print_json(Json(Json::Object{{"certo", "webserver-patch/1"},
                                 {"blocks", commands::to_json(plan.places)},
                                 {"include_file", plan.include_files.front()},
                                 {"include_files", commands::to_json(plan.include_files)},
                                 {"patch", patch}}));
    return Exit::ok;
  }
  if (patch.empty()) {
    log::say(plan.server + " has these lines already");
  } else {
    print_patch(patch);
    log::hint("apply it with 'patch -p1 -d /', test it with '" + plan.test + "', and reload " + plan.server);
  }
  log::hint("then: certo issue -d " + join(args.all(flag::domain), " -d ") + " --webroot " + folder);
  return Exit::ok;
}

Exit run(const Args& args) {
  if (args.has(flag::patch)) return show_patch(args);
  HostReport report(args);
  const Servers servers = wanted_servers(args);
  Exit code = Exit::ok;
  const auto add = [&](const char* kind, const auto& server, const std::string& config) {
    try {
      report.add(server);
    } catch (const Error& error) {
      if (servers.nginx.size() + servers.apache.size() == 1) throw;
      report.add(kind, server.process, config, error);
      code = worst(code, error.code);
    }
  };
  for (const Nginx& one : servers.nginx) add("nginx", one, one.config);
  for (const Apache& one : servers.apache) add("apache", one, one.config());
  report.end();
  return code;
}

}  // namespace

const Command webserver_command{
    .name = "webserver",
    .group = Group::other,
    .summary = "list the virtual hosts of nginx and Apache, or show which one answers",
    .word = {Value::text, "[nginx|apache]", 0, 1},
    .output = "table or JSON",
    .options = {flag::domain.with_help("show which virtual host answers for this name, on each address"),
                flag::nginx_conf, flag::apache_conf, flag::patch},
    .examples = {"certo webserver", "certo webserver -d www.example.com   # which block answers?",
                 "certo webserver -d www.example.com --patch /var/lib/acme | sudo patch -p1 -d /",
                 "certo webserver --json | jq -r '.servers[].virtual_hosts[].names[]'"},
    .description =
        R"(certo finds the nginx that runs, and reads its main file and all files that it includes, as nginx does. It asks
the Apache that runs for its virtual hosts ('httpd -t -D DUMP_VHOSTS'), and reads the files that Apache names. It
changes nothing. A virtual host is shown with its file and line, its addresses, the end of its certificate, and
who looks after it: certo, certbot, nginx-acme, mod_md, a control panel, or a program that writes the file anew
(Ansible, Puppet).

--patch prints what the server lacks to answer http-01 challenges from a folder, for 'certo issue --webroot DIR':
one line at the beginning of each virtual host that the CA could meet, on each address and after a redirect to
https, and one file that these hosts include; for Apache a second line and file at the end. It works in a host that
redirects or denies everything. 'patch -R' removes it again.

A warning names each name that the server ignores because an earlier virtual host of the same address has it.)",
    .run = run,
};

}  // namespace certo::commands
