#include "renew/several.h"

#include <algorithm>
#include <exception>

#include "base/log.h"
#include "base/text.h"
#include "store/servers.h"
#include "store/test_certificate.h"

namespace certo::renew {
namespace {

/// Would another CA perhaps do better?
bool is_of_ca(const Error& error) {
  switch (error.code) {
    case Exit::failed:
    case Exit::unreachable:
    case Exit::later:
    case Exit::protocol:
    case Exit::config: return !error.is_local;
    default: return false;
  }
}

/// Gates that closed earlier are not failures of the certificate, so the kind of the exception is kept.
[[noreturn]] void throw_all(const std::vector<CaFailure>& failures, const std::vector<GateClosed>& gates) {
  if (gates.size() == failures.size())
    throw GateClosed(
        *std::ranges::min_element(gates, {}, [](const GateClosed& one) { return *one.retry_at; }));
  throw failure_of_all(failures);
}

}  // namespace

Error failure_of_all(const std::vector<CaFailure>& failures) {
  std::vector<std::string> texts;
  Exit code = Exit::ok;
  std::string hint;
  std::optional<std::chrono::system_clock::time_point> retry_at;
  bool have_all_times = true;
  for (const auto& [directory, error] : failures) {
    texts.push_back(directory + ": " + error.message);
    code = worst(code, error.code);
    if (hint.empty()) hint = error.hint;
    have_all_times = have_all_times && error.retry_at;
    if (error.retry_at && (!retry_at || *error.retry_at < *retry_at)) retry_at = error.retry_at;
  }
  Error all(code, "none of its " + std::to_string(failures.size()) + " CAs gave it: " + join(texts, "; "),
            hint);
  if (have_all_times) all.retry_at = retry_at;
  return all;
}

void require_same_kind(const store::Home& home, const std::vector<std::string>& directories) {
  for (const std::string& other : directories) {
    const std::string& first = directories.front();
    const bool is_first_test = store::is_test_directory(home, first);
    if (store::is_test_directory(home, other) == is_first_test) continue;
    throw Error(Exit::usage,
                (is_first_test ? first : other) + " is a test CA, and " + (is_first_test ? other : first) +
                    " is not: a certificate has CAs of one kind",
                "give a second certificate to the test CA: --cert-name NAME");
  }
}

IssueResult issue(Sessions& sessions, const store::Home& home, const store::Entry& entry,
                  const store::Request& request, const challenge::SolverSettings& solving,
                  const IssueOptions& options) {
  const std::vector<std::string> all = store::directories(request);
  require_same_kind(home, all);
  std::vector<CaFailure> failures;
  std::vector<GateClosed> gates;
  for (size_t at = 0; at < all.size(); ++at) {
    challenge::SolverSettings own = solving;
    if (at > 0) own.deadline = Deadline(sessions.time_limit());
    try {
      return issue(sessions.at(request, all[at]), home, entry, request, own, options);
    } catch (const Error& error) {
      if (all.size() == 1 || !is_of_ca(error)) throw;
      failures.push_back({all[at], error});
      if (const auto* const gate = dynamic_cast<const GateClosed*>(&error)) gates.push_back(*gate);
      if (at + 1 < all.size())
        log::warn(entry.name() + ": " + all[at] + ": " + error.message + "; asking the next CA, " +
                  all[at + 1]);
    }
  }
  throw_all(failures, gates);
}

void settle_accounts(Sessions& sessions, const store::Request& request) {
  const std::vector<std::string> all = store::directories(request);
  if (all.size() == 1) return;
  for (const std::string& directory : all) {
    Session& session = sessions.at(request, directory);
    if (request.account_key.empty() && session.folder().account()) continue;
    try {
      session.client();
    } catch (const Error& error) {
      if (error.code != Exit::unreachable && error.code != Exit::later) throw error.within(directory);
      log::warn(directory + ": " + error.message +
                "; there is no account yet, so no renewal can use this CA: repeat the command later");
    }
  }
}

}  // namespace certo::renew
