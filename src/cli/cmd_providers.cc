// certo providers: the DNS providers that there are, and the settings of one.
#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/describe.h"
#include "cli/layout.h"
#include "os/file.h"
#include "provider/builtins.h"
#include "provider/credentials.h"
#include "provider/provider.h"

namespace certo::cli {
namespace {

struct Entry {
  std::string name, kind, origin;
  std::vector<std::string> aliases;
};

std::vector<Entry> entries() {
  std::vector<Entry> entries;
  for (const certo_provider* provider : provider::builtins()) {
    entries.push_back({provider->name, "built-in", provider->title, provider::aliases(*provider)});
  }
  for (const std::string& name : provider::names_on_path()) {
    const auto path = os::find_program("certo-dns-" + name);
    // A built-in of the same name comes first.
    if (path && !provider::find_builtin(name)) entries.push_back({name, "executable", *path, {}});
  }
  return entries;
}

Exit list(const Args& args) {
  Rows rows = {{"NAME", "KIND", "ALIASES", "WHAT"}};
  Json json = Json::array();
  for (const Entry& entry : entries()) {
    rows.push_back(
        {printable(entry.name, 64), entry.kind, join(entry.aliases, " "), printable(entry.origin, 200)});
    json.push(Json::Object{{"name", entry.name},
                           {"kind", entry.kind},
                           {"aliases", to_json(entry.aliases)},
                           {"origin", entry.origin}});
  }
  if (args.has("--json")) {
    print_json(Json(Json::Object{{"certo", "providers/1"}, {"providers", std::move(json)}}));
  } else {
    print(columns(rows));
  }
  return Exit::ok;
}

/// "needed", "or, together" for the groups after the first, "may be left out".
const char* need(const provider::Setting& setting) {
  if (setting.group == 0) return "may be left out";
  return setting.group == 1 ? "needed" : "instead, all of them";
}

Exit show(const Args& args, const certo_provider& provider) {
  const std::vector<provider::Setting> settings = provider::settings_of(provider);
  if (args.has("--json")) {
    Json json = Json::array();
    for (const provider::Setting& setting : settings) {
      json.push(Json::Object{{"name", setting.name},
                             {"aliases", to_json(setting.aliases)},
                             {"group", static_cast<int64_t>(setting.group)},
                             {"about", setting.about}});
    }
    print_json(
        Json(Json::Object{{"certo", "provider/1"}, {"name", provider.name}, {"settings", std::move(json)}}));
    return Exit::ok;
  }
  std::string text = std::string(provider.title) + ": --dns " + provider.name + "\n";
  for (const provider::Setting& setting : settings) {
    text += "\n" + setting.name + " (" + need(setting) + ")\n  " + wrapped(setting.about, 2) + "\n";
    if (!setting.aliases.empty())
      text += "  " + wrapped("also read as " + join(setting.aliases, ", "), 2) + "\n";
  }
  print(text + "\nNAME_FILE names a file that holds the value.\n");
  return Exit::ok;
}

Exit run(const Args& args) {
  if (args.words().empty()) return list(args);
  const std::string& name = args.words().front();
  if (const certo_provider* provider = provider::find_builtin(name)) return show(args, *provider);
  std::vector<std::string> names;
  for (const Entry& entry : entries()) names.push_back(entry.name);
  if (std::ranges::find(names, name) != names.end()) {
    throw Error(Exit::config, name + ": only its author knows the settings of an executable",
                "--dns-env NAME lets it see a variable");
  }
  const auto meant = nearest(name, names);
  throw Error(Exit::config, "there is no DNS provider '" + name + "'",
              meant ? "did you mean " + *meant + "?" : "'certo providers' lists those that there are");
}

}  // namespace

extern const Command providers_command{
    .name = "providers",
    .group = Group::other,
    .summary = "list the DNS providers, or the settings of one",
    .usage = "[NAME]",
    .input = "-",
    .output = "table or JSON",
    .options = {},
    .examples = {"certo providers", "certo providers cloudflare"},
    .description =
        "A setting is looked up in what --dns-credentials names, in the environment (under other clients' "
        "names, too), in $CREDENTIALS_DIRECTORY/NAME, where systemd puts a unit's credentials, and in "
        "credentials/NAME of the state folder, where what came from the environment is kept after a "
        "first success. --dns NAME.work uses a second account: its settings are in credentials/NAME.work.",
    .run = run,
    .words_most = 1,
    .store = false,
};

}  // namespace certo::cli
