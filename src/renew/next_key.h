// The key of the next version of a certificate.
#pragma once

#include <optional>
#include <vector>

#include "base/time.h"
#include "crypto/coming_key.h"
#include "crypto/csr.h"
#include "store/entry.h"

namespace certo::renew {

/// Whether a renewal makes a new key. `by_request`: unless the request says that it is used again. A key that
/// is known to be compromised is never used again.
enum class KeyChoice { by_request, fresh };

/// That of an earlier run, the live one, a new one, or one that is elsewhere and known by its CSR.
class NextKey {
 public:
  /// An RSA key is made on another thread.
  NextKey(const store::Entry& entry, const store::Request& request, KeyChoice choice);
  /// True when an order of an earlier run may have been finalized with it.
  bool is_old() const { return is_old_; }

  /// SubjectPublicKeyInfo, DER.
  Bytes spki(const Deadline& deadline);
  /// DER. Its key is on disk when this returns.
  Bytes csr(const std::vector<crypto::Identifier>& identifiers, const Deadline& deadline);

 private:
  void take_up(KeyChoice choice);
  const crypto::PrivateKey& get(const Deadline& deadline);

  const store::Entry& entry_;
  const store::Request& request_;
  std::optional<crypto::Csr> csr_;
  std::optional<crypto::PrivateKey> key_;
  std::optional<crypto::ComingKey> coming_;
  bool is_old_ = false, is_saved_ = false;
};

}  // namespace certo::renew
