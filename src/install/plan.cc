#include "install/plan.h"

#include <algorithm>

#include "base/json.h"
#include "base/log.h"
#include "os/file.h"
#include "os/path.h"
#include "os/random.h"
#include "os/trust.h"
#include "store/format.h"

namespace certo::install {
namespace {

constexpr const char* format = "install/1";
constexpr const char* stages[] = {"staging", "switching", "done"};

/// "." and at most 200 bytes of the target's name, so that the whole name is at most 255 bytes long.
std::string start_of(const std::string& path) { return "." + os::name_of(path).substr(0, 200); }

/// A name in the folder of the target; the fixed one of certo 0.1 if the plan has none.
std::string name_in_plan(const Fields& step, const std::string& member, const std::string& otherwise) {
  std::string name = step.optional_string(member).value_or(otherwise);
  const bool is_hidden_name = name.starts_with('.') && name.find_first_not_of('.') != name.npos;
  if (!is_hidden_name || name.find('/') != name.npos)
    throw Error(Exit::bad_input, step.subject() + ": \"" + member + "\" is not the name of a hidden file");
  return name;
}

}  // namespace

std::string Step::folder() const { return os::folder_of(path); }
std::string Step::name() const { return os::name_of(path); }

Step new_step(const std::string& path, bool had_previous) {
  const std::string id = os::random_name(6);
  return {path, had_previous, start_of(path) + ".certo-new-" + id, start_of(path) + ".certo-old-" + id};
}

std::optional<Plan> read_plan(const std::string& file) {
  const auto text = os::read_trusted_if(file, os::of_state);
  if (!text) return {};
  const Json json = parse_json(*text, file, Exit::bad_input);
  store::require_format(json, format, file);
  const Fields fields(json, file, Exit::bad_input);
  Plan plan;
  const auto stage = std::ranges::find(stages, fields.string("stage"));
  if (stage == std::end(stages)) throw Error(Exit::bad_input, file + ": \"stage\" is unknown");
  plan.stage = static_cast<Stage>(stage - std::begin(stages));
  for (const Json& one : fields.array("steps")) {
    const Fields step(one, file, Exit::bad_input);
    const std::string path = step.string("path");
    plan.steps.push_back({path, step.boolean("had_previous", false),
                          name_in_plan(step, "staged", start_of(path) + ".certo-new"),
                          name_in_plan(step, "kept", start_of(path) + ".certo-old")});
  }
  plan.folders = fields.strings("folders");
  plan.reload = fields.optional_string("reload").value_or("");
  return plan;
}

void write_plan(const std::string& file, const Plan& plan) {
  Json steps = Json::array(), folders = Json::array();
  for (const Step& step : plan.steps)
    steps.push(Json(Json::Object{{"path", step.path},
                                 {"had_previous", step.had_previous},
                                 {"staged", step.staged},
                                 {"kept", step.kept}}));
  for (const std::string& folder : plan.folders) folders.push(folder);
  Json json = store::new_file(format);
  json.set("stage", stages[static_cast<size_t>(plan.stage)]);
  json.set("steps", std::move(steps));
  json.set("folders", std::move(folders));
  if (!plan.reload.empty()) json.set("reload", plan.reload);
  os::write_file(file, to_pretty_json(json), 0600);
}

void open_folders(const Plan& plan, os::Places& places) {
  for (const Step& step : plan.steps) {
    try {
      places.open(step.folder());
    } catch (const os::LinkInPath& link) {
      log::warn(step.path + ": certo leaves the files of an interrupted installation there, because " +
                link.message);
    }
  }
}

void put_back(const Plan& plan, const os::Places& places) {
  if (plan.stage == Stage::done) return tidy(plan, places);
  for (const Step& step : plan.steps) {
    const os::Place* place = places.find(step.folder());
    if (!place) continue;
    if (plan.stage == Stage::switching) {
      if (step.had_previous)
        place->take_back(step.kept, step.name());
      else
        place->remove(step.name());
    }
    place->remove(step.staged);
    place->remove(step.kept);
  }
  for (const std::string& folder : plan.folders)
    if (const os::Place* place = places.find(os::folder_of(folder))) place->remove_tree(os::name_of(folder));
  for (const Step& step : plan.steps)
    if (const os::Place* place = places.find(step.folder())) place->sync();
}

void tidy(const Plan& plan, const os::Places& places) {
  for (const Step& step : plan.steps) {
    const os::Place* place = places.find(step.folder());
    if (!place) continue;
    place->remove(step.staged);
    place->remove(step.kept);
  }
}

}  // namespace certo::install
