// Installs the live certificates for servers: files, reload, proof. If one of these fails, the previous files
// are restored. A failed installation stays pending, and the next run tries it again without contacting the
// CA.
#pragma once

#include <string>
#include <vector>

#include "base/failure.h"
#include "install/material.h"
#include "install/targets.h"
#include "store/entry.h"

namespace certo::install {

struct DeliverSettings {
  Millis lock_timeout = Seconds(60);
  Millis proof_limit = Seconds(10);  // of one installation's --verify
  bool force = false;                // also those that are in place
  bool over_real = false;            // a test certificate may replace a real one
};

/// The result for one certificate with pending installations.
struct Delivery {
  std::string name;
  bool installed = false;  // everything is in place now
  Failure failure{};       // its code: not_installed, or later if another run holds it
  bool is_known = false;   // the schedule has reported this failure before
};

/// Is the live version missing in one of the installations, or was a run interrupted? Reads targets.json
/// only.
bool is_pending(const store::Entry& entry);

/// Brings every pending installation of these certificates to the live version. Installations with the same
/// reload command share one reload. If it fails, each is tried alone, so that one bad certificate does not
/// block the others. Returns a result for each certificate with pending work. The caller holds no lock of
/// them. Throws only Interrupted.
std::vector<Delivery> deliver(const store::Home& home, std::vector<std::string> names,
                              const DeliverSettings& settings);

}  // namespace certo::install
