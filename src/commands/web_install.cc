// The certificate goes into the configuration of a web server. Defines web_install, require_installable and
// install_in_web_server of commands/web_edits.h.
#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "commands/web_edits.h"
#include "install/material.h"
#include "install/reload.h"
#include "install/targets.h"
#include "net/host.h"
#include "os/file.h"
#include "os/ports.h"
#include "store/test_certificate.h"
#include "webserver/edit_note.h"
#include "webserver/probe.h"
#include "webserver/server.h"
#include "webserver/transaction.h"

namespace certo::commands {
namespace {

using webserver::Editing;
using webserver::TlsPlan;

TlsPlan plan_for(const webserver::Sites& sites, const store::Entry& entry, const store::Request& request,
                 const WebInstall& wish) {
  webserver::TlsWish tls{.names = {},
                         .certificate = entry.folder() + "/live/fullchain.pem",
                         .key = entry.folder() + "/live/key.pem",
                         .key_type = crypto::name(request.key_type).starts_with("rsa") ? "rsa" : "ec",
                         .redirect = wish.wants_redirect,
                         .takes_over = wish.takes_over};
  for (const crypto::Identifier& one : request.identifiers) tls.names.push_back(one.value);
  return sites.plan_tls(tls);
}

/// Nobody holds the port that the server is to listen on: not nginx's own module stream either, nor another
/// server of its kind.
void require_free(const webserver::Address& address, const std::string& server) {
  const auto literal = webserver::reachable(address);
  if (!literal) return;
  const std::vector<std::string> holders = os::who_listens(literal->first, literal->second);
  if (holders.empty()) return;
  throw Error(Exit::config, holders.front() + " listens on " + address.text + ", so " + server + " cannot",
              "stop it, or let it serve the certificate: --no-install");
}

void require_no_real(const TlsPlan& plan, const store::Home& state, const store::Request& request,
                     const WebInstall& wish) {
  if (wish.is_forced || !store::is_test_directory(state, request.directory)) return;
  for (const webserver::Change& one : plan.edits.changes)
    if (one.part == webserver::EditPart::certificate && !one.removed.empty() && one.moved_to.empty())
      throw Error(Exit::usage,
                  one.file + ": names a certificate, and that of a test CA does not take its place",
                  "--force puts it there; --no-install leaves the server's configuration alone");
}

/// Until all present the new certificate, or until `limit`.
std::string not_presented(const TlsPlan& plan, const crypto::Certificate& leaf, Millis limit) {
  const log::Waiting live("looking whether the server presents the certificate");
  const Deadline until(limit);
  for (const webserver::Presented& one : plan.presented)
    if (auto wrong = install::unproven_at(one.address, one.name, leaf, until))
      return one.name + ": " + *wrong;
  return {};
}

/// What a renewal repeats: the reload, and the look at each address.
void store_reload(const store::Entry& entry, const webserver::Server& server, const TlsPlan& plan,
                  const install::Material& live) {
  install::Installation wanted;
  wanted.reload = server.reload_command();
  wanted.web_server = text(server.kind());
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
std::vector<std::string> names_by_server(const store::Request& request) {
  std::vector<std::string> names;
  for (const crypto::Identifier& one : request.identifiers)
    if (webserver::server_of(request.ways.of(one))) names.push_back(net::bracketed(one.value));
  return names;
}

/// The server that proves names of the request. Its lines and those of another one would meet in one journal.
std::optional<webserver::ServerChoice> proving_server(const store::Request& request) {
  std::optional<webserver::ServerChoice> found;
  for (const store::Way* way : request.ways.all()) {
    const auto one = webserver::server_of(*way);
    if (one && found && *one != *found)
      throw Error(Exit::usage, "two web servers cannot prove the names of one certificate",
                  "make two certificates, or prove some names with --webroot");
    if (one) found = one;
  }
  return found;
}

/// Of --install.
std::optional<webserver::ServerChoice> installing_server(const Args& args) {
  const auto word = args.find(flag::install_into);
  if (!word) return {};
  const auto kind = webserver::kind_of(*word);
  if (!kind)
    throw Error(Exit::usage, "--install: certo cannot change the configuration of '" + *word + "'",
                "use nginx or apache; for other servers: --fullchain-file, --key-file and --reloadcmd");
  const auto config = args.find(
      option_of(*kind == webserver::ServerKind::nginx ? store::row::nginx_conf : store::row::apache_conf));
  return webserver::ServerChoice{*kind, config ? absolute(*config) : ""};
}

/// Throws Error{usage} for options that belong to an installation, if there is none.
void refuse_idle_options(const Args& args, bool proves, bool installs) {
  for (const Option& option : {flag::redirect, flag::take_over, flag::no_install})
    if (args.says(option) && !proves && !installs)
      throw Error(Exit::usage,
                  std::string(option.name()) + " belongs to --nginx, --apache or --install SERVER");
  if (!args.has(flag::no_install)) return;
  if (installs) throw Error(Exit::usage, "--install and --no-install exclude each other");
  for (const Option& option : {flag::redirect, flag::take_over})
    if (args.says(option))
      throw Error(Exit::usage, std::string(option.name()) + " and --no-install exclude each other");
}

}  // namespace

std::optional<WebInstall> web_install(const Args& args, const store::Request& request) {
  const auto proving = proving_server(request), installing = installing_server(args);
  refuse_idle_options(args, proving.has_value(), installing.has_value());
  if ((!proving && !installing) || args.has(flag::no_install)) return {};
  if (proving && installing && proving->kind != installing->kind)
    throw Error(Exit::usage,
                title(proving->kind) + " cannot prove names whose certificate " + title(installing->kind) +
                    " is to present",
                "use --" + std::string(text(installing->kind)) + " for both, or --no-install");
  webserver::ServerChoice server = proving ? *proving : *installing;
  if (installing && !installing->config.empty()) server.config = installing->config;
  if (!request.csr.empty())
    throw Error(Exit::usage,
                title(server.kind) + " needs the key of the certificate, and certo does not have it",
                "add --no-install");
  return WebInstall{.server = std::move(server),
                    .wants_redirect = args.has(flag::redirect),
                    .takes_over = args.has(flag::take_over),
                    .is_forced = args.has(flag::force)};
}

void require_installable(const store::Home& state, const store::Entry& entry, const store::Request& request,
                         const WebInstall& wish) {
  const auto server = webserver::running_server(wish.server.kind, wish.server.config);
  const TlsPlan plan = plan_for(*server->read(), entry, request, wish);
  require_no_real(plan, state, request, wish);
  for (const webserver::Address& one : plan.new_addresses) require_free(one, server->title());
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
    const auto server = webserver::running_server(wish.server.kind, wish.server.config);
    const auto sites = server->read();
    const TlsPlan plan = plan_for(*sites, entry, request, wish);
    for (const std::string& note : plan.notes) log::say(note);
    if (!plan.edits.changes.empty()) {
      for (const webserver::Address& one : plan.new_addresses) require_free(one, server->title());
      const webserver::EditNote note(state, journal);
      webserver::carry_out(editing, *server, *sites, plan.edits,
                           [&](Millis limit) { return not_presented(plan, live.leaf(), limit); });
      log::say(entry.name() + ": installed in " + server->config() + "; 'certo undo " + entry.name() +
               "' removes it");
    }
    editing.share(plan.marks);
    store_reload(entry, *server, plan, live);
  });
}

void show_web_edits(const Args& args, const store::Entry& entry, const store::Request& request) {
  const std::optional<WebInstall> wish = web_install(args, request);
  const auto names = names_by_server(request);
  if ((!wish && names.empty()) || args.has(flag::json)) return;
  const webserver::ServerChoice choice = wish ? wish->server : *proving_server(request);
  const auto sites = webserver::running_server(choice.kind, choice.config)->read();
  webserver::Edits edits;
  if (!names.empty()) edits = sites->plan_proof(names).edits;
  if (wish) add(edits, plan_for(*sites, entry, request, *wish).edits);
  static std::set<std::string> shown;  // files that several certificates of one rehearsal share
  std::erase_if(edits.files, [](const webserver::OwnFile& one) {
    return os::exists(one.path) || !shown.insert(one.path).second;
  });
  print_patch(patch_of(edits));
}

}  // namespace certo::commands
