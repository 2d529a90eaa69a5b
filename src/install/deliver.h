// Bringing the live certificates to where servers read them: files, reload, proof; and back again when one of
// these fails. What failed stays pending and is tried by the next run, without asking the CA.
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
  bool force = false;                // also what is in place already
  bool over_real = false;            // a test certificate may replace a real one
};

/// What became of one certificate that had something to install.
struct Delivery {
  std::string name;
  bool installed = false;  // everything is in place now
  Failure failure{};       // its code: not_installed, or later if another run holds it
};

/// Is the live version not everywhere where it belongs, or was a run interrupted? Reads targets.json only.
bool is_pending(const store::Entry& entry);

/// Brings every installation of these certificates to the live version where it is not there yet. Those with
/// the same reload command share one reload; when it fails, each is tried alone, so that one bad certificate
/// does not keep the others back. A result for each that had something to do. The caller holds no lock of
/// them. Throws only Interrupted.
std::vector<Delivery> deliver(const store::Home& home, std::vector<std::string> names,
                              const DeliverSettings& settings);

}  // namespace certo::install
