// One certificate's part in a delivery, and one group of installations that share a reload. For this folder
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
#include "os/lock.h"

namespace certo::install {

/// A certificate whose lock is held, with the pair that is to be installed.
struct Parcel {
  store::Entry entry;
  os::Lock lock;
  std::vector<Installation> installations;
  Material material;
  Delivery delivery;
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

  /// What failed is noted in its parcel. Returns the shares that are worth a try of their own, because what
  /// they had in common failed.
  std::vector<Share> run();

 private:
  struct Item {
    Share share;
    std::unique_ptr<Transaction> files;
    std::optional<Error> failure{};
    bool is_shared_failure = false;  // perhaps another one's fault: it gets a try of its own
  };
  void place(Item& item);
  void prove(Item& item);
  /// The old files come back, and the server is told so.
  void take_back_failed();
  void settle(Item& item);
  static void note(Item& item);
  bool any_in_place() const;

  std::string command_;
  Seconds limit_{0};
  const DeliverSettings& settings_;
  std::vector<Item> items_;
};

/// "install.json" of a certificate.
std::string plan_file(const store::Entry& entry);

}  // namespace certo::install
