// certo webserver: shows what certo knows of the web servers of this machine.
// Defines webserver_command of commands/commands.h.
#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/web_edits.h"
#include "commands/web_hosts.h"
#include "os/file.h"
#include "webserver/nginx_choice.h"
#include "webserver/nginx_proof.h"
#include "webserver/not_loaded.h"
#include "webserver/owner.h"

namespace certo::console::flag {

constexpr Option nginx_conf =
    option_of(store::row::nginx_conf)
        .with_help("read this main file of nginx (default: that of the nginx that runs)");

constexpr Option patch{
    "--patch", Value::folder, "DIR",
    "print a patch with which the blocks that answer for -d serve the challenges of --webroot DIR"};

}  // namespace certo::console::flag

namespace certo::commands {
namespace {

using webserver::Answer;
using webserver::Nginx;
using webserver::VirtualHost;

std::vector<Nginx> wanted_servers(const Args& args) {
  const auto file = args.find(flag::nginx_conf);
  return webserver::wanted_nginx(file ? absolute(*file) : "");
}

// ---- what is said ----

void warn_of_faults(const WebServer& server, const std::vector<ShownHost>& shown) {
  for (const webserver::Ignored& one : server.selection.ignored())
    log::warn(one.host->place() + ": nginx ignores the name '" + one.name + "' on " + one.address.text +
              " there, because " + one.winner->place() + " has it");
  for (const ShownHost& host : shown)
    for (const webserver::NamedCertificate& one : host.certificates)
      if (!one.file.empty() && !one.leaf) log::warn(one.fault);
}

/// What a person may have meant, if no block has the name.
void hint_at_names(const WebServer& server, const AskedName& asked) {
  const bool has_block = std::ranges::any_of(
      asked.answers, [](const Answer& one) { return one.by != webserver::By::is_default; });
  if (has_block) return;
  std::vector<std::string> names;
  for (const VirtualHost& host : server.hosts)
    names.insert(names.end(), host.names.begin(), host.names.end());
  log::warn(asked.name + ": no server block has this name");
  const std::vector<std::string> others = webserver::blocks_not_loaded(server.config, asked.name);
  for (const std::string& place : others)
    log::hint(place + " has it, but nginx does not load that file; is the site not enabled?");
  if (!others.empty()) return;
  if (const auto hint = did_you_mean(asked.name, names, "'", "'")) log::hint(*hint);
}

// ---- the command ----

void refuse_other_servers(const Args& args) {
  if (args.words().empty() || args.words().front() == "nginx") return;
  const std::string& word = args.words().front();
  throw Error(Exit::usage, "certo does not read the configuration of '" + word + "'",
              "it reads that of nginx");
}

/// What the command shows of each server.
class HostReport {
 public:
  explicit HostReport(const Args& args)
      : is_json_(args.has(flag::json)),
        state_(home(args)),
        installed_(installed_files(state_)),
        now_(certo::now()) {
    if (args.has(flag::domain)) wanted_ = names_in(args.all(flag::domain));
  }

  void add(const Nginx& nginx) {
    const WebServer server(nginx);
    const std::vector<ShownHost> shown = shown_of(server, installed_, state_);
    std::vector<AskedName> asked;
    for (const crypto::Identifier& one : wanted_)
      asked.push_back({one.value, server.selection.answers(one.value)});
    warn_of_faults(server, shown);
    if (server.hosts.empty()) log::hint("is this the main file of nginx? No server block belongs to it");
    for (const std::string& one : server.selection.unread())
      log::warn(one + ": certo cannot read this regular expression, and takes it as one that does not fit");
    for (const AskedName& one : asked) hint_at_names(server, one);
    if (is_json_) {
      servers_.push(to_json(server, shown, asked));
      return;
    }
    print((has_printed() ? "\n" : "") + title_of(server));
    if (asked.empty()) show_hosts(server, shown, now_);
    for (const AskedName& one : asked) show_answers(one);
  }

  /// One of several cannot be read.
  void add(const Nginx& nginx, const Error& error) {
    log::error(error.message);
    if (!error.hint.empty()) log::hint(error.hint);
    servers_.push(Json(Json::Object{{"server", "nginx"},
                                    {"process", int64_t{nginx.process}},
                                    {"config", nginx.config},
                                    {"error", error.message}}));
  }

  void end() {
    if (is_json_) print_json(Json(Json::Object{{"certo", "webserver/1"}, {"servers", std::move(servers_)}}));
  }

 private:
  const bool is_json_;
  const store::Home state_;
  const InstalledFiles installed_;
  const Time now_;
  std::vector<crypto::Identifier> wanted_;
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
    names.push_back(one.value.find(':') == std::string::npos ? one.value : "[" + one.value + "]");
  }
  return names;
}

/// A file of certo's that is there already is not made; one with other content is an error.
webserver::Edits without_known_files(webserver::Edits edits) {
  std::erase_if(edits.files, [](const webserver::OwnFile& one) {
    const auto now = os::read_file_if(one.path);
    if (now && *now != one.content)
      throw Error(Exit::config, one.path + ": exists, and is not for this folder",
                  "use the folder that it names, or remove it");
    return now.has_value();
  });
  return edits;
}

Exit show_patch(const Args& args) {
  const std::vector<std::string> names = names_to_prove(args);
  const std::string folder = absolute(args.get(flag::patch));
  const std::vector<Nginx> servers = wanted_servers(args);
  const WebServer server(webserver::only_one(servers));
  const webserver::Proof proof =
      webserver::plan_proof(server.config, webserver::blocks_to_prove(server.selection, names), folder);
  for (const VirtualHost* host : proof.blocks) webserver::require_editable(*host);
  const std::string patch = patch_of(without_known_files(proof.edits));
  if (args.has(flag::json)) {
    Json blocks = Json::array();
    for (const VirtualHost* host : proof.blocks) blocks.push(host->place());
    print_json(Json(Json::Object{{"certo", "webserver-patch/1"},
                                 {"blocks", std::move(blocks)},
                                 {"include_file", webserver::proof_file(server.config)},
                                 {"patch", patch}}));
    return Exit::ok;
  }
  if (patch.empty()) {
    log::say("nginx has these lines already");
  } else {
    print_patch(patch);
    log::hint("apply it with 'patch -p1 -d /', test it with 'nginx -t', and reload nginx");
  }
  log::hint("then: certo issue -d " + join(args.all(flag::domain), " -d ") + " --webroot " + folder);
  return Exit::ok;
}

Exit run(const Args& args) {
  refuse_other_servers(args);
  if (args.has(flag::patch)) return show_patch(args);
  HostReport report(args);
  const std::vector<Nginx> servers = wanted_servers(args);
  Exit code = Exit::ok;
  for (const Nginx& nginx : servers) {
    try {
      report.add(nginx);
    } catch (const Error& error) {
      if (servers.size() == 1) throw;
      report.add(nginx, error);
      code = worst(code, error.code);
    }
  }
  report.end();
  return code;
}

}  // namespace

const Command webserver_command{
    .name = "webserver",
    .group = Group::other,
    .summary = "list the virtual hosts of nginx, or show which of them answers for a name",
    .word = {Value::text, "[nginx]", 0, 1},
    .output = "table or JSON",
    .options = {flag::domain.with_help("show which server block answers for this name, on each address"),
                flag::nginx_conf, flag::patch},
    .examples = {"certo webserver", "certo webserver -d www.example.com   # which block answers?",
                 "certo webserver -d www.example.com --patch /var/lib/acme | sudo patch -p1 -d /",
                 "certo webserver --json | jq -r '.servers[].virtual_hosts[].names[]'"},
    .description =
        R"(certo finds the nginx that runs, and reads its main file and all files that it includes, as nginx does. It
changes nothing. A virtual host is shown with the file and line of its server block, its addresses, the end of
its certificate, and who looks after it: certo, certbot, nginx-acme, a control panel, or a program that writes
the file anew (Ansible, Puppet).

--patch prints what nginx lacks to answer http-01 challenges from a folder, for 'certo issue --webroot DIR':
one line at the beginning of each block that the CA could meet, on each address and after a redirect to https,
and one file that these blocks include. It works in a block that redirects or denies everything. 'patch -R'
removes it again.

A warning names each server_name that nginx ignores because an earlier block of the same address has it.)",
    .run = run,
};

}  // namespace certo::commands
