#include "renew/subset.h"

#include <algorithm>

#include "acme/flow.h"
#include "base/text.h"

namespace certo::renew {
namespace {

/// The types of problems that are about names, and not about the account or the CA.
bool is_about_names(const std::string& type) {
  constexpr std::string_view types[] = {
      "rejectedIdentifier", "unsupportedIdentifier", "caa", "dns",      "unauthorized",
      "connection",         "incorrectResponse",     "tls", "compound", "malformed"};
  return std::ranges::find(types, type) != std::end(types);
}

void add(std::vector<LeftOut>& found, const std::vector<crypto::Identifier>& asked, const std::string& value,
         const std::string& reason) {
  for (const crypto::Identifier& one : asked) {
    const bool is_it = one.value == lower(value);
    if (is_it && std::ranges::find(found, one, &LeftOut::identifier) == found.end())
      found.push_back({one, reason});
  }
}

/// Some CAs name the identifier only in the text, in quotation marks.
void add_quoted(std::vector<LeftOut>& found, const std::vector<crypto::Identifier>& asked,
                const acme::Problem& problem) {
  for (const crypto::Identifier& one : asked)
    if (problem.detail.find('"' + one.value + '"') != problem.detail.npos)
      add(found, asked, one.value, acme::describe(problem));
}

std::vector<LeftOut> names_in(const acme::Problem& problem, const std::vector<crypto::Identifier>& asked) {
  std::vector<LeftOut> found;
  if (!is_about_names(problem.type)) return found;
  add(found, asked, problem.identifier, acme::describe(problem));
  for (const acme::Problem& sub : problem.subproblems) add(found, asked, sub.identifier, acme::describe(sub));
  if (found.empty()) add_quoted(found, asked, problem);
  return found;
}

}  // namespace

std::vector<LeftOut> refused_names(const Error& error, const std::vector<crypto::Identifier>& asked) {
  if (const auto* const refusal = dynamic_cast<const acme::Refusal*>(&error))
    return names_in(refusal->problem, asked);
  const auto* const unproven = dynamic_cast<const acme::Unproven*>(&error);
  if (!unproven) return {};
  if (unproven->order_problem) return names_in(*unproven->order_problem, asked);
  std::vector<LeftOut> found;
  for (const auto& [name, reason] : unproven->names) add(found, asked, name, reason);
  return found;
}

std::string describe(const std::vector<LeftOut>& names) {
  std::vector<std::string> parts;
  for (const LeftOut& one : names) parts.push_back(one.identifier.value + " (" + one.reason + ")");
  return join(parts, ", ");
}

}  // namespace certo::renew
