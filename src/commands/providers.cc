// certo providers: the list of DNS providers, and the settings of one.
// Defines providers_command of commands/commands.h.
#include <algorithm>

#include "base/error.h"
#include "base/sort.h"
#include "base/text.h"
#include "challenge/manual.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/describe.h"
#include "commands/providers_check.h"
#include "commands/providers_forget.h"
#include "commands/providers_guide.h"
#include "commands/providers_record.h"
#include "commands/providers_test.h"
#include "commands/which_service.h"
#include "console/layout.h"
#include "os/file.h"
#include "os/path.h"
#include "os/program.h"
#include "provider/catalog.h"
#include "provider/certbot.h"
#include "provider/elsewhere.h"
#include "provider/executable.h"
#include "provider/provider.h"
#include "provider/reference.h"
#include "provider/script_file.h"

namespace certo::commands {
namespace {

std::vector<std::string> folders(const Args& args) {
  return provider::provider_folders(home(args).providers());
}

/// Lists and descriptions prove no name, so they have no use for a method, its options or a name.
void refuse_ways(const Args& args) {
  for (const auto& [option, value, is_default] : args.given()) {
    const bool is_of_way = std::ranges::find(way_options.options, option) != way_options.options.end();
    const bool is_used = is_default || option == console::option_of(store::row::provider_env);
    if ((is_of_way || option == flag::domain) && !is_used)
      throw Error(Exit::usage, "providers: " + long_flag(option) + " has no use here",
                  "it is for 'test', 'add', 'remove', 'for' and 'check'");
  }
}

std::vector<provider::Listed> all(const Args& args) {
  const store::Home state = home(args);
  std::vector<provider::Listed> list = provider::list_caged(folders(args), state.credentials());
  list.push_back({challenge::manual, "by hand", "", "you add the records, then certo continues", {}});
  for (const std::string& name : provider::names_on_path()) {
    const auto path = os::find_program("certo-dns-" + name);
    // What certo knows by the same name comes first.
    const bool is_hidden = std::ranges::find(list, name, &provider::Listed::name) != list.end();
    if (path && !is_hidden) list.push_back({name, "executable", *path, "", {}});
  }
  for (provider::Listed& script : provider::list_scripts(provider::script_folders(folders(args)))) {
    const bool is_hidden = std::ranges::any_of(list, [&](const provider::Listed& one) {
      return one.name == script.name || std::ranges::count(one.aliases, script.name) > 0;
    });
    if (!is_hidden) list.push_back(std::move(script));
  }
  return list;
}

/// Services that certo reaches only by a script of acme.sh, or not at all, after all others.
void add_elsewhere(std::vector<provider::Listed>& list) {
  for (const provider::Elsewhere& one : provider::elsewhere()) {
    const bool has_script = one.reason.empty();
    const std::string what =
        std::string(one.title) + (has_script ? ", by acme.sh's script" : ": " + std::string(one.reason));
    const std::string name(one.name);
    const bool is_here = std::ranges::find(list, name, &provider::Listed::name) != list.end();
    if (!is_here) list.push_back({name, has_script ? "script" : "none", "", what, {}});
  }
}

/// Those with settings come first.
Exit show_list(const Args& args, std::vector<provider::Listed> list) {
  sort_stably(list, std::ranges::greater(), &provider::Listed::has_settings);
  Rows rows = {{"NAME", "KIND", "SETTINGS", "ALIASES", "WHAT"}};
  Json json = Json::array();
  for (const provider::Listed& one : list) {
    std::string what = one.title.empty() ? one.origin : one.title;
    if (one.is_untried) what += " (untried)";
    rows.push_back({printable(one.name, 64), one.kind, one.has_settings ? "given" : "-",
                    one.aliases.empty() ? "-" : join(one.aliases, " "), printable(what, 200)});
    json.push(Json::Object{{"name", one.name},
                           {"kind", one.kind},
                           {"title", one.title},
                           {"aliases", to_json(one.aliases)},
                           {"origin", one.origin},
                           {"has_settings", one.has_settings},
                           {"untried", one.is_untried}});
  }
  if (args.has(flag::json)) {
    print_json(Json(Json::Object{{"certo", "providers/1"}, {"providers", std::move(json)}}));
  } else {
    print(columns(rows));
  }
  return Exit::ok;
}

Exit list(const Args& args) {
  std::vector<provider::Listed> found = all(args);
  add_elsewhere(found);
  return show_list(args, std::move(found));
}

/// certo providers search WORD: in names, aliases and titles, without regard to case.
Exit search(const Args& args) {
  refuse_ways(args);
  const std::string& word = args.words().front();
  std::vector<provider::Listed> found = all(args);
  add_elsewhere(found);
  std::erase_if(found, [&](const provider::Listed& one) {
    const std::string text = one.name + " " + join(one.aliases, " ") + " " + one.title;
    return lower(text).find(lower(word)) == text.npos;
  });
  if (found.empty())
    throw Error(Exit::unknown_name, "no DNS provider has '" + printable(word, 100) + "' in its name",
                "'certo providers for NAME' looks at the name servers of a domain");
  return show_list(args, std::move(found));
}

Exit forget(const Args& args) {
  refuse_ways(args);
  return forget_settings(args);
}

/// certo providers guide: Markdown for all that are part of certo.
Exit write_guide(const Args& args) {
  refuse_ways(args);
  if (args.has(flag::json)) throw Error(Exit::usage, "providers guide: it writes Markdown, and no JSON");
  std::string text = "# DNS services\n\n";
  for (const provider::Listed& one : provider::list_caged({})) {
    if (const auto caged = provider::find_caged(one.name, {})) text += markdown_guide(*caged);
  }
  print(text);
  return Exit::ok;
}

Exit show(const Args& args, const provider::Caged& caged) {
  if (args.has(flag::json)) {
    print_json(to_json(caged));
  } else {
    print(guide(caged));
  }
  return Exit::ok;
}

/// A script of acme.sh, by what it says of itself; it is not run. `name`: as --dns takes it.
Exit show_script(const Args& args, const std::string& name, const std::string& path) {
  const provider::ScriptInfo info = provider::parse_script(provider::read_script(path));
  if (args.has(flag::json)) {
    print_json(Json(Json::Object{{"certo", "provider/1"},
                                 {"name", name},
                                 {"kind", "script"},
                                 {"origin", path},
                                 {"settings", settings_json(info.settings)}}));
    return Exit::ok;
  }
  Rows rows = {{"a script of acme.sh", printable(path)}};
  if (!info.site.empty()) rows.push_back({"its service", printable(info.site)});
  if (!info.docs.empty()) rows.push_back({"explained at", printable(info.docs)});
  const std::string title = info.title.empty() ? os::name_of(path) : info.title;
  print(printable(title, 200) + ": --dns " + name + "\n\n" + columns(rows) + settings_text(info.settings));
  return Exit::ok;
}

/// Shows the script that --dns `name` would run; nothing if there is none.
std::optional<Exit> show_script_if(const Args& args, const std::string& name) {
  const provider::Reference reference = provider::parse_reference(name);
  const auto* const named = std::get_if<provider::ScriptName>(&reference);
  if (named && named->is_path()) return show_script(args, absolute(named->name), absolute(named->name));
  const auto* const plain = std::get_if<provider::Name>(&reference);
  if (!named && !(plain && provider::is_script_name(plain->name))) return std::nullopt;
  const auto path =
      provider::find_script(named ? named->name : plain->name, provider::script_folders(folders(args)));
  return path ? std::optional(show_script(args, name, *path)) : std::nullopt;
}

Exit show_program(const Args& args, const std::string& name, const std::string& path, provider::FoundBy by) {
  const provider::Executable program(name, path, by,
                                     {.environment = args.all(option_of(store::row::provider_env))});
  const provider::Description& said = program.description();
  if (args.has(flag::json)) {
    Json settings = Json::array();
    for (const std::string& one : said.settings)
      settings.push(
          Json::Object{{"name", one}, {"aliases", Json::array()}, {"group", int64_t{0}}, {"about", ""}});
    print_json(Json(Json::Object{{"certo", "provider/1"},
                                 {"name", name},
                                 {"kind", "executable"},
                                 {"origin", path},
                                 {"batch", said.batch},
                                 {"propagation", said.propagation.count()},
                                 {"settings", std::move(settings)}}));
    return Exit::ok;
  }
  print("The program " + printable(path) + ": --dns " + name + "\n");
  print(
      columns({{"takes", said.batch ? "all records at once, as JSON" : "one record for each call"},
               {"its records show within", spoken_duration(said.propagation.count())},
               {"asks for", said.settings.empty() ? "no settings" : printable(join(said.settings, ", "))}}));
  print("\n--dns-env NAME passes a variable to it.\n");
  return Exit::ok;
}

Exit run(const Args& args) {
  refuse_ways(args);
  if (args.words().empty()) return list(args);
  const std::string& name = args.words().front();
  if (name == challenge::manual && args.has(flag::json)) {
    print_json(Json(Json::Object{{"certo", "provider/1"},
                                 {"name", name},
                                 {"kind", "manual"},
                                 {"origin", "certo"},
                                 {"settings", Json::array()}}));
    return Exit::ok;
  }
  if (name == challenge::manual) {
    print("You add the records yourself: --dns manual\n\nThere are no settings.\n");
    return Exit::ok;
  }
  if (provider::is_plugin_file(name)) return show(args, provider::read_caged(absolute(name)));
  if (const auto caged = provider::find_caged(name, folders(args))) return show(args, *caged);
  if (name.starts_with("exec:"))
    return show_program(args, name, absolute(name.substr(5)), provider::FoundBy::path);
  if (const auto path = os::find_program("certo-dns-" + name))
    return show_program(args, name, *path, provider::FoundBy::file_name);
  if (const auto shown = show_script_if(args, name)) return *shown;
  if (const provider::Elsewhere* const known = provider::find_elsewhere(name))
    throw Error(Exit::config, "there is no DNS provider '" + name + "'", provider::hint_for(*known));
  std::vector<std::string> names;
  for (const provider::Listed& one : all(args)) names.push_back(one.name);
  for (const Subcommand& sub : providers_command.subcommands) names.emplace_back(sub.name);
  if (const auto* plugin = provider::find_certbot_plugin(provider::certbot_plugin_name(name)))
    throw Error(Exit::config, "'" + name + "' is a plugin of certbot",
                std::string("here it is ") + plugin->provider + ": certo providers " + plugin->provider);
  throw Error(Exit::config, "there is no DNS provider '" + name + "'",
              did_you_mean(name, names).value_or("'certo providers' lists all of them"));
}

}  // namespace

const Command providers_command{
    .name = "providers",
    .group = Group::other,
    .summary = "list the DNS providers, or show the settings of one",
    .word = {Value::provider, "[NAME]", 0, 1},
    .output = "table or JSON",
    .options = {flag::certificate.with_help(
        "with test: a domain of the zone that is tried; with add and remove: the record's name; with --dry-run: "
        "the name (default: example.com)")},
    .sets = {&way_options},
    .examples =
        {"certo providers", "certo providers search google", "certo providers cloudflare",
         "certo providers for example.com   # which service it is",
         "certo providers test cloudflare -d example.com   # two values in, one out, the other out",
         "certo providers add cloudflare -d example.com --type CAA --value '0 issue \"letsencrypt.org\"'",
         "certo providers check service.json --dry-run -d example.com"},
    .description =
        R"(certo takes settings from the file or program of --dns-credentials, from the environment (also under the
names that other clients use), from $CREDENTIALS_DIRECTORY/NAME, which systemd creates for a unit, or from
credentials/NAME of the state folder, where certo stores what came from the environment after a success.
--dns NAME.work uses a second account, with its settings in credentials/NAME.work.
'certo providers forget NAME' removes what is stored.

A provider that is not part of certo sees only the variables of --dns-env; a file NAME.so or NAME.json in the
provider folder, and certo-dns-NAME, also see those that begin with NAME_.

'certo help dns-scripts' explains how acme.sh's scripts run unchanged (--dns dns_NAME),
'certo help dns-program' explains how to use a program of your own, 'certo help recipes' how to describe
a DNS service in a JSON file.)",
    .run = run,
    .subcommands = {{"search",
                     "list the providers that have a word in their names",
                     {Value::text, "WORD", 1, 1},
                     {},
                     search},
                    {"for",
                     "show the DNS service that the name servers of a domain belong to",
                     {Value::text, "DOMAIN", 1, 1},
                     {},
                     show_service},
                    {"guide", "write what each service needs, as Markdown", {}, {}, write_guide},
                    {"add",
                     "add one record, which stays",
                     {Value::provider, "NAME", 1, 1},
                     {flag::record_type, flag::record_value},
                     add_record},
                    {"remove",
                     "remove one record",
                     {Value::provider, "NAME", 1, 1},
                     {flag::record_type, flag::record_value},
                     remove_record},
                    {"forget",
                     "remove the settings of a provider that certo stored",
                     {Value::provider, "NAME", 1, 1},
                     {flag::yes.with_help("with forget: do not ask if certificates are renewed with them",
                                          rare)},
                     forget},
                    {"test",
                     "put two values into a zone, look for them, and remove them",
                     {Value::provider, "NAME", 1, 1},
                     {},
                     test_provider},
                    {"check",
                     "read a recipe, and show what is wrong with it",
                     {Value::file, "FILE", 1, 1},
                     {flag::dry_run.with_help("with check: show the requests that a recipe would make")},
                     check_recipe}},
};

}  // namespace certo::commands
