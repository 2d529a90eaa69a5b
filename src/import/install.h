// Where the other client put a certificate, and its hooks: taken over so that the next renewal goes there,
// and nothing happens before.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "install/targets.h"
#include "store/entry.h"
#include "store/home.h"

namespace certo::imports {

/// `hooks` is by install::HookKind. What cannot be stored is added to `left`. The caller holds the lock.
void take_hooks(const store::Entry& entry, const std::array<std::vector<std::string>, 3>& hooks,
                const std::string& version, std::vector<std::string>& left);

/// The same of the files and the reload command. Where one of them cannot be written it is the command that
/// does the same that is added to `left`, and a sentence where a file holds something else than `live`.
void take_installation(const store::Home& home, const store::Entry& entry, install::Installation wanted,
                       const store::Live& live, std::vector<std::string>& left);

}  // namespace certo::imports
