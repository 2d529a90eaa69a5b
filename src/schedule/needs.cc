#include "schedule/needs.h"

#include "base/error.h"
#include "base/text.h"
#include "install/hook_list.h"
#include "install/targets.h"
#include "os/program.h"
#include "provider/catalog.h"
#include "provider/reference.h"
#include "provider/script_file.h"
#include "store/entry.h"
#include "webserver/edit_journal.h"
#include "webserver/proof_folder.h"
#include "webserver/server.h"

namespace certo::schedule {
namespace {

class List {
 public:
  explicit List(std::string certificate) : before_(certificate.empty() ? "" : certificate + ": ") {}

  void add(const std::string& what, const std::string& path, Access access) {
    if (path.starts_with('/')) needs_.push_back({before_ + "the " + what, path, access});
  }
  /// The programs and sockets of a shell command. A word that is data may be anywhere, because the command
  /// may make it.
  void add_command(const std::string& what, const std::string& command) {
    for (const std::string& path : os::files_used(command)) add(what, path, Access::read);
  }
  std::vector<Need> take() { return std::move(needs_); }

 private:
  std::string before_;
  std::vector<Need> needs_;
};

template <typename Read>
void if_readable(const Read& read) {
  try {
    read();
  } catch (const Error&) {  // a damaged file, which each pass reports
  }
}

void add_script(List& list, const provider::ScriptName& script, const store::Home& home) {
  const auto folders = provider::script_folders(provider::provider_folders(home.providers()));
  const auto path = script.is_path() ? script.name : provider::find_script(script.name, folders);
  if (path) list.add("DNS provider", *path, Access::read);
}

void add_provider(List& list, const store::Dns& dns, const store::Home& home) {
  const provider::Reference reference = provider::parse_reference(dns.provider);
  if (const auto* program = std::get_if<provider::Program>(&reference))
    list.add("DNS provider", program->path, Access::read);
  if (const auto* file = std::get_if<provider::PluginFile>(&reference))
    list.add("DNS provider", file->path, Access::read);
  if (const auto* script = std::get_if<provider::ScriptName>(&reference)) add_script(list, *script, home);
  if (const auto* name = std::get_if<provider::Name>(&reference);
      name && provider::is_script_name(name->name))
    if (!provider::find_caged(name->name, provider::provider_folders(home.providers())))
      add_script(list, {name->name}, home);
  const auto program = provider::as_program_with_words(dns.credentials);
  list.add("credentials", program ? program->path : dns.credentials, Access::read);
}

void add_request(List& list, const store::Request& request, const store::Home& home) {
  list.add("account key", request.account_key, Access::read);
  list.add("CA bundle", request.ca_bundle, Access::read);
  for (const store::Way* way : request.ways.all()) {
    if (const std::string folder = store::served_folder(*way); !folder.empty())
      list.add("webroot", folder, Access::write);
    if (const auto* dns = std::get_if<store::Dns>(way)) add_provider(list, *dns, home);
    if (const auto* nginx = std::get_if<store::Nginx>(way))
      list.add("configuration of nginx", nginx->config, Access::read);
    if (const auto* program = std::get_if<store::Program>(way))
      list.add("challenge program", program->path, Access::read);
  }
}

/// A web server serves the tokens from a folder of certo's.
void add_edits(List& list, const webserver::EditJournal& journal) {
  for (const webserver::OwnFile& one : journal.standing.files)
    if (one.part == webserver::EditPart::proof)
      list.add("folder that " + title(webserver::kind_of(journal.server).value()) + " serves",
               webserver::folder_named_in(one), Access::write);
}

void add_installation(List& list, const install::Installation& installation) {
  for (const install::Target& target : installation.targets) list.add("target", target.path, Access::write);
  list.add("password file", installation.pfx_password_file, Access::read);
  list.add_command("reload command", installation.reload);
}

}  // namespace

std::vector<Need> needs_of(const store::Home& home, const std::string& certificate) {
  const store::Entry entry(home, certificate);
  List list(certificate);
  if_readable([&] { add_request(list, entry.request(), home); });
  if_readable([&] {
    for (const install::Installation& one : install::installations(entry)) add_installation(list, one);
  });
  if_readable(
      [&] { add_edits(list, webserver::read_edit_journal(webserver::edit_journal_of(entry.folder()))); });
  if_readable([&] {
    const std::optional<install::StoredHooks> hooks = install::stored_hooks(entry);
    if (!hooks) return;
    for (const auto& commands : hooks->commands)
      for (const std::string& command : commands) list.add_command("hook", command);
  });
  return list.take();
}

std::vector<Need> needs_of_all(const store::Home& home) {
  List list("");
  for (const char* kind : {"pre", "deploy", "post", "notify"}) {
    if_readable([&] {
      for (const std::string& file : install::files_of_hooks(install::hook_folder(home, kind)))
        list.add(std::string(kind) + " hook", file, Access::read);
    });
  }
  return list.take();
}

}  // namespace certo::schedule
