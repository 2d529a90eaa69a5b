#include "install/plan.h"

#include <algorithm>
#include <set>

#include "base/json.h"
#include "os/file.h"
#include "os/path.h"
#include "os/place.h"
#include "os/trust.h"
#include "store/format.h"

namespace certo::install {
namespace {

constexpr const char* format = "install/1";
constexpr const char* stages[] = {"staging", "switching", "done"};

std::string beside(const std::string& path, const char* end) {
  return os::path_in(os::folder_of(path), "." + os::name_of(path).substr(0, 200) + end);
}

void sync_folders(const Plan& plan) {
  std::set<std::string> folders;
  for (const Step& step : plan.steps) folders.insert(os::folder_of(step.path));
  for (const std::string& folder : folders)
    if (os::exists(folder)) os::sync_folder(folder);
}

}  // namespace

std::string Step::staged() const { return beside(path, ".certo-new"); }
std::string Step::kept() const { return beside(path, ".certo-old"); }

std::optional<Plan> read_plan(const std::string& file) {
  const auto text = os::read_trusted_if(file, os::of_state);
  if (!text) return {};
  const Json json = parse_json(*text, file, Exit::bad_input);
  store::require_format(json, format, file);
  const Fields fields(json, file, Exit::bad_input);
  Plan plan;
  const auto stage = std::ranges::find(stages, fields.string("stage"));
  if (stage == std::end(stages)) throw Error(Exit::bad_input, file + ": \"stage\" is none that there is");
  plan.stage = static_cast<Stage>(stage - std::begin(stages));
  for (const Json& one : fields.array("steps")) {
    const Fields step(one, file, Exit::bad_input);
    plan.steps.push_back({step.string("path"), step.boolean("had_previous", false)});
  }
  plan.folders = fields.strings("folders");
  plan.reload = fields.optional_string("reload").value_or("");
  return plan;
}

void write_plan(const std::string& file, const Plan& plan) {
  Json steps = Json::array(), folders = Json::array();
  for (const Step& step : plan.steps)
    steps.push(Json(Json::Object{{"path", step.path}, {"had_previous", step.had_previous}}));
  for (const std::string& folder : plan.folders) folders.push(folder);
  Json json = store::new_file(format);
  json.set("stage", stages[static_cast<size_t>(plan.stage)]);
  json.set("steps", std::move(steps));
  json.set("folders", std::move(folders));
  if (!plan.reload.empty()) json.set("reload", plan.reload);
  os::write_file(file, to_pretty_json(json), 0600);
}

void put_back(const Plan& plan) {
  if (plan.stage == Stage::done) return tidy(plan);
  for (const Step& step : plan.steps) {
    if (plan.stage == Stage::switching) {
      if (step.had_previous)
        os::take_back(step.kept(), step.path);
      else
        os::remove_file(step.path);
    }
    os::remove_file(step.staged());
    os::remove_file(step.kept());
  }
  for (const std::string& folder : plan.folders) os::remove_tree(folder);
  sync_folders(plan);
}

void tidy(const Plan& plan) {
  for (const Step& step : plan.steps) {
    os::remove_file(step.staged());
    os::remove_file(step.kept());
  }
}

}  // namespace certo::install
