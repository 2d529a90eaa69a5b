// The certificate goes into the configuration of nginx. Defines web_install, require_installable and
// install_in_web_server of commands/web_edits.h.
#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "commands/web_edits.h"
#include "commands/web_nginx.h"
#include "install/material.h"
#include "install/reload.h"
#include "install/targets.h"
#include "net/host.h"
#include "os/file.h"
#include "os/ports.h"
#include "store/test_certificate.h"
#include "webserver/edit_note.h"
#include "webserver/nginx_choice.h"
#include "webserver/nginx_edit.h"
#include "webserver/nginx_probe.h"
#include "webserver/nginx_proof.h"
#include "webserver/nginx_tls.h"

namespace certo::commands {
namespace {

using webserver::Editing;
using webserver::TlsPlan;

bool is_by_nginx(const store::Way* way) { return std::holds_alternative<store::Nginx>(*way); }

TlsPlan plan_for(const WebServer& server, const store::Entry& entry, const store::Request& request,
                 const WebInstall& wish) {
  webserver::TlsWish tls{.names = {},
                         .certificate = entry.folder() + "/live/fullchain.pem",
                         .key = entry.folder() + "/live/key.pem",
                         .key_type = crypto::name(request.key_type).starts_with("rsa") ? "rsa" : "ec",
                         .redirect = wish.wants_redirect,
                         .takes_over = wish.takes_over};
  for (const crypto::Identifier& one : request.identifiers) tls.names.push_back(one.value);
  return webserver::plan_tls(server.config, server.hosts, server.selection, server.nginx.build, tls);
}

/// Nobody holds the port that nginx is to listen on: not its own module stream either, nor another nginx.
void require_free(const webserver::Address& address) {
  const auto literal = webserver::reachable(address);
  if (!literal) return;
  const std::vector<std::string> holders = os::who_listens(literal->first, literal->second);
  if (holders.empty()) return;
  throw Error(Exit::config, holders.front() + " listens on " + address.text + ", so nginx cannot",
              "stop it, or let it serve the certificate: --no-install");
}

void require_no_real(const TlsPlan& plan, const store::Home& state, const store::Request& request,
                     const WebInstall& wish) {
  if (wish.is_forced || !store::is_test_directory(state, request.directory)) return;
  for (const webserver::Change& one : plan.edits.changes)
    if (one.part == webserver::EditPart::certificate && !one.removed.empty())
      throw Error(Exit::usage,
                  one.file + ": names a certificate, and that of a test CA does not take its place",
                  "--force puts it there; --no-install leaves nginx alone");
}

/// Until all present the new certificate, or until `limit`.
std::string not_presented(const TlsPlan& plan, const crypto::Certificate& leaf, Millis limit) {
  const log::Waiting live("looking whether nginx presents the certificate");
  const Deadline until(limit);
  for (const webserver::Presented& one : plan.presented)
    if (auto wrong = install::unproven_at(one.address, one.name, leaf, until))
      return one.name + ": " + *wrong;
  return {};
}

/// What a renewal repeats: the reload, and the look at each address.
void store_reload(const store::Entry& entry, const webserver::Nginx& nginx, const TlsPlan& plan,
                  const install::Material& live) {
  install::Installation wanted;
  wanted.reload = webserver::reload_command(nginx);
  wanted.web_server = "nginx";
  wanted.version = live.version;
  const std::string name = install::name_to_ask_for(live.leaf());
  for (const webserver::Presented& one : plan.presented)
    if (one.name == name) wanted.verify.push_back(one.address);
  std::vector<install::Installation> list = install::installations(entry);
  std::erase_if(list, [](const install::Installation& one) { return !one.web_server.empty(); });
  list.push_back(std::move(wanted));
  install::save(entry, list);
}

/// As they stand in a Host header.
std::vector<std::string> names_by_nginx(const store::Request& request) {
  std::vector<std::string> names;
  for (const crypto::Identifier& one : request.identifiers)
    if (is_by_nginx(&request.ways.of(one))) names.push_back(net::bracketed(one.value));
  return names;
}

std::string config_of(const store::Request& request) {
  for (const store::Way* way : request.ways.all())
    if (is_by_nginx(way)) return std::get<store::Nginx>(*way).config;
  return {};
}

}  // namespace

std::optional<WebInstall> web_install(const Args& args, const store::Request& request) {
  const bool proves = std::ranges::any_of(request.ways.all(), is_by_nginx),
             installs = args.has(flag::install_into);
  if (installs && args.get(flag::install_into) != "nginx")
    throw Error(Exit::usage,
                "--install: certo cannot change the configuration of '" + args.get(flag::install_into) + "'",
                "use nginx; for other servers: --fullchain-file, --key-file and --reloadcmd");
  if (installs && args.has(flag::no_install))
    throw Error(Exit::usage, "--install and --no-install exclude each other");
  for (const Option& option : {flag::redirect, flag::take_over, flag::no_install})
    if (args.says(option) && !proves && !installs)
      throw Error(Exit::usage, std::string(option.name()) + " belongs to --nginx or --install nginx");
  if (args.has(flag::no_install))
    for (const Option& option : {flag::redirect, flag::take_over})
      if (args.says(option))
        throw Error(Exit::usage, std::string(option.name()) + " and --no-install exclude each other");
  if ((!proves && !installs) || args.has(flag::no_install)) return {};
  if (!request.csr.empty())
    throw Error(Exit::usage, "nginx needs the key of the certificate, and certo does not have it",
                "add --no-install");
  const auto config = args.find(option_of(store::row::nginx_conf));
  return WebInstall{.config = config ? absolute(*config) : config_of(request),
                    .wants_redirect = args.has(flag::redirect),
                    .takes_over = args.has(flag::take_over),
                    .is_forced = args.has(flag::force)};
}

void require_installable(const store::Home& state, const store::Entry& entry, const store::Request& request,
                         const WebInstall& wish) {
  const WebServer server(webserver::running_nginx(wish.config));
  const TlsPlan plan = plan_for(server, entry, request, wish);
  require_no_real(plan, state, request, wish);
  for (const webserver::Address& one : plan.new_addresses) require_free(one);
}

void install_in_web_server(const Args& args, const store::Home& state, const store::Entry& entry,
                           const store::Request& request, const WebInstall& wish) {
  const os::Lock lock = entry.lock_existing(lock_timeout(args));
  const std::string journal = webserver::edit_journal_of(entry.folder());
  Editing editing(
      journal, [&] { return webserver::edit_journals(state); }, lock_timeout(args));
  webserver::recover(editing, webserver::Leave::standing);
  const install::Material live = install::live_material(entry);
  webserver::again_if_changed([&] {
    const WebServer server(webserver::running_nginx(wish.config));
    const TlsPlan plan = plan_for(server, entry, request, wish);
    for (const std::string& note : plan.notes) log::say(note);
    if (!plan.edits.changes.empty()) {
      for (const webserver::Address& one : plan.new_addresses) require_free(one);
      const webserver::EditNote note(state, journal);
      webserver::carry_out(editing, server.nginx, server.config, plan.edits,
                           [&](Millis limit) { return not_presented(plan, live.leaf(), limit); });
      log::say(entry.name() + ": installed in " + server.config.path() + "; 'certo undo " + entry.name() +
               "' removes it");
    }
    editing.share(plan.marks);
    store_reload(entry, server.nginx, plan, live);
  });
}

void show_web_edits(const Args& args, const store::Entry& entry, const store::Request& request) {
  const std::optional<WebInstall> wish = web_install(args, request);
  const auto names = names_by_nginx(request);
  if ((!wish && names.empty()) || args.has(flag::json)) return;
  const WebServer server(webserver::running_nginx(wish ? wish->config : config_of(request)));
  webserver::Edits edits;
  if (!names.empty())
    edits = webserver::plan_proof(server.config, webserver::blocks_to_prove(server.selection, names),
                                  webserver::proof_folder(server.config, server.nginx.is_root))
                .edits;
  if (wish) add(edits, plan_for(server, entry, request, *wish).edits);
  std::erase_if(edits.files, [](const webserver::OwnFile& one) { return os::exists(one.path); });
  print_patch(patch_of(edits));
}

}  // namespace certo::commands
