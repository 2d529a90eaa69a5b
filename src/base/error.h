// The one exception of the program. It is thrown where a failure is found, given
// context on the way up (`within`), and turned into a message and an exit code in
// one place, cli/main.cc. Expected outcomes (an HTTP status, "not due") are values.
#pragma once

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "base/exit.h"

namespace certo {

struct Error : std::exception {
  /// `sentence` has no capital and no full stop. It may hold text from
  /// outside: it is escaped and cut when it is shown, and nowhere else.
  Error(Exit exit, std::string what, std::string advice = {})
      : code(exit), message(std::move(what)), hint(std::move(advice)) {}

  Exit code;
  std::string message;
  std::string hint;  // the advice: what to do about it; empty when there is nothing to say
  /// When it is worth trying again (RFC 8555 section 6.6), where the CA said so.
  std::optional<std::chrono::system_clock::time_point> retry_at;
  int signal = 0;  // with Exit::interrupted

  const char* what() const noexcept override { return message.c_str(); }

  /// The same failure, told from further out: "subject: message".
  Error within(const std::string& subject) const {
    Error outer = *this;
    outer.message = subject + ": " + message;
    return outer;
  }
};

}  // namespace certo
