// A failure that a run outlives: it is kept, the run continues with the rest, and a report shows it at the
// end.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace certo {

struct Failure {
  Exit code = Exit::ok;                 // ok: nothing failed
  std::string error{};                  // as Error::message
  std::string hint{};                   // empty if there is nothing to advise
  std::vector<std::string> findings{};  // what certo has seen itself: lines for a person
};

/// An error with what certo has seen itself, after a CA did not find a name proven.
struct Explained : Error {
  Explained(const Error& error, std::vector<std::string> seen) : Error(error), findings(std::move(seen)) {}
  std::vector<std::string> findings;
};

Failure failure_of(const Error& error);

/// Says it on stderr: "certo: <subject>: <error>" (or without a subject, if that is empty), then the hint
/// and the findings.
void report(std::string_view subject, const Failure& failure);

}  // namespace certo
