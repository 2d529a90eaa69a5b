// targets.json of a certificate: its installations, and how far each has come. A renewal repeats them.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "store/entry.h"

namespace certo::install {

/// The content of a target. `pem` is key and full chain in one file; `folder` is a link to a folder that
/// holds key.pem, cert.pem, chain.pem and fullchain.pem.
enum class Part { certificate, key, chain, fullchain, pem, pfx, folder };
std::string_view name(Part part);
bool holds_key(Part part);

/// One file, or one link to a folder. Owner, group and mode do not change if they are not given; a new file
/// belongs to the user who runs certo, with mode 0600 if it holds a key and 0644 if not.
struct Target {
  Part part = Part::certificate;
  std::string path;  // absolute, without links when it was chosen (but a folder is a link itself)
  std::string owner, group;
  std::optional<mode_t> mode{};  // of the file; of a folder: of the files in it without the key
  std::optional<mode_t>
      key_mode{};  // of a file with the key: counts instead of `mode`, and may open it to all
  bool operator==(const Target&) const = default;

  /// The mode that was given for the file of this part, which is the target's or one in its folder. Throws
  /// Error{usage} if `mode` would open the key to others.
  std::optional<mode_t> mode_of(Part file) const;
};

/// Targets that are switched together, and the command that makes a server read them.
struct Installation {
  std::vector<Target> targets;
  std::string reload;  // for /bin/sh; empty: none
  Seconds reload_limit{120};
  std::vector<std::string> verify;  // "HOST:PORT[/STARTTLS]": servers that must present the certificate then
  std::string pfx_password_file;
  /// "nginx" or "apache": its configuration names the live files of the store, and `reload` makes it read
  /// them again.
  std::string web_server;

  // The result so far.
  std::string version;  // the store's version that is in place; empty: none yet
  int failures = 0;     // in a row
  std::optional<Time> failed_at;
  std::string error;
};

Json to_json(const Installation& installation);
/// The words after 'certo install-cert -d NAME' that mean the same installation.
std::string words_of(const Installation& installation);

/// Empty if there is no targets.json. Throws Error{bad_input} that names the member.
std::vector<Installation> installations(const store::Entry& entry);
void save(const store::Entry& entry, const std::vector<Installation>& installations);

}  // namespace certo::install
