#include "provider/credentials_program.h"

#include <map>
#include <mutex>

#include "base/error.h"
#include "base/text.h"
#include "os/child.h"
#include "os/program.h"
#include "provider/executable.h"

namespace certo::provider {
namespace {

constexpr Millis longest_call = Seconds(30);
constexpr Millis fresh_for = Seconds(300);

std::string run(const Program& program, const std::string& given) {
  if (program.path.empty())
    throw Error(Exit::config, given + " does not name a program", "exec:/path/to/program");
  os::Command command;
  command.argv = program.words;
  std::erase(command.argv, "");
  command.argv.insert(command.argv.begin(), program.path);
  command.path = os::trusted_program(program.path);
  command.environment = os::clean_environment();
  command.deadline = longest_call;
  const os::Finished finished = os::run(command);
  if (finished.timed_out || finished.status != 0) {
    throw Error(Exit::config, given + ": " + reason(finished, longest_call),
                "it must print KEY=value lines, and it runs without your environment");
  }
  if (finished.truncated) throw Error(Exit::config, given + ": prints more than settings can need");
  return finished.output;
}

struct Printed {
  std::string text;
  Deadline fresh{fresh_for};
};

}  // namespace

std::string printed_credentials(const Program& program) {
  const std::string given = to_text(program);
  static std::mutex mutex;
  static std::map<std::string, Printed> known;
  const std::lock_guard guard(mutex);
  const auto found = known.find(given);
  if (found != known.end() && !found->second.fresh.passed()) return found->second.text;
  return known.insert_or_assign(given, Printed{run(program, given)}).first->second.text;
}

}  // namespace certo::provider
