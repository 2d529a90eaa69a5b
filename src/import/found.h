// What another client's folder holds, read and not yet stored. Nothing in that folder is changed, and no CA
// is asked.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "install/targets.h"
#include "store/home.h"
#include "store/request.h"

namespace certo::imports {

struct FoundAccount {
  std::string directory;  // URL
  std::string origin;     // folder
  std::string key;        // PEM
  std::string url;        // "" if the client did not write it down
  std::vector<std::string> contact;
  std::string id{};  // the value of FoundCertificate::account; "" if the client does not distinguish accounts
};

struct FoundCertificate {
  std::string name;    // in the store
  std::string origin;  // folder or file
  store::Request request;
  std::string no_way{};                  // why the request has no ways: nothing says how its names are proven
  std::string account{};                 // FoundAccount::id
  std::string key, chain;                // PEM, leaf first
  install::Installation installation{};  // the places to which the other client copied it
  std::array<std::vector<std::string>, 3> hooks{};  // by install::HookKind
  std::vector<std::string> left{};                  // as in Found
};

/// Settings of a DNS provider, by the names that the other client gives them.
struct FoundSettings {
  std::string provider;  // as Way::provider
  std::map<std::string, std::string> values;
};

/// A program that runs for every certificate.
struct FoundHookFile {
  std::string kind;  // "pre", "deploy", "post"
  std::string path;
};

struct Found {
  std::vector<FoundAccount> accounts;
  std::vector<FoundCertificate> certificates;
  std::vector<FoundSettings> settings;
  std::vector<std::string> left;  // what was not taken over, and what to do about it: one sentence each
  std::vector<FoundHookFile> hook_files{};
  std::string read_by_servers{};  // folder that servers read the certificates from, by their names
};

/// `folder` is acme.sh's --config-home, usually ~/.acme.sh. Throws Error{bad_input} if it is something else.
/// Damaged parts are not imported, and `left` gives the reason.
Found read_acmesh(const std::string& folder);

/// The same for certbot's --config-dir, usually /etc/letsencrypt. Throws Error{later} while certbot is at
/// work.
Found read_certbot(const std::string& folder);

/// The same for lego's --path, usually .lego, of version 4 or 5. `directories` are the URLs of all known CAs,
/// because lego stores only their hosts.
Found read_lego(const std::string& folder, const std::vector<std::string>& directories);

/// "acme.sh", "certbot" or "lego", by what is in the folder. Throws Error{bad_input} for another one.
std::string client_of(const std::string& folder);

struct TakeSettings {
  Millis lock_timeout{};
  bool is_rehearsal = false;         // store nothing, only say what would be stored
  std::optional<store::Way> way{};   // of certificates that have none
  std::vector<std::string> names{};  // only these certificates; empty: all
  std::string command{};             // "certo import --from lego DIR": how to do it again
};

/// Is this one of `settings.names`, or are all wanted?
bool is_wanted(const TakeSettings& settings, const FoundCertificate& found);

/// The result of an import.
struct Taken {
  std::vector<std::string> accounts, certificates, settings;  // names
  std::vector<std::string> left;
  size_t present = 0;  // how many of all that was found are in the store already
};

/// Stores it below `home`. Existing things are not changed, so a repeated import adds only what is new.
Taken take(const store::Home& home, Found found, const TakeSettings& settings);

}  // namespace certo::imports
