// request.json and status.json of a certificate.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "os/file.h"
#include "store/way.h"

namespace certo::store {

/// How some of the names are proven.
struct OtherWay {
  std::vector<crypto::Identifier> identifiers;
  Way way;
  bool operator==(const OtherWay&) const = default;
};

/// How the names of one certificate are proven. No name is in two of `others`.
struct Ways {
  Way usual;  // of the names that are in none of `others`
  std::vector<OtherWay> others;
  bool operator==(const Ways&) const = default;

  const Way& of(const crypto::Identifier& identifier) const;
  std::vector<const Way*> all() const;  // the usual one is the last
  /// Removes all names that are not in `identifiers`. If none of these is proven the usual way, the last of
  /// the others becomes the usual one.
  void restrict_to(const std::vector<crypto::Identifier>& identifiers);
};

/// request.json: everything that a renewal needs. A person may edit it.
struct Request {
  std::vector<crypto::Identifier> identifiers;
  crypto::KeyType key_type = crypto::KeyType::ec256;  // of a key that certo makes
  std::string csr{};      // PEM; of a key that certo does not have. Every renewal is for the same key then
  std::string directory;  // URL
  std::vector<std::string> fallbacks{};  // URLs of the CAs that are asked next, in this order
  std::string account = "default";       // the name is the same at each CA
  std::string profile;                   // required; "": see `preferred_profile`
  std::string preferred_profile{};       // if the CA has it; "" for the CA's default
  std::string preferred_chain;
  std::string renew_before{};              // store::parse_renew_before; "" for certo's default
  std::string not_before{}, not_after{};   // store::parse_date; "" for the CA's choice
  std::string ca_bundle;                   // for the CA's own TLS certificate
  std::string account_key{};               // path of --account-key; "": the account's key in the store
  bool reuse_key = false;                  // a renewal keeps the key
  bool must_staple = false;                // the TLS feature extension (RFC 7633)
  bool allow_subset = false;               // names that the CA does not validate are left out
  bool deactivate_authorizations = false;  // after each issue
  Ways ways;
  bool operator==(const Request&) const = default;
};
/// Whether both ask for the same certificate: they differ at most in how the names are proven, how the CA is
/// reached, and what only counts for renewals.
bool asks_for_same(const Request& a, const Request& b);
/// The first CA, then the others.
std::vector<std::string> directories(const Request& request);
Json to_json(const Request& request);
/// Throws Error{bad_input} naming the member.
Request parse_request(std::string_view text, const std::string& subject);

/// Differs if the requests differ in more than what only counts for renewals.
std::string digest(const Request& request);

/// The files of the live version, without reading them.
struct LiveFingerprint {
  std::string version;  // the folder's name
  os::Fingerprint key, fullchain;
  bool operator==(const LiveFingerprint&) const = default;
};

/// The facts about a certificate that certo keeps between two runs.
struct Status {
  Time due{};  // chosen once; zero: not known, look at the certificate
  Time not_after{};
  std::optional<Time> window_start, window_end;  // the ARI window that `due` was chosen in
  std::optional<Time> ari_again;                 // when to ask for renewal information again
  std::string ari_explanation;
  std::optional<LiveFingerprint> live;  // as it was when last checked
  Time checked{};                       // when the pair was last read and matched
  std::string renew_because;  // why it is due whatever `due` says, as a sentence: it is damaged, …
  std::optional<os::Fingerprint> request;  // of request.json, as it was last read
  std::string wishes;                      // the digest of the request that the live pair is for; "" unknown
  std::vector<std::string> missing;        // names that the live certificate lacks (allow_subset)
  std::string record;                      // of dns-persist-01: the one that ends first, …
  std::optional<Time> record_ends;         // … and when, as DNS said when the pair was read
  int failures = 0;                        // in a row
  std::optional<Time> failing_since, retry_at;
  std::string last_error;  // escaped
};
Json to_json(const Status& status);
/// A damaged or absent file gives a default one: everything in it can be found again.
Status parse_status(std::string_view text);

}  // namespace certo::store
