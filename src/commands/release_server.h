// The server of releases, and the upgrade to what it offers.
#pragma once

#include <string>

#include "base/time.h"
#include "commands/release.h"
#include "net/http.h"

namespace certo::commands {

class ReleaseServer {
 public:
  /// `ca_bundle`: roots that verify the server; "": those of the system.
  explicit ReleaseServer(const std::string& ca_bundle);

  /// The newest release. Throws Error{protocol} unless its list is signed, and signed lately.
  Release newest();
  std::string get(const std::string& path, size_t limit);

 private:
  net::Url parsed(const std::string& url) const;

  net::Http http_;
  std::string url_, subject_;
};

/// Throws Error{config} for a certo without a key or of a Debian package, and Error{cannot_write} if this
/// user cannot write to the folders of the programs.
void require_upgradable();

/// Downloads the programs of `release`, starts each once, and exchanges them. Two runs at once do not mix
/// their files: the second one waits. False if the release is installed already. Throws Error; nothing has
/// changed then.
bool upgrade(ReleaseServer& server, const Release& release, Millis lock_timeout);

/// Puts back the programs that the last upgrade kept as certo.old.
void undo_upgrade(Millis lock_timeout);

}  // namespace certo::commands
