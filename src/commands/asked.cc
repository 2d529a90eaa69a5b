#include "commands/asked.h"

#include <algorithm>
#include <optional>

#include "base/log.h"
#include "base/text.h"
#include "commands/terms.h"
#include "commands/usual_way.h"
#include "commands/ways.h"
#include "commands/which_service.h"
#include "console/ask.h"
#include "crypto/csr.h"
#include "renew/several.h"
#include "store/accepted.h"
#include "store/find.h"
#include "store/servers.h"
#include "store/test_certificate.h"

namespace certo::commands {
namespace {

/// An existing certificate keeps its CA unless another one is named on the command line. If that is a test CA
/// and no test CA is asked for this time, the production CA is meant; and the other way round, which is
/// refused.
std::vector<std::string> directories_for(const Args& args, const store::Request& before) {
  const bool is_named = args.says(flag::server) || args.says(flag::staging);
  if (before.directory.empty() || is_named) return directory_urls(args);
  const bool was_test = store::is_test_directory(home(args), before.directory);
  if (was_test == args.has(flag::staging)) return store::directories(before);
  std::vector<std::string> directories = directory_urls(args);
  if (was_test)
    log::say("the certificate in the store is from the test server " + before.directory + "; now from " +
             directories.front());
  return directories;
}

/// Names and key: the requested ones, otherwise those of the stored request. A certificate does not change
/// from a key that certo made to a CSR, or back, because the installed key would no longer match.
void choose_key(const Args& args, const Asked& asked, const std::string& name, bool known,
                store::Request& request) {
  const bool is_ours = request.csr.empty();
  if (known && is_ours && !asked.csr.empty())
    throw Error(Exit::usage, name + " is in the store, with a key that certo made",
                "give --cert-name NAME for a second certificate");
  const bool has_other_names =
      !asked.identifiers.empty() && !crypto::same_set(asked.identifiers, request.identifiers);
  if (known && !is_ours && asked.csr.empty() && (args.has(flag::key_type) || has_other_names))
    throw Error(Exit::usage, name + ": this certificate was issued from a CSR, which fixes its names and key",
                "give a new CSR with --csr FILE");
  if (!asked.csr.empty()) request.csr = asked.csr;
  const bool keeps_names =
      known && (asked.identifiers.empty() || !has_other_names || (!is_ours && asked.csr.empty()));
  if (!keeps_names) request.identifiers = asked.identifiers;
  if (std::optional<std::string> type = args.find(flag::key_type)) request.key_type = crypto::key_type(*type);
}

/// A certificate that loses a name breaks what uses that name, and nobody sees it when the command is typed.
void require_names_kept(const Args& args, const std::string& name, const store::Request& before,
                        const store::Request& after) {
  std::vector<std::string> lost;
  for (const crypto::Identifier& one : before.identifiers)
    if (std::ranges::find(after.identifiers, one) == after.identifiers.end()) lost.push_back(one.value);
  if (lost.empty() || args.has(flag::dry_run)) return;
  const std::string names = join(lost, ", ");
  if (args.has(flag::yes))
    return log::warn(name + ": the stored certificate is also for " + names + "; the new one will not be");
  if (confirm(args, "the stored certificate is also for " + names + ". Continue without?")) return;
  throw Error(Exit::usage, name + ": " + names + " would be lost",
              std::string(args.has(flag::csr) ? "give a CSR for all of them" : "name all with -d") +
                  " to keep them, add --yes to drop them, or --cert-name NAME for a second certificate");
}

/// The CAs, in the order in which they are asked.
void choose_cas(const Args& args, const store::Home& state, const store::Entry& entry,
                store::Request& request) {
  const std::vector<std::string> all = directories_for(args, request);
  renew::require_same_kind(state, all);
  if (std::ranges::any_of(all, store::is_public_directory)) crypto::require_public(request.identifiers);
  request.directory = all.front();
  request.fallbacks.assign(all.begin() + 1, all.end());
  if (!args.has(flag::dry_run)) store::keep_apart(state, entry, request.directory);
}

/// A certificate of the store for just these names, in another order.
std::optional<std::string> same_names(const store::Home& state, std::vector<crypto::Identifier> asked) {
  const auto by_value = [](const crypto::Identifier& one) { return one.value; };
  std::ranges::sort(asked, {}, by_value);
  const std::vector<std::string> likely = store::mentioning(state, {asked.front().value});
  return store::find_entry(state, likely, [&](const std::string&, store::Request request) {
    std::ranges::sort(request.identifiers, {}, by_value);
    return request.identifiers == asked;
  });
}

}  // namespace

Asked asked(const Args& args) {
  const std::optional<std::string> file = args.find(flag::csr);
  if (!file) return {names(args), ""};
  if (args.has(flag::domain) || args.has(flag::key_type))
    throw Error(Exit::usage, "--csr fixes the names and the key", "omit -d and -k, or omit --csr");
  const crypto::Csr csr =
      crypto::parse_csr(read_input(*file, 1 << 18, "a CSR"), *file == "-" ? "stdin" : *file);
  return {csr.identifiers, crypto::csr_pem(csr.der)};
}

std::string entry_name(const Args& args, const Asked& asked) {
  if (std::optional<std::string> name = args.find(flag::cert_name)) return store::certificate_name(*name);
  if (asked.identifiers.empty()) throw Error(Exit::usage, "issue: -d NAME is missing");
  const store::Home state = home(args);
  const std::string first = store::certificate_name(asked.identifiers.front().value);
  return store::Entry(state, first).exists() ? first : same_names(state, asked.identifiers).value_or(first);
}

store::Request wanted(const Args& args, const Asked& asked, const store::Home& state,
                      const store::Entry& entry, IfNoWay if_no_way) {
  store::Request request;
  const bool known = entry.exists();
  if (known) request = entry.request();
  const store::Request before = request;
  choose_key(args, asked, entry.name(), known, request);
  if (request.identifiers.empty()) throw Error(Exit::usage, "issue: -d NAME is missing");
  choose_cas(args, state, entry, request);
  choose_terms(args, known, request);
  for (const std::string& directory : store::directories(request))
    store::require_accepted(store::server_of(state, directory).value_or(store::Server{}), request);
  if (known) require_names_kept(args, entry.name(), before, request);
  if (!known || args.says(flag::account)) request.account = args.get(flag::account, "default");
  if (!known || args.says(flag::account) || args.says(flag::account_key))
    request.account_key = absolute(args.get(flag::account_key));
  if (known ? args.says(flag::ca_bundle) : args.has(flag::ca_bundle))
    request.ca_bundle = absolute(args.get(flag::ca_bundle));
  if (std::optional<store::Ways> chosen = ways(args))
    request.ways = *std::move(chosen);
  else if (!known && if_no_way == IfNoWay::any)
    request.ways.usual = store::Program{};
  else if (!known)
    request.ways.usual = usual_way(args, request.identifiers);
  request.ways.restrict_to(request.identifiers);
  require_provable(request.identifiers, request.ways);
  choose_services(args, request.ways, request.identifiers);
  if (known && args.says(flag::renew_before) && store::asks_for_same(before, request))
    require_shorter(entry, request);
  return request;
}

}  // namespace certo::commands
