#include "console/values.h"

#include "base/error.h"
#include "base/text.h"
#include "console/option_sets.h"
#include "os/file.h"
#include "os/path.h"
#include "os/terminal.h"

namespace certo::console {

store::Home home(const Args& args) { return store::Home(args.get(flag::home)); }

store::Home home_to_read(const Args& args) {
  store::Home home(args.get(flag::home));
  if (args.says(flag::home) && !os::exists(home.path()))
    throw Error(Exit::unknown_name, home.path() + ": there is no such state folder",
                "is --home right? the first 'certo issue' makes a new one");
  return home;
}

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
