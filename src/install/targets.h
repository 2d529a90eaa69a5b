// targets.json of a certificate: where it is installed, and how far that has come. A renewal replays it.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "store/entry.h"

namespace certo::install {

/// What a target gets. `pem` is key and full chain in one file; `folder` is a link to a folder that holds
/// key.pem, cert.pem, chain.pem and fullchain.pem.
enum class Part { certificate, key, chain, fullchain, pem, pfx, folder };
std::string_view name(Part part);
bool holds_key(Part part);

/// One file, or one link to a folder. What is not said is as it was, and for a new file: of who runs certo,
/// 0600 with a key in it and 0644 without. For a folder, `mode` is that of its key.pem.
struct Target {
  Part part = Part::certificate;
  std::string path;  // absolute; no link in its last component but that of a folder
  std::string owner, group;
  std::optional<mode_t> mode;
  bool operator==(const Target&) const = default;
};

/// Targets that are switched together, and what makes a server take notice of them.
struct Installation {
  std::vector<Target> targets;
  std::string reload;  // for /bin/sh; empty: none
  Seconds reload_limit{120};
  std::vector<std::string> verify;  // "HOST:PORT[/STARTTLS]": servers that must present the certificate then
  std::string pfx_password_file;

  // What became of it.
  std::string version;  // the store's version that is in place; empty: none yet
  int failures = 0;     // in a row
  std::optional<Time> failed_at;
  std::string error;

  bool shares_a_path_with(const Installation& other) const;
};

Json to_json(const Installation& installation);

/// Empty when there is no targets.json. Throws Error{bad_input} that names the member.
std::vector<Installation> installations(const store::Entry& entry);
void save(const store::Entry& entry, const std::vector<Installation>& installations);

}  // namespace certo::install
