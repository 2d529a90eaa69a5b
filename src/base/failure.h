// A failure that a run outlives: it is kept, the run continues with the rest, and a report shows it at the
// end.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace certo {

/// What certo has seen itself, after a CA did not find a name proven.
struct Explanation {
  std::vector<std::string> lines{};  // for a person
  Json findings = Json::array();     // the same for a program
};

struct Failure {
  Exit code = Exit::ok;  // ok: nothing failed
  std::string error{};   // as Error::message
  std::string hint{};    // empty if there is nothing to advise
  Explanation explanation{};
};

struct Explained : Error {
  Explained(const Error& error, Explanation seen) : Error(error), explanation(std::move(seen)) {}
  Explanation explanation;
};

Failure failure_of(const Error& error);

/// The members of a failure in a document: error, hint, findings; those that it has.
void set(Json& json, const Failure& failure);

/// Says it on stderr: "certo: <subject>: <error>" (or without a subject, if that is empty), then the hint
/// and the findings.
void report(std::string_view subject, const Failure& failure);

}  // namespace certo
