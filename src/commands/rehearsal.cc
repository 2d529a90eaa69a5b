#include "commands/rehearsal.h"

#include <algorithm>

#include "os/file.h"
#include "store/servers.h"

namespace certo::commands {
namespace {

/// The test server of the CA with this directory; "" if the table has the CA, but no test server for it;
/// nullopt if the table does not have the CA.
std::optional<std::string> known_test_directory(const Args& args, const std::string& directory) {
  const std::vector<store::Server> all = store::servers(home(args));
  const auto found = std::ranges::find(all, directory, &store::Server::directory);
  if (found == all.end()) return {};
  const store::Server* staging = found->staging.empty() ? nullptr : store::find_server(all, found->staging);
  return staging ? staging->directory : "";
}

std::string given_directory(const Args& args) {
  Args without_staging = args;
  without_staging.remove(flag::staging);
  return directory_urls(without_staging).front();
}

}  // namespace

std::string test_directory(const Args& args, const std::string& directory) {
  std::string wanted = directory;
  if (args.says(flag::server)) wanted = given_directory(args);
  const std::optional<std::string> known = known_test_directory(args, wanted);
  if (known && !known->empty()) return *known;
  if (!known && wanted != directory) return wanted;
  throw Error(Exit::usage, "certo knows no test server of " + wanted,
              "give the directory of a test server: --dry-run --server URL");
}

renew::SessionSettings rehearsal_settings(const Args& args) {
  renew::SessionSettings settings = session_settings(args, "");
  settings.account_key.clear();
  const bool has_accounts = !os::list_folder(home(args).path() + "/accounts").empty();
  settings.agrees_to = [ask = settings.agrees_to, has_accounts](const std::string& terms) {
    return has_accounts || ask(terms);
  };
  return settings;
}

}  // namespace certo::commands
