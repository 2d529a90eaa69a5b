// One certificate of the store: certs/<name>/.
//
// A version folder holds a key (or the CSR of a key that certo does not have) and its chain, and never
// changes. `live` is a link to one of them, switched by one rename. The next version grows in next/: its key
// is written before the CSR is sent, its order as soon as the CA has opened it. A crash at any point leaves
// either the old pair live and next/ to be continued, or a complete version that the next run makes live.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "acme/document.h"
#include "crypto/certificate.h"
#include "crypto/key.h"
#include "os/lock.h"
#include "store/home.h"
#include "store/request.h"

namespace certo::store {

/// The target of `live`.
struct Live {
  std::string version;
  std::string folder;  // absolute
  std::vector<crypto::Certificate> chain;
};

class Entry {
 public:
  Entry(const Home& home, std::string name);

  const std::string& name() const { return name_; }
  const std::string& folder() const { return folder_; }
  bool exists() const;  // has a request.json
  /// It has none because a first issue has not succeeded yet: there is no version of it.
  bool is_begun() const;
  /// Makes the folder, and removes temporary files of runs that were killed.
  os::Lock lock(Millis wait) const;
  /// The same for a certificate that is in the store. Throws Error{unknown_name} if it was removed meanwhile.
  os::Lock lock_existing(Millis wait) const;
  std::optional<os::Lock> try_lock() const;

  Request request() const;  // Error{unknown_name} if absent, {bad_input} if damaged
  void save(const Request& request) const;
  /// A default one if the file is damaged or cannot be read. Throws Error if something that is not a file is
  /// in its place.
  Status status() const;
  void save(const Status& status) const;

  /// Reads and checks the live pair: chain parses, key parses and matches. Nothing if there is none.
  /// Throws Error{bad_input} that says what is damaged.
  std::optional<Live> live() const;
  /// The fingerprint of the live files: no file is read.
  std::optional<LiveFingerprint> live_fingerprint() const;
  std::optional<os::Fingerprint> request_fingerprint() const;

  // The order in flight, next/.
  std::optional<crypto::PrivateKey> next_key() const;  // also nothing if it is damaged
  void save_next_key(const crypto::PrivateKey& key) const;
  std::string next_csr() const;  // PEM; "" for none. It takes the place of the key
  void save_next_csr(const std::string& pem) const;
  std::optional<acme::Document> next_order() const;  // also nothing if it is damaged
  void save_next_order(const acme::Document& document) const;
  void drop_next_order() const;
  void save_next_directory(const std::string& url) const;  // of the CA that issues the next version
  void drop_next() const;

  /// Makes next/ with `chain` the live version. Refuses (Error{failed}) a chain that expires before the live
  /// one unless `allow_older`. Keeps the last three versions.
  Live finish(const std::vector<crypto::Certificate>& chain, bool allow_older = false) const;
  /// Makes a complete, newer version live that a dead run has left. True if there was one.
  bool adopt() const;

  /// The URL of the directory that issued this version; "" if that was not written down.
  std::string directory_of(const std::string& version) const;
  /// That of the live version; if it is not written down or there is none, the first of the request.
  std::string issued_by() const;

  /// Names of the complete versions that are kept, oldest first.
  std::vector<std::string> versions() const;
  /// The version before the live one. Throws Error{failed} if there is none.
  std::string version_before() const;
  /// Makes an older version live again, as a new version: the newest counts. Throws Error{failed} if it has
  /// expired or was revoked.
  Live roll_back(const std::string& version, Time now) const;

  // Revocation is noted in the folder of the pair, and removed with it.
  void mark_revoked(const std::string& version) const;
  bool is_revoked(const std::string& version) const;

  void remove() const;  // the whole folder
  /// Removes the folder if a first issue has left nothing in it that a later one needs: at most the lock, a
  /// copy of the CSR, and the file `worthless`. The caller holds the lock. False if there is more.
  bool remove_if_bare(std::string_view worthless = {}) const;

 private:
  /// Removes files of runs that were killed. For the holder of the lock.
  void sweep() const;
  std::string rollback_folder() const { return folder_ + "/.rollback"; }

  std::string name_, folder_;
};

/// Names of all certificates, a2 before a10: folders below certs/ that hold a request.json.
std::vector<std::string> entries(const Home& home);
/// The same with the folders that hold none.
std::vector<std::string> folders(const Home& home);
/// The first one, in that order, whose name and request are `wanted`. One that cannot be read is passed over:
/// commands for that certificate report the damage.
std::optional<std::string> find_entry(
    const Home& home, const std::function<bool(const std::string& name, const Request& request)>& wanted);

}  // namespace certo::store
