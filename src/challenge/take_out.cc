#include "challenge/take_out.h"

#include "base/error.h"
#include "base/log.h"
#include "challenge/lane.h"
#include "challenge/solver.h"
#include "challenge/webroot.h"
#include "os/signals.h"

namespace certo::challenge {
namespace {

/// The first thing that the journal lists, to say which one it is.
std::string example(const store::Presented& journal) {
  if (!journal.records().empty()) return journal.records().front().name;
  if (!journal.files().empty()) return journal.files().front().root;
  return "what was presented";
}

void warn(const std::string& what, const char* why) noexcept {
  log::warn(what + ": could not be taken out again: " + why + "; the next run tries once more");
}

}  // namespace

void take_out(const store::Home& home, store::Presented& journal, Author author, Millis lock_timeout) {
  if (!journal.files().empty()) remove_files(journal.files(), author);
  if (!journal.records().empty()) Lane(home, journal.way(), lock_timeout).cleanup(journal.records());
  journal.remove_all();
}

void clean_up(const store::Home& home, std::optional<store::Presented>& journal,
              Millis lock_timeout) noexcept {
  if (!journal) return;
  const os::Grace although_a_signal_came;
  try {
    take_out(home, *journal, Author::this_run, lock_timeout);
  } catch (const std::exception& error) {
    warn(example(*journal), error.what());
  }
  journal.reset();
}

void sweep(const store::Home& home, const SolverSettings& settings) noexcept {
  try {
    for (store::Presented& journal : store::Presented::left_over(home)) {
      const std::string left = example(journal);
      try {
        take_out(home, journal, Author::dead_run, settings.lock_timeout);
        log::verbose(left + ": took out what an earlier run had left");
      } catch (const std::exception& error) {
        warn(left, error.what());
      }
    }
  } catch (const std::exception& error) {
    log::warn(std::string("cannot look for what earlier runs have left: ") + error.what());
  }
}

}  // namespace certo::challenge
