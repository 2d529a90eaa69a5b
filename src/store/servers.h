// The table of CAs: servers.json, embedded; <home>/servers.json overrides and adds. It changed
// three times in two years, so it is data. It also decides which CAs are test CAs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "store/home.h"
#include "store/limits.h"

namespace certo::store {

/// A certificate profile (draft-ietf-acme-profiles), as far as it is known in advance.
struct Profile {
  std::string name;
  size_t names = 0;        // at most so many in one certificate; 0: not known
  bool addresses = false;  // also for IP addresses
  Seconds lifetime{};      // zero: not known
};

struct Server {
  std::string name;  // "letsencrypt"
  std::vector<std::string> aliases;
  std::string title;  // "Let's Encrypt"
  std::string directory;
  std::string staging;  // name of its staging server, or ""
  bool test = false;    // a test CA, even if no entry names it as its staging server
  bool external_account = false;
  std::string eab_by_email, eab_by_api_key;  // URLs outside of ACME that make an external account, or ""
  std::string eab_hint;                      // how a person gets one: a sentence without a full stop, or ""
  bool refuses_must_staple = false;
  std::vector<Profile> profiles;  // the first one is the CA's default; empty: not known
  bool weak_keys = false;         // a private CA whose issuers have keys that are too short for a public one
  std::string ended;              // when and why the CA stopped, or ""
  std::optional<std::vector<LimitRule>> limits;  // nothing: not said
};
/// Throws Error{bad_input} for a damaged <home>/servers.json.
std::vector<Server> servers(const Home& home);
std::vector<Server> built_in_servers();
/// The user's table with the built-in one; only the latter if <home>/servers.json cannot be read.
std::vector<Server> readable_servers(const Home& home);
/// Scheme and host in any case of letters, with or without the default port.
bool is_same_url(const std::string& a, const std::string& b);
/// Whether the table says so of the CA with this directory.
bool allows_weak_keys(const Home& home, const std::string& directory);
/// Whether the built-in table lists this CA. It contains public CAs and their test servers only.
bool is_public_directory(const std::string& directory);
/// The entry of this directory; nothing if there is none, or the user's table cannot be read.
std::optional<Server> server_of(const Home& home, const std::string& directory);
/// The limits of the CA with this directory; none if they are not known. An entry of the user that says
/// nothing of them leaves the built-in ones.
std::vector<LimitRule> limits_of(const Home& home, const std::string& directory);
/// By name or alias, in any case of letters; nullptr if there is none.
const Server* find_server(const std::vector<Server>& all, std::string_view name);

/// Does this directory belong to a test CA? It does if an entry of the table names it as its staging server,
/// or if its own entry is marked "test". Every other directory, a private one included, is a real CA. If
/// <home>/servers.json cannot be read, this is said once and the built-in table decides.
bool is_test_directory(const Home& home, const std::string& directory);

}  // namespace certo::store
