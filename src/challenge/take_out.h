// Taking out what was presented, as the journal lists it: at the end of a run, and for
// runs that died.
#pragma once

#include <optional>

#include "base/time.h"
#include "store/home.h"
#include "store/presented.h"

namespace certo::challenge {

enum class Author { this_run, dead_run };

/// Removes what `journal` lists, then the journal. Throws; the journal then stays for the next run.
void take_out(const store::Home& home, store::Presented& journal, Author author, Millis lock_timeout);

/// For acme::Solver::cleanup: also after a signal. A failure is a warning.
void clean_up(const store::Home& home, std::optional<store::Presented>& journal,
              Millis lock_timeout) noexcept;

}  // namespace certo::challenge
