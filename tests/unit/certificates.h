// Certificates for tests: an authority, and leaves with whatever is right or wrong about them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "crypto/certificate.h"

namespace certo::test {

inline constexpr Time kNow =
    std::chrono::sys_days{std::chrono::year{2026} / std::chrono::November / 21} + std::chrono::hours(2);

struct Authority {
  std::shared_ptr<crypto::PrivateKey> key;
  crypto::Certificate certificate;
};

struct Contents {
  std::string subject = {};  // common name; empty: no name at all
  std::vector<crypto::Identifier> identifiers = {};
  Time not_before = kNow - std::chrono::hours(24);
  Time not_after = kNow + std::chrono::days(90);
  bool is_ca = false;
  Bytes serial = {0x01};
  std::vector<Bytes> extensions = {};  // more of them, made by `extension`
};

/// Not checked against any grammar: tests want bad names too.
std::vector<crypto::Identifier> dns(const std::vector<std::string>& names);
Bytes extension(const Bytes& oid, bool critical, const Bytes& value);

/// A root when there is no issuer.
Authority make_ca(const std::string& subject = "Test Root", const Authority* issuer = nullptr,
                  crypto::KeyType type = crypto::KeyType::ec256);
crypto::Certificate make_leaf(const Authority& issuer, const crypto::PublicKey& key,
                              const Contents& contents);

}  // namespace certo::test
