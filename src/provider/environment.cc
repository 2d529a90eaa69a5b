#include "provider/environment.h"

#include <algorithm>

#include "os/terminal.h"
#include "provider/builtins.h"
#include "provider/descriptor.h"

namespace certo::provider {

Environment::Environment(FoundBy found_by, const std::string& name, std::vector<std::string> listed)
    : found_by_(found_by), prefix_(own_name(name, "")), listed_(std::move(listed)) {}

Environment Environment::of_cron() {
  Environment environment;
  environment.is_empty_ = true;
  return environment;
}

bool Environment::allows(const std::string& variable) const {
  if (std::ranges::find(listed_, variable) != listed_.end()) return true;
  switch (found_by_) {
    case FoundBy::built_in: return true;
    // A file aws.so is not given the keys of Route 53.
    case FoundBy::file_name: return variable.starts_with(prefix_) && !is_of_built_in(variable);
    case FoundBy::path: return false;
  }
  return false;
}

std::string Environment::value(const std::string& variable) const {
  return !is_empty_ && allows(variable) ? os::environment(variable.c_str()) : "";
}

}  // namespace certo::provider
