// What provider children and provider programs say, and files of credentials.
#include "provider/message.h"

#include "base/version.h"
#include "provider/credentials.h"
#include "provider/description.h"
#include "provider/descriptor.h"
#include "provider/reference.h"
#include "target.h"

using namespace certo;

namespace {

/// "@VERSION@" is this version: each document says which certo wrote it.
std::string with_version(std::string_view input) {
  constexpr std::string_view mark = "@VERSION@";
  std::string text(input);
  if (const size_t at = text.find(mark); at != text.npos) text.replace(at, mark.size(), version());
  return text;
}

void run(std::string_view given) {
  const std::string input = with_version(given);
  fuzz::accepts([&] {
    const std::string text = provider::to_text(provider::parse_task(input));
    fuzz::promise(provider::to_text(provider::parse_task(text)) == text,
                  "tasks are read as they were written");
  });
  fuzz::accepts([&] {
    const provider::Outcome outcome = provider::parse_outcome(input, "input");
    const std::string text = provider::to_text(outcome);
    fuzz::promise(provider::to_text(provider::parse_outcome(text, "again")) == text,
                  "outcomes are read as they were written");
    const provider::Descriptor descriptor = provider::parse_descriptor(outcome.descriptor, "input");
    const Json json = provider::to_json(descriptor);
    fuzz::promise(provider::to_json(provider::parse_descriptor(json, "again")) == json,
                  "descriptors are read as they were written");
    provider::settings_of(descriptor);
  });
  fuzz::accepts([&] {
    const provider::Description description = provider::parse_description(input, "input");
    for (const std::string& setting : description.settings)
      fuzz::promise(provider::is_variable_name(setting), "a setting is a variable");
  });
  fuzz::accepts([&] { provider::parse_lines(input, "input"); });
  fuzz::accepts([&] { provider::parse_reference(input); });
}

const fuzz::Registered registered("message", run);

}  // namespace
