// DNS providers add TXT records to a zone and remove them; some can write other types. Their code always runs
// in a child process (os/child.h) that has no key of ours.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/dns_record.h"
#include "base/error.h"
#include "base/time.h"

namespace certo::provider {

using Values = std::map<std::string, std::string>;  // settings by name

/// A `present` that failed before it changed anything: there is nothing to remove.
struct Untouched : Error {
  explicit Untouched(const Error& error) : Error(error) {}
};

class Provider {
 public:
  virtual ~Provider() = default;
  virtual const std::string& name()
      const = 0;  // also the lane's name: a service never sees two edits at once
  /// Adds every record; one that exists already is a success. Throws Error{failed}, {unreachable}, {config}:
  /// also for a type that the provider does not write;
  /// as Untouched if it is certain that nothing was changed.
  virtual void present(const std::vector<DnsRecord>& records) = 0;
  /// Removes every record; one that is gone is a success.
  virtual void cleanup(const std::vector<DnsRecord>& records) = 0;
  /// After this time, records are visible everywhere.
  virtual Seconds propagation() const { return Seconds(120); }
  /// True if a second value at a name replaces the first.
  virtual bool holds_one_value() const { return false; }
  /// True if all its names were made for challenges: a forged CNAME can then do no harm.
  virtual bool has_own_names() const { return false; }
  /// Its settings, by name.
  virtual Values settings() const = 0;
  /// The time limit of each call from now on, instead of Choice::deadline.
  void limit(Millis deadline) { deadline_ = deadline; }

 protected:
  explicit Provider(Millis deadline) : deadline_(deadline) {}
  Millis deadline_;
};

/// The environment whose variables and search path count.
enum class Surroundings { of_this_run, of_cron };

struct Choice {
  std::string spec{};  // "exec:/path/to/program", "NAME" or "NAME.account"
  /// Of --dns-env: names of variables that it may see.
  std::vector<std::string> environment{};
  Millis deadline = Seconds(120);        // of each call
  std::vector<std::string> resolvers{};  // of --resolver, for providers that look names up
  std::string zone{};                    // of --dns-zone; empty: the provider looks for it
  std::string state_folder{};            // no file in it is ever given to a provider; empty: none
  std::string providers_folder{};        // of the state tree, with the user's own providers; empty: none
  std::string credentials{};             // of --dns-credentials: a file, or "exec:/path WORD…"; empty: none
  std::string credentials_folder{};      // of the state tree; empty: none
  bool keep = false;                     // whether to store there what came from the environment
  Surroundings surroundings = Surroundings::of_this_run;
};

/// `exec:/path`, a .so or a recipe by its path, a built-in or a file in a provider folder by its name, or the
/// executable `certo-dns-NAME` in such a folder or on PATH. Throws Error{config} (78) with a hint: no such
/// provider (nearest names), a setting is missing, not executable, writable by others.
std::unique_ptr<Provider> find(const Choice& choice);

/// Settings and programs that this run has, but a renewal from cron would lack: one line each, without the
/// name of the provider. Empty if cron has everything.
std::vector<std::string> missing_in_cron(const Choice& choice);

/// The names of the executables `certo-dns-NAME` on PATH.
std::vector<std::string> names_on_path();

}  // namespace certo::provider
