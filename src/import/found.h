// What another client's folder holds, read and not yet stored. Nothing in that folder is changed, and no CA
// is asked.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "store/home.h"
#include "store/request.h"

namespace certo::imports {

struct FoundAccount {
  std::string directory;  // URL
  std::string origin;     // folder
  std::string key;        // PEM
  std::string url;        // "" where the client did not write it down
  std::vector<std::string> contact;
};

struct FoundCertificate {
  std::string name;    // in the store
  std::string origin;  // folder
  store::Request request;
  std::string key, chain;  // PEM, leaf first
};

/// Settings of a DNS provider, by the names that the other client gives them.
struct FoundSettings {
  std::string provider;  // as Way::provider
  std::map<std::string, std::string> values;
};

struct Found {
  std::vector<FoundAccount> accounts;
  std::vector<FoundCertificate> certificates;
  std::vector<FoundSettings> settings;
  std::vector<std::string> left;  // what was not taken over, and what to do about it: one sentence each
};

/// `folder` is acme.sh's --config-home, ~/.acme.sh for most. Throws Error{bad_input} where it is none; what
/// is damaged in it is left with the reason.
Found read_acmesh(const std::string& folder);

/// What became of it.
struct Taken {
  std::vector<std::string> accounts, certificates, settings;  // names
  std::vector<std::string> left;
};

/// Stores it below `home`. What is there already stays as it is, so that the same again adds only what is
/// new.
Taken take(const store::Home& home, Found found, Millis lock_timeout);

}  // namespace certo::imports
