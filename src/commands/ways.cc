#include "commands/ways.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "challenge/alias.h"
#include "challenge/propagation.h"
#include "commands/context.h"
#include "net/dns.h"
#include "net/idn.h"
#include "provider/reference.h"

namespace certo::commands {
namespace {

constexpr const char* example = "like this: -d a.example --webroot /srv/www -d b.example --dns PROVIDER";

/// A way option, and the names that belong to it.
struct Choice {
  Option option;
  std::string value;
  std::vector<crypto::Identifier> names;
  std::string text() const { return long_flag(option) + (value.empty() ? "" : " " + value); }
};

bool is_way(const Option& option) {
  return option == flag::webroot || option == flag::standalone || option == flag::dns;
}

void add_names(std::vector<crypto::Identifier>& names, const std::vector<crypto::Identifier>& more) {
  for (const crypto::Identifier& one : more) {
    if (std::ranges::find(names, one) == names.end()) names.push_back(one);
  }
}

std::vector<Choice> choices(const Args& args) {
  std::vector<Choice> found;
  std::vector<crypto::Identifier> waiting;  // for the way that they belong to
  for (const auto& [option, value, is_default] : args.given()) {
    if (option == flag::domain) add_names(waiting, names_in({value}));
    if (!is_way(option)) continue;
    if (waiting.empty() && !found.empty()) {
      const Choice again{option, value, {}};
      if (found.back().text() == again.text()) continue;
      throw Error(Exit::usage,
                  found.back().text() + " and " + again.text() + " exclude each other for the same names",
                  std::string("each way stands behind its own names, ") + example);
    }
    found.push_back({option, value, std::exchange(waiting, {})});
  }
  if (found.size() > 1 && found.front().names.empty()) {
    throw Error(Exit::usage, "there is no name in front of " + found.front().text(),
                std::string("of several ways, each stands behind its names, ") + example);
  }
  if (!found.empty()) add_names(found.back().names, waiting);
  return found;
}

/// Options that mean something beside one method only.
void refuse_stray(const Args& args, const std::vector<Choice>& choices) {
  struct Needs {
    Option option, way;
  };
  static constexpr Needs needs[] = {
      {flag::listen, flag::standalone}, {flag::dns_env, flag::dns},     {flag::dns_credentials, flag::dns},
      {flag::no_save, flag::dns},       {flag::propagation, flag::dns}, {flag::dns_zone, flag::dns},
      {flag::alias, flag::dns},
  };
  for (const auto& [option, way] : needs) {
    const bool fits = std::ranges::find(choices, way, &Choice::option) != choices.end() ||
                      (args.has(flag::no_present) && choices.empty());
    if (args.has(option) && !fits)
      throw Error(Exit::usage, long_flag(option) + " belongs to " + long_flag(way));
  }
}

std::string provider_spec(const std::string& text) {
  if (provider::is_plugin_file(text)) return absolute(text);
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

std::string dns_zone(const Args& args) {
  const std::string text = args.get(flag::dns_zone);
  if (text.empty()) return text;
  const std::string zone = challenge::canonical(net::to_ascii(text));
  if (challenge::is_record_name("_acme-challenge." + zone)) return zone;
  throw Error(Exit::usage, "--dns-zone: '" + text + "' is no name of a zone", "example.com, for one");
}

/// Where the names are known, an alias for another one is a slip of the pen.
std::map<std::string, std::string> aliases(const Args& args) {
  const auto aliases = challenge::parse_aliases(args.all(flag::alias));
  if (!args.has(flag::domain)) return aliases;
  std::vector<std::string> known = {"*"};
  for (const crypto::Identifier& name : names(args)) known.push_back(name.base());
  for (const auto& [name, target] : aliases) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const std::optional<std::string> near = nearest(name, known);
    throw Error(Exit::usage, "--alias: '" + name + "' is none of the names that are asked for",
                near ? "did you mean " + *near + "?" : "it stands for a name of -d: --alias NAME=TARGET");
  }
  return aliases;
}

void refine_dns(store::Way& way, const Args& args) {
  way.credentials = credentials_spec(args.get(flag::dns_credentials));
  way.keep_settings = !args.has(flag::no_save);
  way.provider_env = args.all(flag::dns_env);
  way.propagation = args.get(flag::propagation);
  way.resolver = args.get(flag::resolver);
  way.zone = dns_zone(args);
  way.aliases = aliases(args);
  challenge::check_propagation_policy(way.propagation);
  if (!way.resolver.empty()) net::Resolver{way.resolver};  // throws when it is no address
}

store::Way way_of(const Choice& choice, const Args& args) {
  store::Way way;
  way.method = choice.option.name().substr(2);
  if (choice.option == flag::webroot) way.webroot = absolute(choice.value);
  if (choice.option == flag::standalone) way.listen = args.get(flag::listen);
  if (choice.option == flag::dns) {
    way.provider = provider_spec(choice.value);
    refine_dns(way, args);
  }
  return way;
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
  refuse_stray(args, found);
  store::Ways ways;
  if (found.empty()) {
    if (!args.has(flag::no_present)) return std::nullopt;
    ways.usual.method = "dns";
    refine_dns(ways.usual, args);
    return ways;
  }
  ways.usual = way_of(found.back(), args);
  for (const Choice& choice : found) add(ways, way_of(choice, args), choice.names);
  for (const Choice& choice : found) {
    for (const crypto::Identifier& name : choice.names) {
      if (ways.of(name) == way_of(choice, args)) continue;
      throw Error(Exit::usage, name.value + " is to be proven two ways", "leave one of them out");
    }
  }
  return ways;
}

bool has_dns(const store::Ways& ways) {
  const auto is_dns = [](const store::OtherWay& other) { return other.way.method == "dns"; };
  return ways.usual.method == "dns" || std::ranges::any_of(ways.others, is_dns);
}

}  // namespace certo::commands
