// Recipes, read and run against a hostile service. The first part of an input is a recipe, or the name of one
// that certo has; the others are replies.
#include "recipe/recipe.h"

#include "recipe/carried.h"
#include "recipe/rehearsal.h"
#include "recipe/template.h"
#include "service.h"

using namespace certo;

namespace {

void run_recipe(const recipe::Recipe& recipe, const std::vector<std::string>& replies) {
  for (const provider::Action action : {provider::Action::present, provider::Action::cleanup}) {
    provider::Task task;
    task.provider = recipe.name;
    task.action = action;
    task.records = fuzz::two_records();
    for (const recipe::Setting& setting : recipe.settings) task.settings[setting.name] = "setting";
    fuzz::HostileService service(replies);
    fuzz::check_outcome(provider::call(recipe, task, service));
  }
}

void run(std::string_view input) {
  std::vector<std::string> parts = fuzz::parts(input);
  const std::string text = std::move(parts.front());
  parts.erase(parts.begin());
  if (const recipe::Carried* carried = recipe::find_carried(text)) return run_recipe(carried->recipe, parts);

  recipe::placeholders(text);
  recipe::Recipe recipe;
  if (!fuzz::accepts([&] { recipe = recipe::parse(text, "input"); })) return;
  fuzz::accepts([&] { recipe::rehearse(recipe, "_acme-challenge.www.example.com", "example.com"); });
  run_recipe(recipe, parts);
}

const fuzz::Registered registered("recipe", run);

}  // namespace
