// The table of CAs: servers.json, embedded; <home>/servers.json overrides and adds. It changed
// three times in two years, so it is data.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/home.h"

namespace certo::store {

struct Server {
  std::string name;  // "letsencrypt"
  std::vector<std::string> aliases;
  std::string title;  // "Let's Encrypt"
  std::string directory;
  std::string staging;  // name of its staging server, or ""
  bool external_account = false;
  bool weak_keys = false;  // a private CA whose issuers have keys that are too short for a public one
  std::string ended;       // when and why it is no more, or ""
};
/// Throws Error{bad_input} for a damaged <home>/servers.json.
std::vector<Server> servers(const Home& home);
std::vector<Server> built_in_servers();
/// Whether the table says so of the CA with this directory.
bool allows_weak_keys(const Home& home, const std::string& directory);
/// By name or alias, in any case of letters; nullptr when there is none.
const Server* find_server(const std::vector<Server>& all, std::string_view name);

}  // namespace certo::store
