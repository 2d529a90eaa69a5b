#include "provider/credentials_program.h"

#include <map>
#include <mutex>

#include "base/error.h"
#include "base/text.h"
#include "os/child.h"
#include "os/file.h"
#include "provider/executable.h"

namespace certo::provider {
namespace {

constexpr std::string_view kProgram = "exec:";
constexpr Millis kDeadline = Seconds(30);
constexpr Millis kFresh = Seconds(300);

std::string run(const std::string& given) {
  os::Command command;
  for (const std::string& word : split(given.substr(kProgram.size()), ' ')) {
    if (!word.empty()) command.argv.push_back(word);
  }
  if (command.argv.empty()) throw Error(Exit::config, given + " names no program", "exec:/path/to/program");
  os::require_trusted_program(command.argv.front());
  command.environment = os::clean_environment();
  command.deadline = kDeadline;
  const os::Finished finished = os::run(command);
  if (finished.timed_out || finished.status != 0) {
    throw Error(Exit::config, given + ": " + reason(finished, kDeadline),
                "it is to print KEY=value lines; it runs without your environment");
  }
  if (finished.truncated) throw Error(Exit::config, given + ": prints more than settings can be");
  return finished.output;
}

struct Printed {
  std::string text;
  Deadline fresh{kFresh};
};

}  // namespace

bool is_credentials_program(const std::string& given) { return given.starts_with(kProgram); }

std::string printed_credentials(const std::string& given) {
  static std::mutex mutex;
  static std::map<std::string, Printed> known;
  const std::lock_guard guard(mutex);
  const auto found = known.find(given);
  if (found != known.end() && !found->second.fresh.passed()) return found->second.text;
  return known.insert_or_assign(given, Printed{run(given)}).first->second.text;
}

}  // namespace certo::provider
