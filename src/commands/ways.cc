#include "commands/ways.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "challenge/alias.h"
#include "challenge/program.h"
#include "commands/context.h"
#include "commands/web_edits.h"
#include "net/authority.h"
#include "net/dns.h"
#include "net/idn.h"
#include "provider/reference.h"
#include "webserver/server_way.h"

namespace certo::commands {
namespace {

constexpr const char* example = "like this: -d a.example --webroot /srv/www -d b.example --dns PROVIDER";

/// The option of a method, and the names that belong to it.
struct Choice {
  const store::Method* method;
  std::string value;
  std::vector<crypto::Identifier> names;

  std::string text() const {
    const std::string flag(method->option.name());
    return value.empty() ? flag : flag + " " + value;
  }
};

/// nullptr: the option chooses no method.
const store::Method* chosen_by(const Option& option) {
  const auto* const found = std::ranges::find_if(
      store::methods, [&](const store::Method& one) { return one.option.name() == option.name(); });
  return found == std::end(store::methods) ? nullptr : found;
}

void add_names(std::vector<crypto::Identifier>& names, const std::vector<crypto::Identifier>& more) {
  for (const crypto::Identifier& one : more) {
    if (std::ranges::find(names, one) == names.end()) names.push_back(one);
  }
}

std::vector<Choice> choices(const Args& args) {
  std::vector<Choice> found;
  std::vector<crypto::Identifier> waiting;  // for the option that they belong to
  for (const auto& [option, value, is_default] : args.given()) {
    if (option == flag::domain) add_names(waiting, names_in({value}));
    const store::Method* const method = chosen_by(option);
    if (!method) continue;
    if (waiting.empty() && !found.empty()) {
      const Choice again{method, value, {}};
      if (found.back().text() == again.text()) continue;
      throw Error(Exit::usage,
                  found.back().text() + " and " + again.text() + " exclude each other for the same names",
                  std::string("put each option after its own names, ") + example);
    }
    found.push_back({method, value, std::exchange(waiting, {})});
  }
  if (found.size() > 1 && found.front().names.empty()) {
    throw Error(Exit::usage, "no name is given before " + found.front().text(),
                std::string("with several methods, put each option after its own names, ") + example);
  }
  if (!found.empty()) add_names(found.back().names, waiting);
  return found;
}

bool has_option(const store::Method& method, const Option& option) {
  return std::ranges::any_of(method.settings, [&](const store::Setting& setting) {
    return setting.option && setting.option->name() == option.name();
  });
}

/// "--standalone", or all methods that have the option.
std::string owners(const Option& option) {
  std::vector<std::string> owners;
  for (const store::Method& method : store::methods)
    if (has_option(method, option)) owners.emplace_back(method.option.name());
  return join(owners, " or ");
}

/// The server whose main file the option names, as --install names it.
std::string owner_of_file(const Option& option) {
  if (option.name() == store::row::nginx_conf.name()) return "nginx";
  if (option.name() == store::row::apache_conf.name()) return "apache";
  return "";
}

/// Refuses an option of a method that is not chosen.
void refuse_stray(const Args& args, const std::vector<const store::Method*>& chosen) {
  for (const auto& [option, value, is_default] : args.given()) {
    const auto has_it = [&, &given = option](const store::Method* method) {
      return has_option(*method, given);
    };
    const std::string belongs_to = owners(option);
    if (belongs_to.empty() || is_default || std::ranges::any_of(chosen, has_it)) continue;
    if (args.find(flag::install_into) == owner_of_file(option)) continue;
    throw Error(Exit::usage, long_flag(option) + " belongs to " + belongs_to);
  }
}

/// Two methods cannot listen on one port.
void refuse_shared_port(const Args& args, const std::vector<const store::Method*>& chosen) {
  const Option listen = console::option_of(store::row::listen);
  std::set<std::string> owners;
  for (const store::Method* method : chosen)
    if (has_option(*method, listen)) owners.emplace(method->option.name());
  if (owners.size() < 2 || !args.has(listen)) return;
  throw Error(Exit::usage, "--listen cannot be for " + join({owners.rbegin(), owners.rend()}, " and "),
              "omit it: each has a port of its own then");
}

std::string provider_spec(const std::string& text) {
  if (provider::is_plugin_file(text)) return absolute(text);
  const provider::Reference reference = provider::parse_reference(text);
  if (const auto* script = std::get_if<provider::ScriptName>(&reference); script && script->is_path())
    return absolute(script->name);
  const std::optional<provider::Program> program = provider::as_program(text);
  return program ? to_text(provider::Program{absolute(program->path)}) : text;
}

/// A file, or a program with its arguments.
std::string credentials_spec(const std::string& text) {
  std::optional<provider::Program> program = provider::as_program_with_words(text);
  if (!program) return absolute(text);
  program->path = absolute(program->path);
  return to_text(*program);
}

/// "exec:/path", as for --dns, means the same as the path.
std::string program_path(const std::string& text) {
  const std::optional<provider::Program> program = provider::as_program(text);
  return absolute(program ? program->path : text);
}

std::string challenge_type(const std::string& text) {
  if (challenge::is_challenge_type(text)) return text;
  throw Error(Exit::usage, "--challenge-type: '" + text + "' is not a challenge type",
              "for example: http-01");
}

std::string zone_name(const std::string& text) {
  const std::string zone = net::canonical(net::to_ascii(text));
  if (challenge::is_record_name("_acme-challenge." + zone)) return zone;
  throw Error(Exit::usage, "--dns-zone: '" + text + "' is not the name of a zone",
              "for example: example.com");
}

/// If the names are known, an alias for another name is a typing error.
std::map<std::string, std::string> aliases(const Args& args, const std::vector<std::string>& texts) {
  const auto aliases = challenge::parse_aliases(texts);
  if (!args.has(flag::domain)) return aliases;
  std::vector<std::string> known = {"*"};
  for (const crypto::Identifier& name : names(args)) known.push_back(name.base());
  for (const auto& [name, target] : aliases) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const std::optional<std::string> near = nearest(name, known);
    throw Error(Exit::usage, "--alias: '" + name + "' is not one of the requested names",
                near ? "did you mean " + *near + "?" : "NAME of --alias NAME=TARGET is a name of -d");
  }
  return aliases;
}

/// `text` as it is stored: paths are absolute, because renewal runs in another folder.
std::string stored(const std::string& text, store::Takes kind) {
  switch (kind) {
    case store::Takes::nothing:
    case store::Takes::text: return text;
    case store::Takes::folder:
    case store::Takes::path: return absolute(text);
    case store::Takes::file: return credentials_spec(text);
    case store::Takes::program: return program_path(text);
    case store::Takes::challenge_type: return challenge_type(text);
    case store::Takes::provider: return provider_spec(text);
    case store::Takes::zone: return zone_name(text);
    case store::Takes::dns_server: net::Resolver({text}); return text;  // throws unless it is one
  }
  return text;
}

/// Sets each kind of setting from the values of its option, which is given.
struct Reader {
  const Args& args;
  const std::vector<std::string>& values;
  store::Takes kind;

  void operator()(std::string& setting) const { setting = stored(values.back(), kind); }
  void operator()(bool& setting) const { setting = !setting; }
  void operator()(store::Propagation& setting) const { setting = store::parse_propagation(values.back()); }
  void operator()(std::vector<std::string>& setting) const { setting = values; }
  void operator()(std::map<std::string, std::string>& setting) const { setting = aliases(args, values); }
  void operator()(store::Resolvers& setting) const {
    for (const std::string& value : values) setting.servers.push_back(stored(value, kind));
  }
};

/// `value`: of the method's own option.
store::Way way_of(const store::Method& method, const std::string& value, const Args& args) {
  store::Way way = method.make();
  store::each_setting(way, [&](const store::Setting& setting, auto& place) {
    const store::WayOption& option = setting.option ? *setting.option : method.option;
    const std::vector<std::string> values =
        setting.option ? args.all(console::option_of(option)) : std::vector<std::string>{value};
    if (!values.empty()) Reader{args, values, option.takes}(place);
  });
  return way;
}

store::Way way_of(const Choice& choice, const Args& args) {
  return way_of(*choice.method, choice.value, args);
}

void add(store::Ways& ways, const store::Way& way, const std::vector<crypto::Identifier>& names) {
  if (way == ways.usual) return;
  const auto known = std::ranges::find(ways.others, way, &store::OtherWay::way);
  if (known == ways.others.end()) {
    ways.others.push_back({names, way});
  } else {
    add_names(known->identifiers, names);
  }
}

}  // namespace

std::optional<store::Ways> ways(const Args& args) {
  const std::vector<Choice> found = choices(args);
  const bool only_waits = found.empty() && args.has(flag::no_present);
  std::vector<const store::Method*> chosen;
  for (const Choice& choice : found) chosen.push_back(choice.method);
  if (only_waits) chosen.push_back(&store::method_of(store::Dns{}));
  refuse_stray(args, chosen);
  refuse_shared_port(args, chosen);
  if (only_waits) return store::Ways{way_of(*chosen.front(), "", args), {}};
  if (found.empty()) return std::nullopt;
  store::Ways ways;
  ways.usual = way_of(found.back(), args);
  for (const Choice& choice : found) add(ways, way_of(choice, args), choice.names);
  for (const Choice& choice : found) {
    for (const crypto::Identifier& name : choice.names) {
      if (ways.of(name) == way_of(choice, args)) continue;
      throw Error(Exit::usage, name.value + " has two ways to be proven", "remove one of them");
    }
  }
  return ways;
}

void require_provable(const std::vector<crypto::Identifier>& identifiers, const store::Ways& ways) {
  for (const crypto::Identifier& one : identifiers) {
    const store::Method& method = store::method_of(ways.of(one));
    if (store::can_prove(method, one)) continue;
    const std::string kind = one.is_wildcard() ? "a wildcard" : "an address";
    const auto server = webserver::server_of(ways.of(one));
    const std::string for_server = server ? ", with --install " + std::string(text(server->kind)) + " if " +
                                                title(server->kind) + " is to present it"
                                          : "";
    throw Error(Exit::usage,
                one.value + " is " + kind + ", and " + std::string(method.option.name()) + " cannot prove it",
                kind + " needs " + store::options_for({one}) + for_server);
  }
}

Error no_way_given(const std::vector<crypto::Identifier>& identifiers) {
  const std::string options = store::options_for(identifiers);
  return Error(Exit::usage, "how should the names be proven?",
               options.empty() ? "names of different kinds need several methods, " + std::string(example)
                               : "use one of: " + options);
}

bool has_dns(const store::Ways& ways) {
  return std::ranges::any_of(ways.all(),
                             [](const store::Way* way) { return std::holds_alternative<store::Dns>(*way); });
}

}  // namespace certo::commands
