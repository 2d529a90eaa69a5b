#include "renew/several.h"

#include <algorithm>
#include <exception>

#include "acme/flow.h"
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

/// The kind of an exception, which is kept for the failure of all.
struct Kinds {
  std::vector<GateClosed> gates{};  // that closed earlier: they are not failures of the certificate
  std::optional<acme::Unproven> unproven{};

  void note(const Error& error) {
    if (const auto* const gate = dynamic_cast<const GateClosed*>(&error)) gates.push_back(*gate);
    if (const auto* const other = dynamic_cast<const acme::Unproven*>(&error)) note(*other);
  }
  void note(const acme::Unproven& other) {
    if (unproven && (unproven->names.empty() || other.names.empty()))
      unproven->names.clear();  // none in particular
    else if (unproven)
      unproven->names.insert(unproven->names.end(), other.names.begin(), other.names.end());
    else
      unproven = other;
  }
};

[[noreturn]] void throw_all(const std::vector<CaFailure>& failures, const Kinds& kinds) {
  if (kinds.gates.size() == failures.size())
    throw GateClosed(
        *std::ranges::min_element(kinds.gates, {}, [](const GateClosed& one) { return *one.retry_at; }));
  const Error all = failure_of_all(failures);
  if (!kinds.unproven) throw all;
  acme::Unproven unproven(all);
  unproven.names = kinds.unproven->names;
  throw unproven;
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
  Kinds kinds;
  for (size_t at = 0; at < all.size(); ++at) {
    challenge::SolverSettings own = solving;
    if (at > 0) own.deadline = Deadline(sessions.time_limit());
    try {
      return issue(sessions.at(request, all[at]), home, entry, request, own, options);
    } catch (const Error& error) {
      if (all.size() == 1 || !is_of_ca(error)) throw;
      failures.push_back({all[at], error});
      kinds.note(error);
      if (at + 1 < all.size())
        log::warn(entry.name() + ": " + all[at] + ": " + error.message + "; asking the next CA, " +
                  all[at + 1]);
    }
  }
  throw_all(failures, kinds);
}

namespace {

/// The options of an external account are for one CA, and others may need theirs.
Error of_its_own(Error error, const std::string& directory) {
  error.hint += std::string(error.hint.empty() ? "" : "; ") +
                "each CA of a list may have an external account of " +
                "its own: make that account first, with certo account new --server " + directory;
  return error;
}

}  // namespace

void settle_cas(Sessions& sessions, const store::Request& request) {
  const std::vector<std::string> all = store::directories(request);
  if (all.size() == 1) return;
  for (const std::string& directory : all) {
    Session& session = sessions.at(request, directory);
    const bool has_account = request.account_key.empty() && session.folder().account();
    if (has_account && request.profile.empty()) continue;
    try {
      acme::require_profile(session.bare_client().directory(), request.profile);
      if (has_account) continue;
      try {
        session.client();
      } catch (const Error& error) {
        if (!session.bare_client().directory().external_account_required) throw;
        throw of_its_own(error, directory);
      }
    } catch (const Error& error) {
      if (error.code != Exit::unreachable && error.code != Exit::later) throw error.within(directory);
      if (has_account) {
        log::warn(directory + ": " + error.message + "; whether it has the profile '" + request.profile +
                  "' is not known");
        continue;
      }
      log::warn(directory + ": " + error.message +
                "; there is no account yet, so no renewal can use this CA: repeat the command later");
    }
  }
}

}  // namespace certo::renew
