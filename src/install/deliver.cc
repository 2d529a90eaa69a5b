#include "install/deliver.h"

#include <algorithm>
#include <map>

#include "base/log.h"
#include "install/attempt.h"
#include "install/over_real.h"
#include "install/reload.h"
#include "os/file.h"
#include "store/test_certificate.h"

namespace certo::install {
namespace {

Delivery failed(const std::string& name, const Error& error) {
  Failure failure = failure_of(error);
  if (failure.code != Exit::later) failure.code = Exit::not_installed;
  return {.name = name, .failure = std::move(failure)};
}

/// Reload commands, and for how long each may run.
using Commands = std::map<std::string, Seconds>;

/// A parcel, and the lock of its certificate.
struct Held {
  os::Lock lock;
  Parcel parcel;
};

/// All pending work for these certificates, locked in the order of their names, so that two runs that need
/// the same ones cannot deadlock.
class Round {
 public:
  Round(const store::Home& home, std::vector<std::string> names, const DeliverSettings& settings)
      : home_(home), settings_(settings) {
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    for (const std::string& name : names) open(store::Entry(home, name));
  }

  std::vector<Delivery> run() {
    for (auto& [command, shares] : groups()) {
      owed_.erase(command);
      std::vector<Share> again = Attempt(command, shares, settings_).run();
      for (Share& alone : again) Attempt(command, {std::move(alone)}, settings_).run();
    }
    pay();
    for (const auto& held : held_) results_.push_back(result_of(held->parcel));
    return std::move(results_);
  }

 private:
  void open(store::Entry entry) {
    if (!settings_.force && !is_pending(entry)) return;
    try {
      os::Lock lock = entry.lock_existing(settings_.lock_timeout);
      const std::string owed = recover(plan_file(entry), settings_.lock_timeout);
      std::vector<Installation> list = installations(entry);
      if (!owed.empty()) owed_.emplace(owed, Installation{}.reload_limit);
      // Another run may have done it while this one waited.
      if (list.empty() || (!settings_.force && !is_pending(entry))) return;
      if (!settings_.over_real) keep_apart(entry, list);
      Material material = live_material(entry);
      const std::string plan = plan_file(entry);
      held_.push_back(std::make_unique<Held>(
          Held{std::move(lock), {std::move(entry), plan, std::move(list), std::move(material)}}));
    } catch (const Error& error) {
      results_.push_back(failed(entry.name(), error));
    }
  }

  /// Throws for a test certificate that would replace a real one.
  void keep_apart(const store::Entry& entry, const std::vector<Installation>& list) const {
    if (!store::is_test(home_, entry)) return;
    for (const Installation& one : list) require_no_real(home_, entry, one);
  }

  /// Grouped by reload command. Installations without one are in one group: they cannot fail together.
  std::map<std::string, std::vector<Share>> groups() {
    std::map<std::string, std::vector<Share>> all;
    for (const auto& held : held_) {
      Parcel& parcel = held->parcel;
      for (Installation& one : parcel.installations) {
        if (!settings_.force && one.version == parcel.material.version) continue;
        std::vector<Share>& group = all[one.reload];
        if (group.empty() || group.back().parcel != &parcel) group.push_back({&parcel, {}});
        group.back().installations.push_back(&one);
      }
    }
    return all;
  }

  static Delivery result_of(const Parcel& parcel) {
    if (parcel.failure) return failed(parcel.entry->name(), *parcel.failure);
    return {.name = parcel.entry->name(), .installed = true};
  }

  /// Runs the reload commands after the files of a dead run were restored, unless the same command has run
  /// since.
  void pay() {
    for (const auto& [command, limit] : owed_)
      if (const auto wrong = reload(command, limit)) log::warn(*wrong);
  }

  const store::Home& home_;
  const DeliverSettings& settings_;
  std::vector<std::unique_ptr<Held>> held_;
  std::vector<Delivery> results_;
  Commands owed_;
};

}  // namespace

bool is_pending(const store::Entry& entry) {
  if (os::exists(plan_file(entry))) return true;
  const auto live = [&] { return os::read_link(entry.folder() + "/live").value_or(""); };
  try {
    const std::vector<Installation> all = installations(entry);
    const std::string version = all.empty() ? "" : live();
    return !version.empty() &&
           std::ranges::any_of(all, [&](const Installation& one) { return one.version != version; });
  } catch (const Error&) {
    return !live().empty();  // damaged: the delivery says so
  }
}

std::vector<Delivery> deliver(const store::Home& home, std::vector<std::string> names,
                              const DeliverSettings& settings) {
  return Round(home, std::move(names), settings).run();
}

}  // namespace certo::install
