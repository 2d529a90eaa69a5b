// What the order flow needs from outside to fulfil challenges. The rooms above provide it.
#pragma once

#include <string>
#include <vector>

#include "acme/types.h"
#include "base/dns_record.h"

namespace certo::acme {

/// One challenge to fulfil, with everything that any way of doing it needs.
struct Task {
  Identifier identifier;  // of the authorization, without "*."
  bool wildcard = false;
  std::string type;               // "http-01", "dns-01"
  std::string token;              // is_token() holds
  std::string key_authorization;  // content of the http-01 resource
  DnsRecord record;               // dns-01
};

class Solver {
 public:
  virtual ~Solver() = default;

  /// The challenge types that this solver can fulfil for `authorization`, best first.
  virtual std::vector<std::string> types(const Authorization& authorization) const = 0;

  /// What the user can do if the CA offers none of these types; may be empty.
  virtual std::string advice(const Authorization&) const { return {}; }

  /// Splits the tasks into rounds that can be validated together. Nearly always one; a
  /// service that holds a single value a name needs apex and wildcard one after the other.
  virtual std::vector<std::vector<Task>> rounds(std::vector<Task> tasks) const { return {std::move(tasks)}; }

  /// Puts out what every task of a round asks for.
  virtual void present(const std::vector<Task>& tasks) = 0;
  /// Returns when the CA may look at it. Apart from `present`, so that what several solvers wait for
  /// spreads at the same time.
  virtual void wait() {}

  /// Takes out what `present` put in, also after a `present` that threw half-way. Failures
  /// are warnings: what is left is written down and removed by the next run.
  virtual void cleanup() noexcept = 0;
};

}  // namespace certo::acme
