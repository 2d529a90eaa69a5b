#include "challenge/take_out.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "challenge/lane.h"
#include "challenge/program.h"
#include "challenge/webroot.h"
#include "os/signals.h"

namespace certo::challenge {
namespace {

constexpr Millis longest_cleanup = Seconds(120);
constexpr size_t most_threads = 8;

using Journals = std::vector<store::Presented>;

/// Names of records and webroots, each once.
std::string names_of(const store::Presented& journal) {
  std::set<std::string> names;
  for (const DnsRecord& record : journal.records()) names.insert(record.name);
  for (const store::PresentedFile& file : journal.files()) names.insert(file.root);
  for (const store::PresentedCall& call : journal.calls()) names.insert(call.identifier);
  return join({names.begin(), names.end()}, ", ");
}

bool is_of_files(const store::Presented& journal) {
  return journal.records().empty() && journal.calls().empty();
}

/// The first name, for --forget.
std::string first_name(const store::Presented& journal) {
  if (!journal.records().empty()) return journal.records().front().name;
  return journal.files().empty() ? journal.calls().front().identifier : journal.files().front().root;
}

/// Removes what the journals list, which all have the same way. Equal records are removed once. Throws; the
/// journals then stay.
void take_out(const store::Home& home, std::span<store::Presented> journals, Author author,
              Millis lock_timeout, const Deadline& deadline) {
  std::vector<DnsRecord> records;
  for (const store::Presented& journal : journals) {
    if (!journal.files().empty()) remove_files(journal.files(), author);
    if (!journal.calls().empty()) end_calls(journal, deadline);
    for (const DnsRecord& record : journal.records())
      if (std::ranges::find(records, record) == records.end()) records.push_back(record);
  }
  if (!records.empty()) Lane(home, journals.front().dns(), lock_timeout).cleanup(records, deadline);
  for (store::Presented& journal : journals) journal.remove_all();
}

/// By way, so that each DNS service is called once.
std::vector<Journals> grouped(Journals journals) {
  std::vector<Journals> groups;
  for (store::Presented& journal : journals) {
    const auto is_same = [&](const Journals& group) { return group.front().way() == journal.way(); };
    auto group = std::ranges::find_if(groups, is_same);
    if (group == groups.end()) group = groups.emplace(groups.end());
    group->push_back(std::move(journal));
  }
  return groups;
}

void postpone(store::Presented& journal, const Error& error) {
  // Another run uses the service: nothing has failed.
  if (error.code == Exit::later) return log::verbose(names_of(journal) + ": " + error.message);
  const Time time = now();
  const auto pause = journal.postpone(time) - time;
  log::warn(names_of(journal) + ": could not be removed: " + error.message + "; certo tries again after " +
            spoken_duration(std::chrono::duration_cast<Seconds>(pause).count()) +
            ", 'certo cleanup --forget " + first_name(journal) + "' gives up");
}

/// If some of the journals fail, the others are still removed, unless the service does not answer at all.
void sweep_group(const store::Home& home, std::span<store::Presented> journals,
                 const SolverSettings& settings) {
  const std::string names = names_of(journals.front());
  try {
    take_out(home, journals, Author::dead_run, settings.lock_timeout, settings.deadline);
    log::verbose(names + ": removed what an earlier run had left");
  } catch (const Error& error) {
    if (journals.size() == 1 || error.code == Exit::unreachable) {
      for (store::Presented& journal : journals) postpone(journal, error);
    } else {
      for (store::Presented& journal : journals) sweep_group(home, {&journal, 1}, settings);
    }
  }
}

void sweep_all(const store::Home& home, std::vector<Journals> groups, const SolverSettings& settings) {
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t at = next++; at < groups.size(); at = next++) {
      if (settings.deadline.passed() || os::pending_signal() != 0) return;
      try {
        sweep_group(home, groups[at], settings);
      } catch (const Interrupted&) {
        return;  // the journals stay for the next run
      } catch (const std::exception& error) {
        log::warn(std::string("what earlier runs have left could not be removed: ") + error.what());
      }
    }
  };
  std::vector<std::jthread> others;
  for (size_t i = 1; i < std::min(groups.size(), most_threads); ++i) others.emplace_back(work);
  work();
}

template <typename Wanted>
void sweep_if(const store::Home& home, Wanted is_wanted, const SolverSettings& settings) noexcept {
  try {
    Journals journals;
    for (store::Presented& journal : store::Presented::left_over(home, now()))
      if (is_wanted(journal)) journals.push_back(std::move(journal));
    sweep_all(home, grouped(std::move(journals)), settings);
  } catch (const std::exception& error) {
    log::warn(std::string("cannot look for what earlier runs have left: ") + error.what());
  }
}

}  // namespace

void clean_up(const store::Home& home, std::optional<store::Presented>& journal,
              Millis lock_timeout) noexcept {
  if (!journal) return;
  const os::Grace although_a_signal_came;
  try {
    const std::vector<DnsRecord> records = journal->records();
    take_out(home, {&*journal, 1}, Author::this_run, lock_timeout, Deadline(longest_cleanup));
    // A dead run of the same order has listed the same records.
    if (!records.empty()) store::Presented::forget_removed(home, journal->way(), records);
  } catch (const std::exception& error) {
    log::warn(names_of(*journal) + ": could not be removed: " + error.what() + "; the next run tries again");
  }
  journal.reset();
}

void sweep_files(const store::Home& home) noexcept {
  sweep_if(home, [](const store::Presented& journal) { return is_of_files(journal); }, {});
}

void sweep_records(const store::Home& home, const SolverSettings& settings) noexcept {
  sweep_if(
      home, [](const store::Presented& journal) { return !is_of_files(journal); }, settings);
}

}  // namespace certo::challenge
