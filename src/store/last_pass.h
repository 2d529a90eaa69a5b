// last-pass.json of the state folder: the result of the last run of `certo cron`, for whoever asks whether
// the schedule works.
#pragma once

#include <optional>
#include <string>

#include "base/exit.h"
#include "base/time.h"
#include "store/home.h"

namespace certo::store {

struct LastPass {
  Time started{}, ended{};
  int code = 0;         // the exit code
  std::string summary;  // "2 renewed, 1 unchanged", or the failure that ended it; escaped
};

/// Nothing if there was none, or if the file is damaged.
std::optional<LastPass> last_pass(const Home& home);
/// Does nothing if the state folder does not exist. Throws Error{cannot_write}.
void save(const Home& home, const LastPass& pass);

}  // namespace certo::store
