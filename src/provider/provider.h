// DNS providers: who puts TXT records into a zone and takes them out again. Their code
// always runs in a child process (os/child.h) that holds no key of ours.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/dns_record.h"
#include "base/error.h"
#include "base/time.h"

namespace certo::provider {

/// A `present` that failed before it changed anything: there is nothing to take out again.
struct Untouched : Error {
  explicit Untouched(const Error& error) : Error(error) {}
};

class Provider {
 public:
  virtual ~Provider() = default;
  virtual const std::string& name() const = 0;  // also the lane's name: one API never sees two edits at once
  /// Adds every record; one that is there already is a success. Throws Error{failed}, {unreachable},
  /// {config}; as Untouched where it is sure that nothing was changed.
  virtual void present(const std::vector<DnsRecord>& records) = 0;
  /// Removes every record; one that is gone is a success.
  virtual void cleanup(const std::vector<DnsRecord>& records) = 0;
  /// How long records may take to be seen everywhere, at most.
  virtual Seconds propagation() const { return Seconds(120); }
  /// True where a second value at a name takes the place of the first.
  virtual bool holds_one_value() const { return false; }
};

struct Choice {
  std::string spec{};  // "exec:/path/to/program", "NAME" or "NAME.profile"
  /// Names of variables that an executable may see, besides those of `describe`.
  std::vector<std::string> environment{};
  Millis deadline = Seconds(120);    // of each call
  std::string resolver{};            // of --resolver, for providers that look names up; empty: the system's
  std::string zone{};                // of --dns-zone; empty: the provider looks for it
  std::string state_folder{};        // no file in it is ever given to a provider; empty: none
  std::string providers_folder{};    // of the state tree, with the user's own providers; empty: none
  std::string credentials{};         // of --dns-credentials: a file, or "exec:/path WORD…"; empty: none
  std::string credentials_folder{};  // of the state tree; empty: none
  bool keep = false;                 // whether to store there what came from the environment
};

/// `exec:/path`, a .so or a recipe by its path, one by its name that is built in or lies in a provider
/// folder, or the executable `certo-dns-NAME` in such a folder or on PATH. Throws Error{config} (78) with a
/// hint: no such provider (nearest names), a setting is missing, not executable, writable by others.
std::unique_ptr<Provider> find(const Choice& choice);

/// The names of the executables `certo-dns-NAME` on PATH.
std::vector<std::string> names_on_path();

}  // namespace certo::provider
