// Built-in providers against a hostile service. The first part of an input is the name of a provider,
// "present" or "cleanup", then settings as NAME=value, one on a line; the others are replies. A setting that
// is not given has a value that any service could have.
#include "provider/builtins.h"
#include "provider/credentials.h"
#include "service.h"

using namespace certo;

namespace {

void run(std::string_view input) {
  std::vector<std::string> parts = fuzz::parts(input);
  std::string_view head = parts.front();
  provider::Task task;
  task.provider = fuzz::take_line(head);
  const certo_provider* const provider = provider::find_builtin(task.provider);
  const auto action = provider::parse_action(fuzz::take_line(head));
  if (!provider || !action || *action == provider::Action::describe) return;
  task.provider = provider->name;
  task.action = *action;
  task.records = fuzz::two_records();
  for (const provider::Setting& setting : provider::describe(*provider, "built in").settings)
    if (setting.group == 1) task.settings[setting.name] = "setting";
  fuzz::accepts([&] {
    for (const provider::Line& line : provider::parse_lines(std::string(head), "input"))
      task.settings[line.name] = line.value;
  });
  parts.erase(parts.begin());
  fuzz::HostileService service(parts);
  fuzz::check_outcome(provider::call(*provider, task, service));
}

const fuzz::Registered registered("provider", run);

}  // namespace
