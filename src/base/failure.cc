#include "base/failure.h"

#include "base/log.h"

namespace certo {

Failure failure_of(const Error& error) {
  Failure failure{error.code, error.message, error.hint};
  if (const auto* const explained = dynamic_cast<const Explained*>(&error))
    failure.findings = explained->findings;
  return failure;
}

void report(std::string_view subject, const Failure& failure) {
  log::error(subject.empty() ? failure.error : std::string(subject) + ": " + failure.error);
  if (!failure.hint.empty()) log::hint(failure.hint);
  for (const std::string& line : failure.findings) log::say(line);
}

}  // namespace certo
