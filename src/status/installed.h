// The files of a certificate's installations, compared with the store.
#pragma once

#include <string>
#include <vector>

#include "install/targets.h"
#include "status/model.h"
#include "store/entry.h"

namespace certo::status {

/// The files of those installations that should hold the live version, and the store's own key. A pending
/// installation is left out: it says so itself. Nothing here throws: what cannot be read is a state of the
/// file.
std::vector<InstalledFile> look_at_files(const store::Entry& entry, const std::string& live_version,
                                         const std::vector<install::Installation>& installations);

}  // namespace certo::status
