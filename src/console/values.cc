#include "console/values.h"

#include "base/error.h"
#include "base/text.h"
#include "console/option_sets.h"
#include "os/path.h"
#include "os/terminal.h"

namespace certo::console {

store::Home home(const Args& args) { return store::Home(args.get(flag::home)); }

bool is_attended(const Args& args) { return !args.has(flag::no_input) && os::is_attended(); }

Millis lock_timeout(const Args& args) { return seconds_or(args, flag::lock_timeout, 60, 0); }

Seconds seconds(const Args& args, const Option& option, int64_t least, int64_t most) {
  const std::string text = args.get(option);
  const auto value = number(text, least, most);
  if (!value) {
    throw Error(Exit::usage, long_flag(option) + " '" + text + "' is not a number of seconds from " +
                                 std::to_string(least) + " to " + std::to_string(most));
  }
  return Seconds(*value);
}

Seconds seconds_or(const Args& args, const Option& option, int64_t otherwise, int64_t least) {
  return args.has(option) ? seconds(args, option, least, 7 * 86400) : Seconds(otherwise);
}

std::string absolute(const std::string& path) { return os::absolute_path(path); }

}  // namespace certo::console
