#include "commands/after_failure.h"

#include <algorithm>
#include <optional>

#include "acme/flow.h"
#include "base/log.h"
#include "check/run.h"
#include "commands/check_ca.h"

namespace certo::commands {
namespace {

constexpr Millis longest_check = Seconds(5);
constexpr size_t most_names = 10;

bool is_about_names(const acme::Problem& problem) {
  constexpr std::string_view types[] = {"caa", "connection", "dns", "incorrectResponse", "tls"};
  return std::ranges::find(types, problem.type) != std::end(types);
}

/// The names of a failed validation; nothing if the error is another one.
std::optional<std::vector<crypto::Identifier>> refused(const store::Request& request, const Error& error) {
  const auto* const unproven = dynamic_cast<const acme::Unproven*>(&error);
  const auto* const refusal = dynamic_cast<const acme::Refusal*>(&error);
  if (!unproven && !(refusal && is_about_names(refusal->problem))) return {};
  std::vector<crypto::Identifier> names;
  for (const crypto::Identifier& one : request.identifiers) {
    const auto is_it = [&](const auto& named) { return named.first == one.value; };
    const bool is_refused =
        !unproven || unproven->names.empty() || std::ranges::any_of(unproven->names, is_it);
    if (is_refused && names.size() < most_names) names.push_back(one);
  }
  return names;
}

}  // namespace

Explanation seen_after(const Args& args, const store::Home& state, const std::string& certificate,
                       const store::Request& request, const Error& error, const Deadline& whole) {
  const auto names = refused(request, error);
  if (!names || names->empty() || whole.passed() || log::level() == log::Level::quiet) return {};
  try {
    check::Scenes scenes =
        scenes_of(args, state, certificate, request, check::Tries::tokens, whole.at_most(longest_check));
    for (check::Scene& scene : scenes) scene.wait_for_nobody();
    Explanation seen;
    for (const check::Finding& finding : check::check_names(scenes, *names)) {
      if (finding.level == check::Level::ok || check::is_silent_resolver(finding)) continue;
      for (std::string& line : check::lines(finding)) seen.lines.push_back(std::move(line));
      seen.findings.push(check::to_json(finding));
    }
    if (!seen.lines.empty())
      seen.lines.insert(seen.lines.begin(), "what certo sees itself, as 'certo check' does:");
    return seen;
  } catch (const Error& other) {
    log::verbose("the check after the failure has failed: " + other.message);
    return {};
  }
}

}  // namespace certo::commands
