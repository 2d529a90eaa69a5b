// What the readers of other clients' folders have in common.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "store/request.h"

namespace certo::imports {

/// A word for the shell.
std::string shell_word(const std::string& text);

/// As Way::listen; "" where both are.
std::string listen_on(std::string address, const std::string& port);

/// Puts names that go the same way together. The last name's way is the usual one.
store::Ways ways_of(const std::vector<crypto::Identifier>& identifiers,
                    const std::function<store::Way(size_t)>& way_of);

}  // namespace certo::imports
