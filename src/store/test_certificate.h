// Which certificates come from a test CA (store/servers.h). Such a certificate never takes the place of a
// real one.
#pragma once

#include <set>
#include <string>

#include "crypto/certificate.h"
#include "store/entry.h"
#include "store/home.h"

namespace certo::store {

/// Does this version come from a test CA? A version that does not say which CA it is from, because it was
/// written by certo 0.1.0, counts as the request says if it is live, and as real otherwise.
bool is_test(const Home& home, const Entry& entry, const std::string& version);
/// The same for the live version; before there is one, for the next one. False if that cannot be found out.
bool is_test(const Home& home, const Entry& entry);

/// Throws Error{usage} if the certificate in the store is real and `directory` belongs to a test CA.
void keep_apart(const Home& home, const Entry& entry, const std::string& directory);

/// The certificates and keys of all versions in the store that come from test CAs.
class TestPairs {
 public:
  explicit TestPairs(const Home& home);
  bool has_certificate(const Bytes& der) const { return certificates_.contains(der); }
  bool has_key(const Bytes& spki) const { return keys_.contains(spki); }

 private:
  std::set<Bytes> certificates_;  // DER, of whole chains
  std::set<Bytes> keys_;          // the public halves, DER
};

}  // namespace certo::store
