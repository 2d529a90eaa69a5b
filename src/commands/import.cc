// certo import: takes over another client's state, without contacting the CA.
// Defines import_command of commands/commands.h.
#include "base/error.h"
#include "base/log.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "commands/choices.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/unattended.h"
#include "commands/ways.h"
#include "commands/which_service.h"
#include "console/ask.h"
#include "import/found.h"
#include "import/parts.h"
#include "import/review.h"
#include "store/servers.h"

namespace certo::console::flag {

constexpr Option from{"--from", Value::client, "CLIENT",
                      "the client that DIR belongs to: acme.sh, certbot or lego (default: certo looks)"};

constexpr Option only_name{"--cert-name", Value::certificate, "NAME", "import this certificate only",
                           repeated};

}  // namespace certo::console::flag

namespace certo::commands {

namespace {

/// The CA of --server comes first.
std::vector<std::string> directories(const Args& args, const store::Home& state) {
  std::vector<std::string> urls;
  if (args.says(flag::server)) urls.push_back(directory_url(args));
  for (const store::Server& server : store::servers(state)) urls.push_back(server.directory);
  return urls;
}

std::string client(const Args& args, const std::string& folder) {
  return args.has(flag::from) ? args.get(flag::from) : imports::client_of(folder);
}

imports::Found read(const Args& args, const store::Home& state, const std::string& client,
                    const std::string& folder) {
  if (client == "acme.sh") return imports::read_acmesh(folder);
  if (client == "certbot") return imports::read_certbot(folder);
  if (client == "lego") return imports::read_lego(folder, directories(args, state));
  throw Error(Exit::usage, "'" + client + "' cannot be imported",
              "--from is one of: " + join(clients(), ", "));
}

imports::TakeSettings take_settings(const Args& args, const std::string& client, const std::string& folder) {
  imports::TakeSettings settings;
  settings.is_rehearsal = args.has(flag::dry_run);
  settings.lock_timeout = lock_timeout(args);
  settings.names = args.all(flag::only_name);
  settings.command = "certo import --from " + client + " " + shell_word(folder);
  if (args.says(flag::server)) settings.command += " --server " + shell_word(args.get(flag::server));
  if (const std::optional<store::Ways> given = ways(args)) {
    settings.way = given->usual;
    if (is_automatic(*settings.way))
      throw Error(Exit::usage, "import: --dns auto is for 'certo issue', which looks at each name",
                  "give --dns PROVIDER: 'certo providers for NAME' recognizes the service");
  }
  return settings;
}

void say_all(const char* what, const std::vector<std::string>& names) {
  if (!names.empty()) log::say(std::string(what) + ": " + join(names, ", "));
}

Json to_json(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push(text);
  return list;
}

/// The commands that would run and the files that would be written later, for the requested certificates.
std::vector<std::string> commands_in(const imports::Found& found, const imports::TakeSettings& settings) {
  std::vector<std::string> lines;
  for (const imports::FoundCertificate& one : found.certificates) {
    if (!is_wanted(settings, one)) continue;
    for (std::string& line : imports::review(one)) lines.push_back(std::move(line));
  }
  return lines;
}

/// A user who can write to the folder chooses what certo runs and where it writes. certo asks, unless only
/// this user and root can do so.
void require_consent(const Args& args, const std::string& folder, const std::vector<std::string>& commands) {
  const std::string foreign = imports::foreign_part(folder);
  if (foreign.empty()) return;
  for (const std::string& line : commands) log::item(line);
  if (confirm(args, foreign + ". Take over what is listed above?")) return;
  throw Error(Exit::not_permitted, foreign + ", so that user chooses what certo would run and write",
              "check the lines above, then add --yes");
}

Exit run(const Args& args) {
  const store::Home state = home(args);
  const std::string folder = absolute(args.words()[0]);
  const std::string whose = client(args, folder);
  const imports::TakeSettings settings = take_settings(args, whose, folder);
  imports::Found found = read(args, state, whose, folder);
  const std::vector<std::string> commands = commands_in(found, settings);
  if (!settings.is_rehearsal) require_consent(args, folder, commands);
  const imports::Taken taken = imports::take(state, std::move(found), settings);
  const bool is_new = !taken.accounts.empty() || !taken.certificates.empty() || !taken.settings.empty();
  // A folder of which nothing can be taken is not a success; one that was imported before is.
  const Exit code = is_new || taken.present > 0 ? Exit::ok : Exit::failed;
  if (args.has(flag::json)) {
    Json json = Json::object();
    const bool changed = is_new && !settings.is_rehearsal;
    json.set("certo", "import/1").set("changed", changed).set("accounts", to_json(taken.accounts));
    json.set("certificates", to_json(taken.certificates)).set("providers", to_json(taken.settings));
    json.set("commands", to_json(commands));
    print_json(json.set("left", to_json(taken.left)));
    return code;
  }
  if (settings.is_rehearsal) log::say("this is " + whose + "'s folder; an import would store:");
  say_all("accounts", taken.accounts);
  say_all("certificates", taken.certificates);
  say_all("settings of DNS providers", taken.settings);
  if (!settings.is_rehearsal)
    for (const std::string& name : taken.certificates) warn_of_service(state, name);
  if (!is_new) log::say("there was nothing new to import");
  if (!taken.certificates.empty() && !commands.empty()) {
    log::say("renewals will use:");
    for (const std::string& line : commands) log::say("  " + line);
  }
  for (const std::string& line : taken.left) log::warn(line);
  return code;
}

}  // namespace

std::vector<std::string> clients() { return {"acme.sh", "certbot", "lego"}; }

const Command import_command{
    .name = "import",
    .group = Group::porcelain,
    .summary = "take over accounts and certificates from another client",
    .word = {Value::folder, "DIR", 1, 1},
    .output = "text or JSON",
    .options = {flag::from, flag::only_name,
                flag::dry_run.with_help("show what would be stored; store nothing"),
                flag::yes.with_help("do not ask, even if DIR belongs to another user"),
                flag::server.with_help("the CA of lego's accounts, if certo does not know it")},
    .sets = {&way_options},
    .examples = {"certo import ~/.acme.sh", "certo import /etc/letsencrypt --dry-run",
                 "certo import /etc/letsencrypt --cert-name example.com --webroot /var/www/html",
                 "certo import ~/.lego --dns cloudflare"},
    .description =
        R"(Accounts, keys, certificates, ways of proving names, hooks and settings of DNS providers are copied to
the store. No CA is contacted, nothing is installed, and DIR is not changed. Stop the timer of the other
client after you have checked the result. certo reports whatever it did not take over, and what you can
do about it.

--webroot, --standalone or --dns is for certificates whose settings do not say how their names are
proven, such as those of lego. Without it they are not imported.)",
    .run = run,
};

}  // namespace certo::commands
