#include "provider/executable.h"

#include <cstdlib>
#include <exception>
#include <map>
#include <mutex>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "os/child.h"
#include "os/file.h"

namespace certo::provider {
namespace {

// <sysexits.h>: the two codes that a script may end with to say more than "failed".
constexpr int kTemporaryFailure = 75;
constexpr int kMisconfigured = 78;
constexpr const char* kZone = "CERTO_DNS_ZONE=";

/// Runs `describe`. It needs no credentials, so it gets none.
Description describe(const std::string& name, const std::string& path) {
  os::Command command;
  command.argv = {path, name_of(Action::describe)};
  command.environment = os::clean_environment();
  command.deadline = Seconds(10);
  const os::Finished finished = os::run(command);
  if (finished.timed_out) log::verbose(name + ": 'describe' did not end; taken for the plain protocol");
  if (finished.timed_out || finished.status != 0 || finished.truncated) return {};
  return parse_description(finished.output, name + ": describe");
}

Json to_json(Action action, const std::vector<DnsRecord>& records) {
  Json list = Json::array();
  for (const DnsRecord& record : records) {
    Json one = Json::object();
    one.set("name", record.name).set("value", record.value).set("ttl", kTtl);
    list.push(std::move(one));
  }
  Json json = Json::object();
  json.set("certo-dns", 1).set("action", name_of(action)).set("records", std::move(list));
  return json;
}

Exit exit_for(const os::Finished& finished) {
  if (finished.timed_out || finished.status == kTemporaryFailure) return Exit::unreachable;
  return finished.status == kMisconfigured ? Exit::config : Exit::failed;
}

}  // namespace

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

Executable::Executable(std::string name, std::string path, const Choice& choice)
    : name_(std::move(name)),
      path_(std::move(path)),
      listed_(choice.environment),
      zone_(choice.zone),
      deadline_(choice.deadline) {
  os::require_trusted_program(path_);
}

const Description& Executable::description() const {
  static std::mutex mutex;
  static std::map<std::string, Description> known;  // by path; references stay good
  const std::lock_guard guard(mutex);
  const auto found = known.find(path_);
  return found != known.end() ? found->second : known.emplace(path_, describe(name_, path_)).first->second;
}

void Executable::change(Action action, const std::vector<DnsRecord>& records) const {
  if (records.empty()) return;
  if (description().batch) {
    run({"batch"}, to_json(to_json(action, records)) + "\n", name_of(action));
  } else {
    change_all(action, records);
  }
}

/// One record that fails does not keep the others from being taken out.
void Executable::change_all(Action action, const std::vector<DnsRecord>& records) const {
  const bool goes_on = action == Action::cleanup;
  std::exception_ptr first;
  for (const DnsRecord& record : records) {
    try {
      change_one(action, record);
    } catch (const Error& error) {
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
  os::Command command;
  command.argv = std::move(words);
  command.argv.insert(command.argv.begin(), path_);
  command.environment = environment();
  command.input = std::move(input);
  command.deadline = deadline_;
  log::debug(name_ + ": " + doing);
  const os::Finished finished = os::run(command);
  if (finished.status == 0 && !finished.timed_out) return;

  const bool saw_nothing = listed_.empty() && description().settings.empty();
  throw Error(exit_for(finished), name_ + ": " + doing + ": " + reason(finished, deadline_),
              saw_nothing ? "it runs without your environment: --dns-env NAME lets it see a variable" : "");
}

std::vector<std::string> Executable::environment() const {
  std::vector<std::string> environment = os::clean_environment();
  const std::vector<std::string>& described = description().settings;
  std::set<std::string> names(described.begin(), described.end());
  names.insert(listed_.begin(), listed_.end());
  for (const std::string& name : names) {
    const std::string start = name + "=";
    std::erase_if(environment, [&](const std::string& entry) { return entry.starts_with(start); });
    if (const char* value = std::getenv(name.c_str())) environment.push_back(start + value);
  }
  if (!zone_.empty()) {
    std::erase_if(environment, [](const std::string& entry) { return entry.starts_with(kZone); });
    environment.push_back(kZone + zone_);
  }
  return environment;
}

}  // namespace certo::provider
