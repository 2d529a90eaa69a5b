#include "commands/providers_check.h"

#include "base/error.h"
#include "base/text.h"
#include "commands/context.h"
#include "os/file.h"
#include "recipe/recipe.h"
#include "recipe/rehearsal.h"

namespace certo::commands {
namespace {

constexpr size_t longest_line = 10000;

/// The last two labels: good enough for a rehearsal, which looks up no zone.
std::string likely_zone(const std::string& name) {
  const size_t last = name.rfind('.');
  if (last == name.npos || last == 0)
    throw Error(Exit::usage, "-d " + name + ": not a domain name", "for example: -d example.com");
  const size_t before = name.rfind('.', last - 1);
  return before == name.npos ? name : name.substr(before + 1);
}

}  // namespace

Exit check_recipe(const Args& args) {
  const std::string& path = args.words().front();
  const recipe::Recipe recipe = recipe::parse(os::read_file(path), path);
  Json json = Json::object();
  json.set("certo", "recipe/1").set("file", path).set("name", recipe.name).set("title", recipe.title);
  if (!args.has(flag::dry_run)) {
    if (args.has(flag::json))
      print_json(json);
    else
      print(path + ": a recipe for " + printable(recipe.title, 200) + ", --dns " + recipe.name + "\n");
    return Exit::ok;
  }
  std::string domain = lower(args.get(flag::domain, "example.com"));
  if (domain.starts_with("*.")) domain = domain.substr(2);
  const std::string name = "_acme-challenge." + domain, zone = likely_zone(domain);
  const auto show = [&](const char* action, const std::string& requests) {
    print(std::string("# ") + action + " " + printable(name, 300) + "\n\n");
    for (const std::string& line : split(requests, '\n')) print(printable(line, longest_line) + "\n");
  };
  const recipe::Rehearsal rehearsal = recipe::rehearse(recipe, name, zone);
  if (args.has(flag::json)) {
    print_json(json.set("present", rehearsal.present).set("cleanup", rehearsal.cleanup));
    return Exit::ok;
  }
  show("present", rehearsal.present);
  show("cleanup", rehearsal.cleanup);
  return Exit::ok;
}

}  // namespace certo::commands
