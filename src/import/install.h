// The installation targets and hooks of the other client: imported for the next renewal; nothing is written
// or run before that.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "install/targets.h"
#include "store/entry.h"
#include "store/home.h"

namespace certo::imports {

/// `hooks` is indexed by install::HookKind. Hooks that cannot be stored are added to `left`. The caller holds
/// the lock.
void take_hooks(const store::Entry& entry, const std::array<std::vector<std::string>, 3>& hooks,
                const std::string& version, std::vector<std::string>& left);

/// The same for the files and the reload command. If one of them cannot be written, `left` gets the command
/// that does the same; if a file does not hold `live`, `left` gets a sentence.
void take_installation(const store::Home& home, const store::Entry& entry, install::Installation wanted,
                       const store::Live& live, std::vector<std::string>& left);

}  // namespace certo::imports
