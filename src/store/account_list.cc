#include "store/account_list.h"

#include "os/file.h"
#include "store/account.h"

namespace certo::store {
namespace {

/// The names in the folder `path`; nothing if it is not a folder.
std::vector<std::string> names_in(const std::string& path) {
  try {
    return os::list_folder(path);
  } catch (const Error&) {
    return {};
  }
}

StoredAccount account_in(const Home& home, const std::string& ca, const std::string& name) {
  StoredAccount found{.directory = ca, .name = name, .folder = home.path() + "/accounts/" + ca + "/" + name};
  if (const std::optional<std::string> url = directory_of_ca(ca)) {
    found.directory = *url;
    found.account = AccountFolder(home, *url, name).account();
  }
  return found;
}

}  // namespace

std::vector<StoredAccount> accounts(const Home& home) {
  std::vector<StoredAccount> all;
  const std::string root = home.path() + "/accounts";
  for (const std::string& ca : names_in(root)) {
    for (const std::string& name : names_in(root + "/" + ca)) {
      const bool is_account = is_component(name) && os::exists(root + "/" + ca + "/" + name + "/account.key");
      if (is_account) all.push_back(account_in(home, ca, name));
    }
  }
  return all;
}

}  // namespace certo::store
