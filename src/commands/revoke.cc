// certo revoke: RFC 8555 section 7.6, by the account or by the certificate's own key.
// Defines revoke_command of commands/commands.h.
#include <algorithm>
#include <array>

#include "acme/order.h"
#include "base/log.h"
#include "base/text.h"
#include "commands/choices.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "console/ask.h"
#include "os/file.h"
#include "renew/refresh.h"
#include "store/entry.h"

namespace certo::console::flag {

constexpr Option reason{"--reason", Value::reason, "NAME",
                        "keyCompromise, superseded, cessationOfOperation, …"};
constexpr Option remove{"--remove", Value::none, nullptr, "with -d: also remove it from the store"};

}  // namespace certo::console::flag

namespace certo::commands {

namespace {

struct Reason {
  const char* name;
  int number;
};

constexpr int key_compromise = 1;

/// RFC 5280 section 5.3.1, without the reasons that only a CA can give.
constexpr std::array reasons = {
    Reason{"unspecified", 0}, Reason{"keyCompromise", key_compromise}, Reason{"affiliationChanged", 3},
    Reason{"superseded", 4},  Reason{"cessationOfOperation", 5},       Reason{"privilegeWithdrawn", 9},
};

/// "keyCompromise", "key-compromise" or 1; -1 if none is given.
int reason(const Args& args) {
  const std::optional<std::string> given = args.find(flag::reason);
  if (!given) return -1;
  std::string word = lower(*given);
  std::erase(word, '-');
  for (const auto& [name, number] : reasons)
    if (word == lower(name) || word == std::to_string(number)) return number;
  throw Error(Exit::usage, "--reason: there is no reason '" + *given + "'",
              "one of: " + join(revocation_reasons(), ", "));
}

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

/// The account that it was issued to may be gone; the certificate's key is a proof, too. For a compromised
/// key it is the best proof, because CAs then refuse this key for ever.
bool revoke_live(const store::Home& state, const renew::SessionSettings& settings, const store::Live& live,
                 int reason) {
  const crypto::Certificate& leaf = live.chain.front();
  const std::string key = live.folder + "/key.pem";
  if (reason == key_compromise && os::exists(key)) return revoke_by_key(state, settings, key, leaf, reason);
  try {
    return revoke_by_account(state, settings, leaf, reason);
  } catch (const Error& error) {
    const auto* refusal = dynamic_cast<const acme::Refusal*>(&error);
    const bool is_not_its = refusal && refusal->problem.type == "unauthorized";
    if ((!is_not_its && error.code != Exit::config) || !os::exists(key)) throw;
    log::verbose(error.message + "; trying with the certificate's own key");
  }
  return revoke_by_key(state, settings, key, leaf, reason);
}

void say_revoked(const std::string& what, bool was_before) {
  log::say(what + (was_before ? ": it was revoked before" : ": revoked"));
}

Exit revoke_stored(const Args& args, const std::string& name) {
  const int why = reason(args);
  const store::Home state = home(args);
  const store::Entry entry(state, name);
  if (!entry.exists()) throw unknown_certificate(state, name);
  if (!confirm(args, "revoke the certificate " + name + "? That is final"))
    throw Error(Exit::usage, "revoke: " + name + " needs a confirmation, and was not revoked",
                "give --yes if nobody can be asked");
  const os::Lock lock = entry.lock_existing(lock_timeout(args));
  entry.adopt();
  const std::optional<store::Live> live = entry.live();
  if (!live)
    throw Error(Exit::bad_input, name + ": there is no certificate yet", "'certo info " + name + "'");
  const store::Request request = entry.request();
  renew::SessionSettings settings = session_settings(args, request.directory);
  const std::string typed_key = settings.account_key;
  settings.use(request);
  if (args.says(flag::account_key)) settings.account_key = typed_key;
  const bool was_before = revoke_live(state, settings, *live, why);

  entry.mark_revoked(live->version);
  renew::note_revoked(entry);
  say_revoked(name, was_before);
  if (args.has(flag::remove)) {
    entry.remove();
    log::say("removed " + entry.folder());
  } else if (why == key_compromise && !request.csr.empty()) {
    log::say(name + ": 'certo issue --csr FILE' with the CSR of another key replaces it");
  } else {
    log::say(name + ": the next 'certo renew' replaces it");
  }
  return Exit::ok;
}

Exit revoke_given(const Args& args) {
  const int why = reason(args);
  if (args.has(flag::remove)) throw Error(Exit::usage, "--remove goes with -d NAME");
  const std::string path = args.words().empty() ? "-" : args.words()[0];
  const std::string subject = path == "-" ? "standard input" : path;
  const crypto::Certificate leaf =
      crypto::parse_chain(read_input(path, 1 << 18, "a certificate (or name one with -d)"), subject,
                          Exit::bad_input)
          .front();
  const store::Home state = home(args);
  const renew::SessionSettings settings = session_settings(args, directory_url(args));
  const std::optional<std::string> key = args.find(flag::key);
  say_revoked(subject, key ? revoke_by_key(state, settings, absolute(*key), leaf, why)
                           : revoke_by_account(state, settings, leaf, why));
  return Exit::ok;
}

/// The store knows the CA and account of its certificates; with the certificate's key, no account is needed.
void refuse_useless(const Args& args) {
  const bool is_stored = args.has(flag::domain);
  for (const Option& option : {flag::server, flag::staging, flag::account}) {
    if (is_stored && args.says(option))
      throw Error(Exit::usage, "revoke: " + std::string(option.name()) + " does not go with -d",
                  "leave it out: certo knows which CA and account the certificate is from");
  }
  for (const Option& option : {flag::account, flag::account_key}) {
    if (args.has(flag::key) && args.says(option))
      throw Error(Exit::usage, "revoke: " + std::string(option.name()) + " does not go with --key",
                  "leave one of them out: either the account or the certificate's key signs");
  }
}

/// A word is a file. One that is not there may be the name of a stored certificate.
Args with_name(Args args) {
  if (args.words().size() != 1 || args.has(flag::domain)) return args;
  const std::string word = args.words().front();
  if (os::exists(word) || word.find('/') != word.npos || !store::Entry(home(args), word).exists())
    return args;
  args.take_words();
  args.add(flag::domain, word);
  return args;
}

Exit run(const Args& given) {
  const Args args = with_name(given);
  refuse_useless(args);
  const std::optional<std::string> name = args.find(flag::domain);
  if (!name) return revoke_given(args);
  if (!args.words().empty() || args.has(flag::key))
    throw Error(Exit::usage, "-d NAME takes certificate and key from the store",
                "leave -d out to revoke another one");
  return revoke_stored(args, store::certificate_name(*name));
}

}  // namespace

std::vector<std::string> revocation_reasons() {
  std::vector<std::string> names;
  for (const Reason& one : reasons) names.emplace_back(one.name);
  return names;
}

const Command revoke_command{
    .name = "revoke",
    .group = Group::porcelain,
    .summary = "revoke a certificate",
    .word = {Value::file, "[FILE]", 0, 1},
    .input = "certificate PEM, or nothing with -d",
    .options = {flag::certificate.with_help("a certificate in the store"), flag::reason,
                flag::key.with_help("the key of the certificate on stdin, instead of the account"),
                flag::remove, flag::yes},
    .sets = {&server_options, &connection_options, &account_options},
    .examples = {"certo revoke -d example.com --reason keyCompromise   # the next renew replaces it",
                 "certo revoke -d old.example.com --reason cessationOfOperation --remove",
                 "certo revoke --server letsencrypt --key found.key < found.pem"},
    .description =
        R"(A revoked certificate of the store is replaced by the next renewal, with a new key, unless --remove is
given. If it was issued to another account, certo revokes it with its own key.)",
    .run = run,
};

}  // namespace certo::commands
