// Endpoints: TLS servers that are asked for their certificates, many at once, and what is wrong with what
// they present. What a server does is a finding, and never an error.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "crypto/certificate.h"
#include "net/roots.h"
#include "status/judge.h"
#include "status/model.h"

namespace certo::status {

/// The answer over one address family.
struct Sighting {
  int family = 0;                            // 4 or 6
  std::string address{};                     // "" if there was no connection
  bool is_absent = false;                    // see Served
  bool is_unreadable = false;                // there is a certificate, but certo cannot read it
  std::string failure{};                     // without the server's name; "" if there is a chain
  std::vector<crypto::Certificate> chain{};  // the server's own first
};

struct Question {
  std::string server;  // "HOST:PORT[/PROTOCOL]", checked
  std::string name;    // that the server gets, and that its certificate must be for
};

struct Reach {
  int ip_version = 0;         // 4, 6, or 0 for both
  Millis limit = Seconds(5);  // of each connection
  size_t at_once = 64;
};

/// Asks all of them over each family that they have. In the order of the questions. Throws Interrupted only.
std::vector<std::vector<Sighting>> look_at(const std::vector<Question>& questions, const Reach& reach);

/// What `sightings` of an endpoint are compared with.
struct Expectation {
  std::string name;                                        // that the certificate must be for
  const std::vector<crypto::Certificate>* ours = nullptr;  // the live chain of the store, if it is known
  const net::Roots* roots = nullptr;                       // nothing: trust is not judged
};

/// Fills `served`, `findings` and `level`.
void judge(Endpoint& endpoint, const std::vector<Sighting>& sightings, const Expectation& expected,
           const Thresholds& thresholds, Time now);

/// Whether the certificate is for this DNS name or address.
bool is_for(const crypto::Certificate& leaf, const std::string& name);

/// The end of a chain as a server sends it.
enum class ChainEnd {
  trusted,      // a root of the bundle
  other_root,   // a root that is not in it
  incomplete,   // the next issuer was not sent
  self_signed,  // the server's certificate signed itself
};
ChainEnd end_of(const std::vector<crypto::Certificate>& chain, const net::Roots& roots);

}  // namespace certo::status
