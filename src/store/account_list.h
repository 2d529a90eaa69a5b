// All accounts of the store: accounts/<ca>/<name>/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "acme/types.h"
#include "store/home.h"

namespace certo::store {

struct StoredAccount {
  std::string directory;  // URL; the folder's name if it does not tell the URL
  std::string name;       // "default"
  std::string folder;
  std::optional<acme::Account> account{};  // nothing if account.json is missing or damaged
};

/// In the order of their folders. Folders without a key are none.
std::vector<StoredAccount> accounts(const Home& home);

}  // namespace certo::store
