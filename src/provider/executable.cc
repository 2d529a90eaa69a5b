#include "provider/executable.h"

#include <algorithm>
#include <array>
#include <exception>
#include <map>
#include <mutex>

#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "os/child.h"
#include "os/file.h"
#include "os/program.h"
#include "os/terminal.h"
#include "provider/mask.h"
#include "provider/reference.h"

namespace certo::provider {
namespace {

// <sysexits.h>: two codes by which a script says more than "failed".
constexpr int temporary_failure = 75;
constexpr int misconfigured = 78;
constexpr const char* zone_variable = "CERTO_DNS_ZONE";
constexpr const char* prefix = "certo-dns-";

/// The hooks that hooks/adapters run. An adapter describes them, and each is the path of a program or folder,
/// so nobody has to list them.
bool is_hook_of_other_client(const std::string& variable) {
  constexpr std::array names = {
      "CERTBOT_AUTH_HOOK", "CERTBOT_CLEANUP_HOOK", "CERTBOT_STATE", "DEHYDRATED_HOOK", "EXEC_MODE",
      "EXEC_PATH",         "UACME_CONFDIR",        "UACME_HOOK"};
  return std::ranges::find(names, variable) != names.end();
}

Values variables(const std::vector<Line>& lines) {
  Values values;
  for (const Line& line : lines) {
    if (!is_variable_name(line.name))
      throw Error(Exit::config, line.place + ": '" + line.name + "' is not the name of a variable");
    values[line.name] = line.value;
  }
  return values;
}

/// Throws Untouched if the program cannot be started.
os::Finished started(const os::Command& command) {
  try {
    return os::run(command);
  } catch (const Error& error) {
    if (error.code != Exit::config) throw;
    throw Untouched(error);
  }
}

/// Runs `describe`, which may depend on the variables of --dns-env (which service, which protocol).
Description describe(const std::string& name, const std::string& path, const Values& given) {
  os::Command command;
  command.argv = {path, name_of(Action::describe)};
  command.path = os::trusted_program(path);
  command.environment = os::clean_environment();
  for (const auto& [variable, value] : given) command.environment.push_back(variable + "=" + value);
  command.deadline = Seconds(10);
  const os::Finished finished = started(command);
  if (finished.timed_out) log::verbose(name + ": 'describe' did not end, so certo uses the plain protocol");
  if (finished.timed_out || finished.status != 0 || finished.truncated) return {};
  return parse_description(finished.output, name + ": describe");
}

Json to_json(Action action, const std::vector<DnsRecord>& records) {
  Json list = Json::array();
  for (const DnsRecord& record : records) {
    Json one = Json::object();
    one.set("name", record.name).set("value", record.value).set("ttl", record_ttl);
    list.push(std::move(one));
  }
  Json json = Json::object();
  json.set("certo-dns", 1).set("action", name_of(action)).set("records", std::move(list));
  return json;
}

}  // namespace

void require_txt(const std::string& name, const std::vector<DnsRecord>& records) {
  for (const DnsRecord& record : records) {
    if (record.type == DnsRecord::txt) continue;
    throw Error(Exit::config, name + ": a program cannot write " + printable(record.type, 40) + " records",
                "use a provider of certo: 'certo providers NAME' shows its types");
  }
}

std::string last_line(std::string_view text) {
  const std::vector<std::string> lines = split(text, '\n');
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    if (const std::string_view words = trim(*line); !words.empty()) return std::string(words);
  }
  return {};
}

std::string reason(const os::Finished& finished, Millis deadline) {
  if (finished.timed_out) {
    return "did not end within " + spoken_duration(std::chrono::duration_cast<Seconds>(deadline).count());
  }
  if (std::string line = last_line(finished.errors); !line.empty()) return line;
  if (finished.status > 128) return "ended by signal " + std::to_string(finished.status - 128);
  return "ended with exit code " + std::to_string(finished.status);
}

Exit exit_for(const os::Finished& finished) {
  if (finished.timed_out || finished.status == temporary_failure) return Exit::unreachable;
  return finished.status == misconfigured ? Exit::config : Exit::failed;
}

Executable::Executable(std::string name, std::string path, FoundBy found_by, const Choice& choice)
    : Provider(choice.deadline),
      name_(std::move(name)),
      path_(std::move(path)),
      found_by_(found_by),
      choice_(choice) {
  os::trusted_program(path_);
  if (!choice_.credentials_folder.empty()) {
    const std::string id = found_by == FoundBy::path ? name_ : prefix + name_;
    stored_file_ = choice_.credentials_folder + "/" + file_name_of(id);
  }
  if (!choice_.credentials.empty()) given_ = variables(read_given(choice_.credentials));
}

void Executable::present(const std::vector<DnsRecord>& records) {
  change(Action::present, records);
  if (records.empty() || !choice_.keep || stored_file_.empty()) return;
  Values kept = stored();
  for (const auto& [variable, value] : from_environment()) {
    if (can_be_stored(value)) kept[variable] = value;
  }
  if (!kept.empty()) store_for_renewal(stored_file_, name_, kept);
}

const Description& Executable::description() const {
  static std::mutex mutex;
  // By path and the variables that it gets; references stay good.
  static std::map<std::pair<std::string, Values>, Description> known;
  Values given;
  const Values kept = stored();
  for (const std::string& variable : choice_.environment) {
    std::string value =
        choice_.surroundings == Surroundings::of_cron ? "" : os::environment(variable.c_str());
    if (const auto found = kept.find(variable); value.empty() && found != kept.end()) value = found->second;
    if (!value.empty()) given[variable] = std::move(value);
  }
  const std::lock_guard guard(mutex);
  const std::pair key(path_, given);
  const auto found = known.find(key);
  return found != known.end() ? found->second
                              : known.emplace(key, describe(name_, path_, given)).first->second;
}

void Executable::change(Action action, const std::vector<DnsRecord>& records) const {
  require_txt(name_, records);
  if (records.empty()) return;
  if (description().batch) {
    run({"batch"}, to_json(to_json(action, records)) + "\n", name_of(action));
  } else {
    change_all(action, records);
  }
}

/// A record that cannot be removed does not prevent the removal of the others.
void Executable::change_all(Action action, const std::vector<DnsRecord>& records) const {
  const bool goes_on = action == Action::cleanup;
  std::exception_ptr first;
  for (const DnsRecord& record : records) {
    try {
      change_one(action, record);
    } catch (const Error& error) {
      // The first record was added, so "nothing was changed" is no longer true.
      if (!goes_on && &record != &records.front()) throw Error(error);
      if (!goes_on) throw;
      if (!first) first = std::current_exception();
    }
  }
  if (first) std::rethrow_exception(first);
}

void Executable::change_one(Action action, const DnsRecord& record) const {
  const std::string word = name_of(action);
  run({word, record.name, record.value}, "", word + " " + record.name);
}

void Executable::run(std::vector<std::string> words, std::string input, const std::string& doing) const {
  const Values values = settings();
  os::Command command;
  command.argv = std::move(words);
  command.argv.insert(command.argv.begin(), path_);
  command.path = os::trusted_program(path_);
  command.environment = environment(values);
  command.input = std::move(input);
  command.deadline = deadline_;
  log::debug(name_ + ": " + doing);
  os::Finished finished = started(command);
  if (finished.status == 0 && !finished.timed_out) return;
  finished.errors = Mask(values)(finished.errors);
  throw Error(exit_for(finished), name_ + ": " + doing + ": " + reason(finished, deadline_), hint());
}

/// Variables that it asked for and did not get.
std::string Executable::hint() const {
  const Environment allowed(found_by_, name_, choice_.environment);
  const Values values = settings();
  for (const std::string& variable : description().settings) {
    if (values.contains(variable) || allowed.allows(variable)) continue;
    return "it asks for " + variable + ": --dns-env " + variable +
           " takes it from the environment, or write it into a file for --dns-credentials";
  }
  return values.empty() ? "it runs without your environment: --dns-env NAME passes a variable on" : "";
}

std::vector<std::string> Executable::environment(const Values& settings) const {
  std::vector<std::string> environment = os::clean_environment();
  const auto set = [&](const std::string& variable, const std::string& value) {
    const std::string start = variable + "=";
    std::erase_if(environment, [&](const std::string& entry) { return entry.starts_with(start); });
    environment.push_back(start + value);
  };
  for (const auto& [variable, value] : settings) set(variable, value);
  if (!choice_.zone.empty()) set(zone_variable, choice_.zone);
  return environment;
}

Values Executable::settings() const {
  Values values = stored();
  for (const auto& [variable, value] : from_environment()) values[variable] = value;
  for (const auto& [variable, value] : given_) values[variable] = value;
  return values;
}

Values Executable::from_environment() const {
  if (choice_.surroundings == Surroundings::of_cron) return {};
  std::vector<std::string> names = choice_.environment;
  const Environment allowed(found_by_, name_, names);
  for (const std::string& variable : description().settings) {
    if (allowed.allows(variable) || is_hook_of_other_client(variable)) names.push_back(variable);
  }
  Values values;
  for (const std::string& variable : names) {
    if (std::string value = os::environment(variable.c_str()); !value.empty())
      values[variable] = std::move(value);
  }
  return values;
}

Values Executable::stored() const {
  return os::exists(stored_file_) ? variables(read_private(stored_file_)) : Values();
}

}  // namespace certo::provider
