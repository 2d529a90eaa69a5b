#include "provider/message.h"

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "base/version.h"

namespace certo::provider {
namespace {

constexpr const char* task_format = "dns-task/1";
constexpr const char* outcome_format = "dns-outcome/1";

Json to_json(const Values& values) {
  Json json = Json::object();
  for (const auto& [name, value] : values) json.set(name, value);
  return json;
}

Values parse_values(const Fields& fields, const char* key) {
  Values values;
  const Json* json = fields.optional_object(key);
  if (!json) return values;
  const Fields members(*json, fields.subject(), Exit::bug);
  for (const auto& [name, value] : json->members()) values[name] = members.string(name);
  return values;
}

/// certo and certo-provider-host are two files, so one may be older than the other.
void require_version(const Fields& fields, const std::string& subject, Exit code) {
  if (fields.string("version") == version()) return;
  throw Error(code,
              subject + ": certo-provider-host and certo are not of the same version: " +
                  printable(fields.string("version"), 40) + " and " + version(),
              "install both from one release");
}

}  // namespace

const char* name_of(Action action) {
  switch (action) {
    case Action::present: return "present";
    case Action::cleanup: return "cleanup";
    case Action::describe: return "describe";
  }
  return "";
}

std::optional<Action> parse_action(std::string_view word) {
  for (const Action action : {Action::present, Action::cleanup, Action::describe}) {
    if (word == name_of(action)) return action;
  }
  return std::nullopt;
}

std::string to_text(const Task& task) {
  Json records = Json::array();
  for (const Record& record : task.records) {
    Json one = Json::object();
    one.set("name", record.name).set("value", record.value).set("ttl", record.ttl).set("type", record.type);
    records.push(std::move(one));
  }
  Json json = Json::object();
  json.set("certo", task_format).set("version", version());
  json.set("provider", task.provider).set("plugin", task.plugin).set("recipe", task.recipe);
  json.set("action", name_of(task.action));
  json.set("records", std::move(records)).set("settings", to_json(task.settings));
  json.set("environment", to_json(task.environment)).set("loud", task.is_loud);
  Json resolvers = Json::array();
  for (const std::string& server : task.resolvers) resolvers.push(server);
  json.set("resolvers", std::move(resolvers));
  json.set("deadline", static_cast<int64_t>(task.deadline.count()));
  return certo::to_json(json);
}

Task parse_task(std::string_view text) {
  const Json json = parse_json(text, "task", Exit::bug);
  const Fields fields(json, "task", Exit::bug);
  if (fields.string("certo") != task_format) throw Error(Exit::bug, "task: not of this version");
  require_version(fields, "task", Exit::bug);
  Task task;
  task.provider = fields.string("provider");
  task.plugin = fields.string("plugin");
  task.recipe = fields.string("recipe");
  const std::optional<Action> action = parse_action(fields.string("action"));
  if (!action) throw Error(Exit::bug, "task: an unknown action");
  task.action = *action;
  for (const Json& one : fields.array("records")) {
    const Fields record(one, "task: record", Exit::bug);
    task.records.push_back({{record.string("name"), record.string("value"), record.string("type")},
                            static_cast<int>(record.integer("ttl"))});
  }
  task.settings = parse_values(fields, "settings");
  task.environment = parse_values(fields, "environment");
  task.resolvers = fields.strings("resolvers");
  task.is_loud = fields.boolean("loud", false);
  task.deadline = Millis(fields.integer("deadline"));
  return task;
}

std::string to_text(const Outcome& outcome) {
  Json json = Json::object();
  json.set("certo", outcome_format).set("version", version());
  json.set("status", outcome.status).set("why", outcome.why).set("descriptor", outcome.descriptor);
  json.set("untouched", outcome.untouched);
  return certo::to_json(json);
}

Outcome parse_outcome(std::string_view text, const std::string& subject) {
  const Json json = parse_json(text, subject, Exit::failed);
  const Fields fields(json, subject, Exit::failed);
  if (fields.string("certo") != outcome_format) throw Error(Exit::failed, subject + ": not of this version");
  require_version(fields, subject, Exit::failed);
  const int64_t status = fields.integer("status");
  if (status < CERTO_OK || status > CERTO_LATER) throw Error(Exit::failed, subject + ": an unknown status");
  const Json* const descriptor = fields.optional_object("descriptor");
  return {static_cast<int>(status), fields.string("why"), descriptor ? *descriptor : Json(),
          fields.boolean("untouched", false)};
}

}  // namespace certo::provider
