// The interface by which the order flow fulfils challenges. The rooms above implement it.
#pragma once

#include <string>
#include <vector>

#include "acme/types.h"
#include "base/dns_record.h"
#include "base/error.h"

namespace certo::acme {

/// One challenge to fulfil, with everything that any method needs.
struct Task {
  Identifier identifier;  // of the authorization, without "*."
  bool wildcard = false;
  std::string type;               // "http-01", "dns-01"
  std::string token;              // is_token() holds; "" if the type has none
  std::string key_authorization;  // content of the http-01 resource
  DnsRecord record;               // of the types that need one (acme/txt_record.h)
  PersistOffer persist;           // dns-persist-01: what the CA accepts
};

/// Who will ask for which names.
struct Applicant {
  std::vector<Identifier> identifiers;
  PersistOffer persist;  // what the CA accepts, as far as it is known without an order
};

/// A solver cannot fulfil this challenge after all. Its `types` no longer names the type, and the flow
/// chooses again.
struct Declined : Error {
  using Error::Error;
};

class Solver {
 public:
  virtual ~Solver() = default;

  /// The challenge types that this solver can fulfil for `authorization`, best first.
  virtual std::vector<std::string> types(const Authorization& authorization) const = 0;

  /// What the user can do if the CA offers none of these types; may be empty.
  virtual std::string advice(const Authorization&) const { return {}; }

  /// Splits the tasks into rounds that can be validated together. Nearly always one; a service
  /// that has one value per name needs two for a domain and its wildcard.
  virtual std::vector<std::vector<Task>> rounds(std::vector<Task> tasks) const { return {std::move(tasks)}; }

  /// Tries on this machine what `present` will need, before the CA is asked for an order.
  virtual void prepare() {}
  /// Checks before the CA is asked for an order what must be there already.
  virtual void check(const Applicant&) {}
  /// Publishes the tokens or records of a round.
  virtual void present(const std::vector<Task>& tasks) = 0;
  /// Returns when the CA may check them. A function of its own, so that the records of several solvers
  /// spread at the same time.
  virtual void wait() {}

  /// The CA has validated the last round. `cleanup` follows, as it does after a failure.
  virtual void validated() {}

  /// For a person whose names the CA did not find proven: what was published, and how the CA should see it;
  /// "" if there is nothing to say.
  virtual std::string published() const { return {}; }

  /// Removes everything that `present` published, also if it threw half-way. Failures
  /// are warnings: the next run removes the rest, which is noted on disk.
  virtual void cleanup() noexcept = 0;
};

}  // namespace certo::acme
