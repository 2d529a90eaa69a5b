// certo apply: many certificates, declared in one file.
// Defines apply_command of commands/commands.h.
#include <algorithm>
#include <optional>

#include "base/failure.h"
#include "base/log.h"
#include "base/text.h"
#include "challenge/solver.h"
#include "commands/commands.h"
#include "commands/declared.h"
#include "commands/describe.h"
#include "commands/issue.h"
#include "commands/ways.h"
#include "commands/web_edits.h"
#include "console/ask.h"
#include "os/trust.h"
#include "renew/several.h"
#include "store/accepted.h"
#include "store/servers.h"
#include "store/test_certificate.h"

namespace certo::console::flag {

constexpr Option prune{"--prune", Value::none, nullptr,
                       "remove the certificates of the store that FILE does not declare"};

}  // namespace certo::console::flag

namespace certo::commands {
namespace {

enum class Action { issue, change, keep, remove };

const char* name_of(Action action) {
  switch (action) {
    case Action::issue: return "issue";
    case Action::change: return "change";
    case Action::keep: return "keep";
    case Action::remove: break;
  }
  return "remove";
}

/// The difference between FILE and the store, for one certificate.
struct Step {
  std::string name;
  Action action = Action::keep;
  std::vector<std::string> changes{};  // "directory", "way": members of request.json
};

std::string directory_of(const Args& args, const std::string& server) {
  if (server.empty()) return directory_url(args);
  Args one = args;
  one.remove(flag::server);
  one.add(flag::server, server);
  return directory_url(one);
}

/// The program paths of FILE are run as this user, so nobody else may be able to write it.
std::vector<Declared> declared_in(const Args& args) {
  const std::string path = args.words()[0];
  const std::string text = path == "-" ? read_input(path, 16U << 20, "certificates")
                                       : os::read_trusted(absolute(path), os::of_settings, 16U << 20);
  std::vector<Declared> all =
      read_declared(text, path == "-" ? "standard input" : path,
                    [&](const std::string& server) { return directory_of(args, server); });
  // Renewals need it as well.
  for (Declared& one : all)
    if (one.request.ca_bundle.empty()) one.request.ca_bundle = absolute(args.get(flag::ca_bundle));
  return all;
}

std::vector<std::string> changes(const store::Request& before, const store::Request& after) {
  const Json old = to_json(before), wanted = to_json(after);
  std::vector<std::string> changed;
  for (const auto& [key, value] : wanted.members())
    if (const Json* const known = old.find(key); !known || *known != value) changed.push_back(key);
  for (const auto& [key, value] : old.members())
    if (!wanted.find(key)) changed.push_back(key);
  return changed;
}

Step step_for(const store::Home& state, const Declared& one) {
  const store::Entry entry(state, one.name);
  if (!entry.exists()) return {one.name, Action::issue};
  const store::Request before = entry.request();
  if (before == one.request) return {one.name, Action::keep};
  return {one.name, Action::change, changes(before, one.request)};
}

std::vector<Step> steps_for(const Args& args, const store::Home& state, const std::vector<Declared>& all) {
  std::vector<Step> steps;
  for (const Declared& one : all) steps.push_back(step_for(state, one));
  if (!args.has(flag::prune)) return steps;
  for (const std::string& name : store::entries(state))
    if (std::ranges::find(all, name, &Declared::name) == all.end()) steps.push_back({name, Action::remove});
  return steps;
}

/// What cannot work is found before the first order.
void check(const Args& args, const store::Home& state, const Declared& one) {
  try {
    const store::Entry entry(state, one.name);
    const std::vector<std::string> directories = store::directories(one.request);
    renew::require_same_kind(state, directories);
    for (const std::string& directory : directories)
      store::require_accepted(store::server_of(state, directory).value_or(store::Server{}), one.request);
    store::keep_apart(state, entry, one.request.directory);
    require_provable(one.request.identifiers, one.request.ways);
    challenge::make_solver(state, one.request.ways, solver_settings(args));
  } catch (const Error& error) {
    throw error.within(one.name);
  }
}

std::string sentence(const Step& step) {
  switch (step.action) {
    case Action::issue: return "a new certificate";
    case Action::change: return "changes " + join(step.changes, ", ");
    case Action::keep: return "stays as it is";
    case Action::remove: break;
  }
  return "is removed, with its key";
}

Exit show(const Args& args, const std::vector<Step>& steps) {
  if (!args.has(flag::json)) {
    for (const Step& step : steps) print(step.name + ": " + sentence(step) + "\n");
    return Exit::ok;
  }
  Json list = Json::array();
  for (const Step& step : steps) {
    Json json = Json::object();
    json.set("name", step.name).set("action", name_of(step.action));
    Json changed = Json::array();
    for (const std::string& member : step.changes) changed.push(member);
    list.push(json.set("changes", std::move(changed)));
  }
  Json json = Json::object();
  print_json(json.set("certo", "apply/1").set("certificates", std::move(list)));
  return Exit::ok;
}

void require_consent(const Args& args, const std::vector<Step>& steps) {
  std::vector<std::string> removed;
  for (const Step& step : steps)
    if (step.action == Action::remove) removed.push_back(step.name);
  if (removed.empty()) return;
  const std::string names = join(removed, ", ");
  if (!confirm(args, "remove the certificates " + names + " and their private keys?"))
    throw Error(Exit::usage, "apply: --prune would remove " + names, "give --yes if nobody can be asked");
}

template <typename Work>
void attempt(Exit& code, const std::string& name, const Work& work) {
  try {
    code = worst(code, work());
  } catch (const Error& error) {
    code = worst(code, error.code);
    report(error.message.starts_with(name + ": ") ? "" : name, failure_of(error));
  }
}

Exit remove(const Args& args, const store::Home& state, const std::string& name) {
  const store::Entry entry(state, name);
  const os::Lock lock = entry.lock(lock_timeout(args));
  require_removable(entry, "apply --prune");
  entry.remove();
  log::say("removed " + entry.folder());
  return Exit::ok;
}

/// One failure does not stop the others. Nothing is removed if a certificate could not be issued: it may take
/// the place of one that is to go.
Exit run(const Args& args) {
  const store::Home state = home(args);
  const std::vector<Declared> all = declared_in(args);
  for (const Declared& one : all) check(args, state, one);
  const std::vector<Step> steps = steps_for(args, state, all);
  if (args.has(flag::dry_run)) return show(args, steps);
  require_consent(args, steps);
  Exit code = Exit::ok;
  for (const Declared& one : all)
    attempt(code, one.name, [&] {
      return issue_request(args, state, store::Entry(state, one.name), one.request, IfPostponed::store);
    });
  const auto removed = std::ranges::count(steps, Action::remove, &Step::action);
  if (code != Exit::ok && removed > 0) {
    log::warn("--prune removed nothing, because a certificate of the file has failed");
    return code;
  }
  for (const Step& step : steps)
    if (step.action == Action::remove)
      attempt(code, step.name, [&] { return remove(args, state, step.name); });
  return code;
}

}  // namespace

const Command apply_command{
    .name = "apply",
    .group = Group::porcelain,
    .summary = "issue, change and remove certificates as a file declares them",
    .word = {Value::file, "FILE", 1, 1},
    .options = {flag::prune, flag::yes.with_help("remove without asking"),
                flag::dry_run.with_help("show the difference between FILE and the store; change nothing")},
    .sets = {&hook_options, &validation_options, &server_options, &connection_options, &registration_options},
    .examples = {"certo apply /etc/certo/certificates.json", "certo apply certificates.json --dry-run",
                 "certo apply certificates.json --prune --yes --agree-tos"},
    .description =
        R"(FILE is {"certo": "apply/1", "certificates": [ … ]}. Each certificate has what request.json of the state folder
holds ('certo info NAME --json' shows it as "request"), for example:

  {"name": "www", "identifiers": ["example.com", "www.example.com"], "directory": "letsencrypt",
   "way": {"method": "webroot", "webroot": "/var/www/html"}}

"name" is the first identifier if it is left out, "key_type" is ec-256, and "directory", a short name or a
URL, is the CA of --server. The same command again changes nothing until the file changes or a
certificate is due. Installations and hooks are not part of the file: 'certo install-cert' and 'certo
hooks' add them once.)",
    .run = run,
};

}  // namespace certo::commands
