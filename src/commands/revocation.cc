#include "commands/revocation.h"

#include <algorithm>
#include <array>

#include "base/log.h"
#include "base/text.h"
#include "commands/choices.h"
#include "os/file.h"
#include "store/version.h"

namespace certo::commands {
namespace {

struct Reason {
  const char* name;
  int number;
};

/// Without the reasons that only a CA can give.
constexpr std::array reasons = {
    Reason{"unspecified", 0}, Reason{"keyCompromise", key_compromise}, Reason{"affiliationChanged", 3},
    Reason{"superseded", 4},  Reason{"cessationOfOperation", 5},       Reason{"privilegeWithdrawn", 9},
};

/// True if it was revoked before.
bool ask(acme::Client& client, const crypto::Certificate& certificate, int reason, acme::RevokedBy by) {
  try {
    acme::revoke(client, certificate.der, reason, by);
    return false;
  } catch (const acme::Refusal& refusal) {
    if (refusal.problem.type != "alreadyRevoked") throw;
    return true;
  }
}

}  // namespace

int reason_number(const std::string& text) {
  std::string word = lower(text);
  std::erase(word, '-');
  for (const auto& [name, number] : reasons)
    if (word == lower(name) || word == std::to_string(number)) return number;
  throw Error(Exit::usage, "--reason: there is no reason '" + text + "'",
              "one of: " + join(revocation_reasons(), ", "));
}

std::vector<std::string> revocation_reasons() {
  std::vector<std::string> names;
  for (const Reason& one : reasons) names.emplace_back(one.name);
  return names;
}

bool revoke_by_key(const store::Home& state, renew::SessionSettings settings, const std::string& key,
                   const crypto::Certificate& certificate, int reason) {
  settings.account_key = key;
  renew::Session session(state, std::move(settings));
  return ask(session.bare_client(), certificate, reason, acme::RevokedBy::certificate_key);
}

bool revoke_by_account(const store::Home& state, renew::SessionSettings settings,
                       const crypto::Certificate& certificate, int reason) {
  settings.may_register = false;
  renew::Session session(state, std::move(settings));
  return ask(session.client(), certificate, reason, acme::RevokedBy::account);
}

bool revoke_by_either(const store::Home& state, const renew::SessionSettings& settings,
                      const std::string& key, const crypto::Certificate& certificate, int reason) {
  const bool has_key = !key.empty() && os::exists(key);
  if (reason == key_compromise && has_key) return revoke_by_key(state, settings, key, certificate, reason);
  try {
    return revoke_by_account(state, settings, certificate, reason);
  } catch (const Error& error) {
    const auto* refusal = dynamic_cast<const acme::Refusal*>(&error);
    const bool is_not_its = refusal && refusal->problem.type == "unauthorized";
    if ((!is_not_its && error.code != Exit::config) || !has_key) throw;
    log::verbose(error.message + "; trying with the certificate's own key");
  }
  return revoke_by_key(state, settings, key, certificate, reason);
}

void say_revoked(const std::string& what, bool was_before) {
  log::say(what + (was_before ? ": it was revoked before" : ": revoked"));
}

std::vector<StoredVersion> versions_with_key(const store::Entry& entry, const Bytes& spki, Time now) {
  std::vector<StoredVersion> found;
  for (const std::string& version : entry.versions()) {
    const auto chain = store::read_pair_if_sound(entry.folder() + "/" + version);
    if (chain && chain->front().spki == spki && chain->front().not_after > now)
      found.push_back({entry.name(), version, chain->front()});
  }
  return found;
}

std::vector<StoredVersion> versions_with_key(const store::Home& state, const Bytes& spki, Time now) {
  std::vector<StoredVersion> found;
  for (const std::string& name : store::entries(state))
    for (StoredVersion& one : versions_with_key(store::Entry(state, name), spki, now))
      found.push_back(std::move(one));
  return found;
}

}  // namespace certo::commands
