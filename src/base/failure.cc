#include "base/failure.h"

#include "base/log.h"

namespace certo {

Failure failure_of(const Error& error) { return {error.code, error.message, error.hint}; }

void report(std::string_view subject, const Failure& failure) {
  log::error(subject.empty() ? failure.error : std::string(subject) + ": " + failure.error);
  if (!failure.hint.empty()) log::hint(failure.hint);
}

}  // namespace certo
