// Problem documents (RFC 7807, RFC 8555 section 6.7): the CA's reasons for a refusal.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "acme/limits.h"
#include "base/error.h"
#include "base/json.h"
#include "base/time.h"

namespace certo::acme {

struct Problem {
  std::string type;        // without "urn:ietf:params:acme:error:", e.g. "badNonce"; "" when unknown
  std::string detail;      // the CA's words, untrusted
  std::string instance;    // a URL for a person (userActionRequired, rate limits)
  std::string identifier;  // in a subproblem: the name that it is about
  std::vector<std::string>
      algorithms;  // of badSignatureAlgorithm: "ES256", …, those that the CA accepts (6.2)
  std::vector<Problem> subproblems;
};

/// Reads as much as possible: a broken problem document is still a refusal.
Problem parse_problem(const Json& json);
/// "unauthorized: the key authorization file was not found (example.com: …)".
std::string describe(const Problem& problem);
/// The request that the CA refused, as far as it changes what a person can do about it.
/// `finalize_given`: with a CSR that the user gave.
enum class Step { other, new_account, new_order, finalize, finalize_given, revoke };

/// What a person can do about it; "" if there is nothing to add to the CA's words.
std::string hint_for(const Problem& problem, Step step = Step::other);

/// The CA has paused the account for these names until a person opens the page in the text. It comes as a
/// rate limit, but waiting does not help.
bool is_paused(const Problem& problem);
/// The time in "retry after 2026-11-21 02:22:00 UTC", which some CAs give only in the text.
std::optional<Time> retry_time_in(std::string_view detail);

/// The CA refused a request. The code follows the problem's type: rateLimited is
/// Exit::later, userActionRequired and externalAccountRequired are Exit::config, …
struct Refusal : Error {
  Refusal(int http_status, Problem said, std::optional<Time> when, Step step = Step::other);
  int status;
  Problem problem;
  Limit limit;  // status 429; `unknown` otherwise
};

}  // namespace certo::acme
