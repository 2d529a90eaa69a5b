#include "install/deliver.h"

#include <algorithm>
#include <map>

#include "base/log.h"
#include "install/attempt.h"
#include "install/reload.h"
#include "os/file.h"

namespace certo::install {
namespace {

Delivery failed(const std::string& name, const Error& error) {
  const Exit code = error.code == Exit::later ? Exit::later : Exit::not_installed;
  return {.name = name, .code = code, .error = error.message, .hint = error.hint};
}

/// Reload commands, and for how long each may run.
using Commands = std::map<std::string, Seconds>;

/// All that is to be done for these certificates, locked in the order of their names: two runs that want the
/// same ones do not wait for each other for ever.
class Round {
 public:
  Round(const store::Home& home, std::vector<std::string> names, const DeliverSettings& settings)
      : settings_(settings) {
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    for (const std::string& name : names) open(store::Entry(home, name));
  }

  std::vector<Delivery> run() {
    for (auto& [command, shares] : groups()) {
      owed_.erase(command);
      for (Share& alone : Attempt(command, shares, settings_).run())
        Attempt(command, {std::move(alone)}, settings_).run();
    }
    pay();
    for (const auto& parcel : parcels_) results_.push_back(parcel->delivery);
    return std::move(results_);
  }

 private:
  void open(store::Entry entry) {
    if (!settings_.force && !is_pending(entry)) return;
    try {
      os::Lock lock = entry.lock_existing(settings_.lock_timeout);
      const std::string owed = recover(plan_file(entry));
      std::vector<Installation> list = installations(entry);
      if (!owed.empty()) owed_.emplace(owed, Installation{}.reload_limit);
      // Another run may have done it while this one waited.
      if (list.empty() || (!settings_.force && !is_pending(entry))) return;
      Material material = live_material(entry);
      Delivery delivery{.name = entry.name(), .installed = true};
      parcels_.push_back(std::make_unique<Parcel>(Parcel{std::move(entry), std::move(lock), std::move(list),
                                                         std::move(material), std::move(delivery)}));
    } catch (const Error& error) {
      results_.push_back(failed(entry.name(), error));
    }
  }

  /// By reload command. Without one nothing is shared, but nothing can fail together either.
  std::map<std::string, std::vector<Share>> groups() {
    std::map<std::string, std::vector<Share>> all;
    for (const auto& parcel : parcels_) {
      for (Installation& one : parcel->installations) {
        if (!settings_.force && one.version == parcel->material.version) continue;
        std::vector<Share>& group = all[one.reload];
        if (group.empty() || group.back().parcel != parcel.get()) group.push_back({parcel.get(), {}});
        group.back().installations.push_back(&one);
      }
    }
    return all;
  }

  /// The reloads for old files that a dead run has left switched, where no other one came since.
  void pay() {
    for (const auto& [command, limit] : owed_)
      if (const auto wrong = reload(command, limit)) log::warn(*wrong);
  }

  const DeliverSettings& settings_;
  std::vector<std::unique_ptr<Parcel>> parcels_;
  std::vector<Delivery> results_;
  Commands owed_;
};

}  // namespace

bool is_pending(const store::Entry& entry) {
  if (os::exists(plan_file(entry))) return true;
  const std::string live = os::read_link(entry.folder() + "/live").value_or("");
  if (live.empty()) return false;
  try {
    return std::ranges::any_of(installations(entry),
                               [&](const Installation& one) { return one.version != live; });
  } catch (const Error&) {
    return true;  // damaged: the delivery says so
  }
}

std::vector<Delivery> deliver(const store::Home& home, std::vector<std::string> names,
                              const DeliverSettings& settings) {
  return Round(home, std::move(names), settings).run();
}

}  // namespace certo::install
