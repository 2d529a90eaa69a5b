// One certificate of the store: certs/<name>/.
//
// A version folder holds a key (or the CSR of one that is elsewhere) and its chain and never changes; `live`
// is a link to one of them, switched by one rename. The next one grows in next/: its key is there before the
// CSR leaves, its order as soon as the CA has opened it. A crash at any point
// leaves either the old pair live and next/ to be taken up, or a complete version
// that the next run makes live.
#pragma once

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

/// What `live` points at.
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
  bool exists() const;               // has a request.json
  os::Lock lock(Millis wait) const;  // makes the folder
  /// Of a certificate that exists; Error{unknown_name} if another run removed it while this one waited.
  os::Lock lock_existing(Millis wait) const;
  std::optional<os::Lock> try_lock() const;

  Request request() const;  // Error{unknown_name} when absent, {bad_input} when damaged
  void save(const Request& request) const;
  Status status() const;
  void save(const Status& status) const;

  /// Reads and checks the live pair: chain parses, key parses and matches. Nothing when there is none.
  /// Throws Error{bad_input} that says what is damaged.
  std::optional<Live> live() const;
  /// The fingerprint of the live files: no file is read.
  std::optional<LiveFingerprint> live_fingerprint() const;
  std::optional<os::Fingerprint> request_fingerprint() const;

  // The order in flight, next/.
  std::optional<crypto::PrivateKey> next_key() const;  // nothing too when it is damaged
  void save_next_key(const crypto::PrivateKey& key) const;
  std::string next_csr() const;  // PEM; "" for none. Where it is, there is no key
  void save_next_csr(const std::string& pem) const;
  std::optional<acme::Document> next_order() const;  // nothing too when it is damaged
  void save_next_order(const acme::Document& document) const;
  void drop_next_order() const;
  void drop_next() const;

  /// Makes next/ with `chain` the live version. Refuses (Error{failed}) a chain that expires before the live
  /// one unless `allow_older`. Keeps the last three versions.
  Live finish(const std::vector<crypto::Certificate>& chain, bool allow_older = false) const;
  /// Makes a complete, newer version live that a run left behind when it died. True when there was one.
  bool adopt() const;

  /// Makes the version before the live one live again, as a new version: the newest counts. Throws
  /// Error{failed} where there is none, or it has expired or was revoked.
  Live roll_back(Time now) const;

  // Revocation is written down beside the pair that it is of, and goes with it.
  void mark_revoked(const std::string& version) const;
  bool is_revoked(const std::string& version) const;

  void remove() const;  // the whole folder

 private:
  std::string name_, folder_;
};

/// Names of all certificates, sorted: folders below certs/ that hold a request.json.
std::vector<std::string> entries(const Home& home);

}  // namespace certo::store
