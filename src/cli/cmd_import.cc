// certo import: what another client has, without asking the CA.
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/context.h"
#include "import/found.h"

namespace certo::cli {
namespace {

void say_all(const char* what, const std::vector<std::string>& names) {
  if (!names.empty()) log::say(std::string(what) + ": " + join(names, ", "));
}

Json to_json(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push(text);
  return list;
}

Exit run(const Args& args) {
  const std::string client = args.get("--from");
  if (client != "acme.sh")
    throw Error(Exit::usage,
                client.empty() ? "import: from which client?" : "'" + client + "' cannot be imported",
                "--from acme.sh");
  const store::Home state = home(args);
  const imports::Taken taken =
      imports::take(state, imports::read_acmesh(absolute(args.words()[0])), lock_timeout(args));
  const bool changed = !taken.accounts.empty() || !taken.certificates.empty() || !taken.settings.empty();
  if (args.has("--json")) {
    Json json = Json::object();
    json.set("certo", "import/1").set("changed", changed).set("accounts", to_json(taken.accounts));
    json.set("certificates", to_json(taken.certificates)).set("providers", to_json(taken.settings));
    print_json(json.set("left", to_json(taken.left)));
    return Exit::ok;
  }
  say_all("accounts", taken.accounts);
  say_all("certificates", taken.certificates);
  say_all("settings of DNS providers", taken.settings);
  if (!changed) log::say("there was nothing new to import");
  for (const std::string& line : taken.left) log::warn(line);
  return Exit::ok;
}

}  // namespace

extern const Command import_command{
    .name = "import",
    .group = Group::porcelain,
    .summary = "take over accounts and certificates of another client",
    .usage = "DIR",
    .input = "-",
    .output = "text or JSON",
    .options = {{"--from", Value::text, "acme.sh", "the client that DIR belongs to"}},
    .examples = {"certo import --from acme.sh ~/.acme.sh"},
    .description =
        "Accounts, keys, certificates, how the names are proven and the settings of DNS providers go into "
        "the store. No CA is asked, nothing is installed, and DIR stays as it is: stop the other client's "
        "timer when all is well. What was not taken over is told, with what to do about it.",
    .run = run,
    .words_least = 1,
    .words_most = 1,
};

}  // namespace certo::cli
