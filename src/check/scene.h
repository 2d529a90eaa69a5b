// The subject of the checks, and their point of view: the certificate that would be ordered, and the CA that
// would be asked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "acme/persist.h"
#include "challenge/solver.h"
#include "net/dns.h"
#include "store/home.h"
#include "store/request.h"

namespace certo::check {

/// The ports that the CA connects to. Only a private CA, or one of a test, uses others.
struct Ports {
  int http = 80, https = 443;
};

struct Authority {
  std::string title;                       // for a person
  bool is_public = false;                  // it sees the public Internet and nothing else
  std::vector<std::string> issuers;        // its names in CAA records; empty: not known
  std::optional<std::string> account_uri;  // "": there is no account yet; nothing: not known
  std::string thumbprint;                  // of the account's key; "" if there is none
  acme::PersistOffer persist;              // what it accepts, as far as it is known without an order
};

/// Whether the checks may change something that others see: publish a token, add a DNS record. After a failed
/// validation it is `tokens`: records may still vanish.
enum class Tries { nothing, tokens, tokens_and_records };

struct Scene {
  const store::Home& home;
  std::string certificate;  // its name in the store
  store::Request request;
  Authority ca;
  challenge::SolverSettings solving;
  Ports ports{};
  Tries tries = Tries::tokens_and_records;
  Deadline deadline;  // of everything but the DNS record
  std::vector<std::string> own_addresses{};
  std::vector<std::string> resolvers{};  // of --resolver; empty: those of each way

  /// The user waits for something else: neither the solver nor a lock takes longer than `deadline`.
  void wait_for_nobody() {
    solving.deadline = deadline;
    solving.lock_timeout = Millis(0);
  }
};

/// The same request at each of its CAs, in the order in which they are asked. They differ in the CA only.
using Scenes = std::vector<Scene>;

/// One question of a check, at most: a server that is slower is slower than most CAs wait.
inline constexpr Millis answer_within = Seconds(3);

}  // namespace certo::check
