#include "base/failure.h"

#include "base/log.h"
#include "base/text.h"

namespace certo {

Failure failure_of(const Error& error) {
  Failure failure{error.code, error.message, error.hint};
  if (const auto* const explained = dynamic_cast<const Explained*>(&error))
    failure.explanation = explained->explanation;
  return failure;
}

void set(Json& json, const Failure& failure) {
  if (!failure.error.empty()) json.set("error", printable(failure.error));
  if (!failure.hint.empty()) json.set("hint", printable(failure.hint));
  if (const Json& findings = failure.explanation.findings; !findings.items().empty())
    json.set("findings", findings);
}

void report(std::string_view subject, const Failure& failure) {
  log::error(subject.empty() ? failure.error : std::string(subject) + ": " + failure.error);
  if (!failure.hint.empty()) log::hint(failure.hint);
  for (const std::string& line : failure.explanation.lines) log::say(line);
}

}  // namespace certo
