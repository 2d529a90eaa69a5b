#include "renew/slots.h"

#include "renew/due.h"
#include "store/account.h"
#include "store/servers.h"

namespace certo::renew {

Slots::Ca& Slots::ca(const std::string& directory) {
  const auto [found, is_new] = cas_.try_emplace(directory);
  if (is_new)
    found->second = {store::limits_of(home_, directory), store::read_ledger(home_, directory, now_)};
  return found->second;
}

std::string& Slots::account(const std::string& directory, const std::string& name) {
  const auto [found, is_new] = accounts_.try_emplace({directory, name});
  if (is_new)
    if (const auto stored = store::AccountFolder(home_, directory, name).account())
      found->second = stored->url;
  return found->second;
}

std::optional<Shortage> Slots::place(const store::Request& request, const store::Status& status) {
  if (!request.fallbacks.empty()) return {};  // another CA is asked at once
  auto& [limits, ledger] = ca(request.directory);
  if (limits.empty() && ledger == store::Ledger()) return {};
  const bool is_same = status.live && status.missing.empty() && status.wishes == store::digest(request);
  std::string& url = account(request.directory, request.account);
  std::vector<Token> tokens = tokens_of({.identifiers = request.identifiers,
                                         .account = url,
                                         .is_renewal = is_same,
                                         .is_replacement = status.live && is_in_window(status, now_)});
  if (url.empty() && request.account_key.empty()) {  // the first order makes it
    tokens.push_back(tokens_of_new_account().front());
    url = "new";
  }
  std::optional<Shortage> missing = shortage(limits, ledger, tokens, now_);
  take(limits, ledger, tokens, now_);
  return missing;
}

}  // namespace certo::renew
