// With --json, each result is a document: this one, if a command has printed none of its own.
#pragma once

#include <string>

#include "base/failure.h"

namespace certo::console {

class Outcome {
 public:
  /// The lines that certo prints and says from now on belong to it. `certificate`: one of several that the
  /// command works on; "" for all of it.
  explicit Outcome(std::string command, std::string certificate = {});

  /// Prints "done/1" or "error/1", with what was said, unless the command has printed something.
  void end(Exit code, const Failure& failure) const;

 private:
  const std::string command_, certificate_;
  const size_t printed_, said_;
};

}  // namespace certo::console
