// The two exceptions of the program. An Error is thrown where a failure is found, gets its
// context on the way up (`within`), and becomes a message and an exit code in one place,
// cli/main.cc. Expected outcomes (an HTTP status, "not due") are values. Interrupted is not
// an Error, so that code that catches a failure in order to continue does not catch a signal.
#pragma once

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "base/exit.h"

namespace certo {

struct Error : std::exception {
  /// `what` has no capital and no full stop. It may contain text from
  /// outside: it is escaped and cut when it is shown, and nowhere else.
  Error(Exit exit, std::string what, std::string advice = {})
      : code(exit), message(std::move(what)), hint(std::move(advice)) {}

  Exit code;
  std::string message;
  std::string hint;  // what the user can do about it; may be empty
  /// When it is worth trying again (RFC 8555 section 6.6), if the CA said so.
  std::optional<std::chrono::system_clock::time_point> retry_at;
  /// The fault is this machine's, or that of a service that it uses to prove names: another CA does not help.
  bool is_local = false;

  const char* what() const noexcept override { return message.c_str(); }

  /// The same failure with more context: "subject: message".
  Error within(const std::string& subject) const {
    Error outer = *this;
    outer.message = subject + ": " + message;
    return outer;
  }
};

/// Calls `work`, whose failures are local.
template <typename Work>
auto locally(const Work& work) {
  try {
    return work();
  } catch (Error& error) {
    error.is_local = true;
    throw;
  }
}

/// SIGTERM, SIGINT or SIGHUP arrived. Only clean-up stands between the place that noticed it and
/// main, which exits with 128 + `signal`.
struct Interrupted : std::exception {
  explicit Interrupted(int number) : signal(number) {}
  int signal;
  const char* what() const noexcept override { return "interrupted"; }
};

}  // namespace certo
