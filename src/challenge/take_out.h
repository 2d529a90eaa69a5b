// Removes presented records and files that the journal lists, and ends the calls of programs: at the end of a
// run, and for runs that died.
#pragma once

#include <functional>
#include <optional>

#include "base/time.h"
#include "challenge/solver.h"
#include "store/home.h"
#include "store/presented.h"
#include "webserver/edit_note.h"

namespace certo::challenge {

enum class Author { this_run, dead_run };

/// For acme::Solver::cleanup: removes what `journal` lists, then the journal; also after a signal. A failure
/// is a warning, and the journal stays for a later run.
void clean_up(const store::Home& home, std::optional<store::Presented>& journal,
              Millis lock_timeout) noexcept;

/// Removes the files of dead runs. A failure is a warning, and postpones the next try.
void sweep_files(const store::Home& home) noexcept;
/// The same for DNS records, and for the calls of challenge programs: all services side by side, until the
/// deadline of `settings`.
void sweep_records(const store::Home& home, const SolverSettings& settings) noexcept;

/// Removes the records and files of dead runs, and their edits of web servers: files and edits at once,
/// because the same token may be needed again, and DNS records at the end, so that no service delays the
/// requested work.
class Sweep {
 public:
  using Settings = std::function<SolverSettings()>;  // called at the end

  /// Throws what `settings` throws, so that a mistake in them is reported before anything is done.
  Sweep(const store::Home& home, Settings settings) : home_(home), settings_(std::move(settings)) {
    const SolverSettings now = settings_();
    sweep_files(home_);
    webserver::recover_left_over(home_, now.lock_timeout);
  }
  ~Sweep() { sweep_records(home_, settings_()); }
  Sweep(const Sweep&) = delete;
  Sweep& operator=(const Sweep&) = delete;

 private:
  const store::Home& home_;
  Settings settings_;
};

}  // namespace certo::challenge
