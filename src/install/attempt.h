// One group of installations that share a reload command, from the first new file to the proof. For this room
// only.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "install/deliver.h"
#include "install/transaction.h"

namespace certo::install {

/// A pair to install, and where. The caller holds the lock of the entry or of the plan's journal.
struct Parcel {
  std::optional<store::Entry> entry;  // nothing if the pair came by a pipe
  std::string plan_file;
  std::vector<Installation> installations;
  Material material;
  std::optional<Error> failure{};  // the last one
};

/// Some installations of one certificate.
struct Share {
  Parcel* parcel = nullptr;
  std::vector<Installation*> installations;
};

/// Installations of several certificates with one reload command, from staging to proof.
class Attempt {
 public:
  Attempt(std::string command, std::vector<Share> shares, const DeliverSettings& settings);

  /// Stores what failed in the parcels. Returns the shares that are worth a try of their own, because what
  /// they had in common failed.
  std::vector<Share> run();

 private:
  struct Item {
    Share share;
    std::unique_ptr<Transaction> files;
    std::optional<Error> failure{};
    bool is_shared_failure = false;  // another share may have caused it: this one is tried alone
  };
  void open(Item& item);
  /// False if another certo held one of the folders for too long.
  bool lock();
  void place(Item& item);
  void prove(Item& item);
  /// Restores the previous files of all that failed, and reloads the server with them.
  void restore_failed();
  void settle(Item& item);
  static void note(Item& item);
  bool any_in_place() const;

  std::string command_;
  Seconds limit_{0};
  const DeliverSettings& settings_;
  os::Places places_;  // the folders of all targets
  std::vector<Item> items_;
};

/// "install.json" of a certificate.
std::string plan_file(const store::Entry& entry);

}  // namespace certo::install
