// Values of options that most commands read.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"
#include "console/args.h"
#include "store/home.h"

namespace certo::console {

store::Home home(const Args& args);
/// The same for a command that only reads. Error{unknown_name} if the folder of --home is not there: it may
/// be misspelt. That of CERTO_HOME and the default one are made by the first issue.
store::Home home_to_read(const Args& args);
bool is_attended(const Args& args);     // somebody can be asked
Millis lock_timeout(const Args& args);  // --lock-timeout
/// The value of `option`, which is given. Error{usage} unless it is a number from `least` to `most`.
Seconds seconds(const Args& args, const Option& option, int64_t least, int64_t most);
/// The same; `otherwise` if `option` is not given.
Seconds seconds_or(const Args& args, const Option& option, int64_t otherwise, int64_t least);
/// Relative to the working folder, because stored paths must not depend on it. "" stays "".
std::string absolute(const std::string& path);

}  // namespace certo::console
