// certo revoke: RFC 8555 section 7.6, by the account or by the certificate's own key.
// Defines revoke_command of commands/commands.h.
#include <unistd.h>

#include <algorithm>

#include "base/failure.h"
#include "base/log.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/revocation.h"
#include "commands/web_edits.h"
#include "console/ask.h"
#include "os/file.h"
#include "os/trust.h"
#include "renew/refresh.h"
#include "store/entry.h"

namespace certo::console::flag {

constexpr Option reason{"--reason", Value::reason, "NAME",
                        "keyCompromise, superseded, cessationOfOperation, …"};
constexpr Option remove{"--remove", Value::none, nullptr, "with -d: also remove it from the store"};

}  // namespace certo::console::flag

namespace certo::commands {

namespace {

/// -1 if none is given.
int reason(const Args& args) {
  const std::optional<std::string> given = args.find(flag::reason);
  return given ? reason_number(*given) : -1;
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
  settings.directory = entry.issued_by();
  if (args.says(flag::account)) settings.account = args.get(flag::account);
  if (args.says(flag::account_key)) settings.account_key = typed_key;
  if (args.has(flag::remove)) require_removable(entry, "revoke --remove");
  const bool was_before =
      revoke_by_either(state, settings, live->folder + "/key.pem", live->chain.front(), why);

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
  if (!args.has(flag::remove))
    for (const NamingPlace& one : places_naming(entry))
      log::warn(one.place + ": " + one.server + " presents the revoked certificate until it is replaced");
  return Exit::ok;
}

/// Revokes a version of the store with its own key.
void revoke_version(const Args& args, const store::Home& state, const StoredVersion& one,
                    const std::string& key, int why) {
  const store::Entry entry(state, one.name);
  const os::Lock lock = entry.lock_existing(lock_timeout(args));
  const store::Request request = entry.request();
  renew::SessionSettings settings = session_settings(args, request.directory);
  settings.use(request);
  const std::string issuer = entry.directory_of(one.version);
  if (!issuer.empty()) settings.directory = issuer;
  const bool was_before = revoke_by_key(state, settings, key, one.leaf, why);
  entry.mark_revoked(one.version);
  const std::optional<store::Live> live = entry.live();
  if (live && live->version == one.version) renew::note_revoked(entry);
  say_revoked(one.name + " (" + one.leaf.serial_hex() + ")", was_before);
}

/// All certificates of the store that are for this key, older versions included.
Exit revoke_with_key(const Args& args, const std::string& file, int why) {
  const store::Home state = home(args);
  const std::string path = absolute(file);
  const crypto::PrivateKey key = crypto::PrivateKey::from_pem(os::read_private(path), path);
  std::vector<StoredVersion> found = versions_with_key(state, key.public_key().spki, now());
  std::erase_if(
      found, [&](const StoredVersion& one) { return store::Entry(state, one.name).is_revoked(one.version); });
  if (found.empty())
    throw Error(Exit::unknown_name, path + ": no certificate in " + state.path() + " is for this key",
                "give the certificate: certo revoke --key FILE CERTIFICATE");
  std::vector<std::string> names;
  for (const StoredVersion& one : found)
    if (std::ranges::find(names, one.name) == names.end()) names.push_back(one.name);
  const std::string what = std::to_string(found.size()) +
                           (found.size() == 1 ? " certificate" : " certificates") + " of " +
                           join(names, ", ");
  if (!confirm(args, "revoke " + what + "? That is final"))
    throw Error(Exit::usage, "revoke: " + what + ": this needs a confirmation, and nothing was revoked",
                "give --yes if nobody can be asked");
  Exit code = Exit::ok;
  for (const StoredVersion& one : found) {
    try {
      revoke_version(args, state, one, path, why);
    } catch (const Error& error) {
      code = worst(code, error.code);
      report(one.name, failure_of(error));
    }
  }
  if (code == Exit::ok) log::say("the next 'certo renew' replaces what was revoked");
  return code;
}

/// The certificate in the file; that in the store whose key is in --key, if there is none.
Exit revoke_given(const Args& args) {
  constexpr size_t limit = 1 << 18;
  const int why = reason(args);
  if (args.has(flag::remove)) throw Error(Exit::usage, "--remove goes with -d NAME");
  const std::string path = args.words().empty() ? "-" : args.words()[0];
  const std::optional<std::string> key = args.find(flag::key);
  const bool may_search = key && args.words().empty();
  if (may_search && ::isatty(STDIN_FILENO) == 1) return revoke_with_key(args, *key, why);
  const std::string text = may_search ? os::read_all(STDIN_FILENO, limit, "standard input")
                                      : read_input(path, limit, "a certificate (or name one with -d)");
  if (may_search && trim(text).empty()) return revoke_with_key(args, *key, why);
  const std::string subject = path == "-" ? "standard input" : path;
  const crypto::Certificate leaf = crypto::parse_chain(text, subject, Exit::bad_input).front();
  const store::Home state = home(args);
  const renew::SessionSettings settings = session_settings(args, directory_url(args));
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

const Command revoke_command{
    .name = "revoke",
    .group = Group::porcelain,
    .summary = "revoke a certificate",
    .word = {Value::file, "[FILE]", 0, 1},
    .input = "certificate PEM, or nothing with -d",
    .options = {flag::certificate.with_help("a certificate in the store"), flag::reason,
                flag::key.with_help(
                    "the certificate's key signs, instead of the account; alone, it finds the "
                    "certificates of the store that use it"),
                flag::remove, flag::yes},
    .sets = {&server_options, &connection_options, &account_options},
    .examples = {"certo revoke -d example.com --reason keyCompromise   # the next renew replaces it",
                 "certo revoke -d old.example.com --reason cessationOfOperation --remove",
                 "certo revoke --server letsencrypt --key found.key < found.pem",
                 "certo revoke --key leaked.key --reason keyCompromise   # finds the certificates"},
    .description =
        R"(A revoked certificate of the store is replaced by the next renewal, with a new key, unless --remove is
given. If it was issued to another account, certo revokes it with its own key. 'certo rekey NAME
--compromised' gets a new certificate first, so that servers never present a revoked one.

The reasons:

    keyCompromise         somebody else has, or may have, the private key
    superseded            another certificate has replaced it
    cessationOfOperation  the names or the server are no longer in use
    affiliationChanged    the organisation in the certificate has changed
    privilegeWithdrawn    what the certificate says is no longer true
    unspecified           none of these; the same as no reason

Browsers block a certificate with keyCompromise fastest. CAs refuse the key from then on, so certo
proves it with the key itself. Let's Encrypt takes the first three and unspecified.)",
    .run = run,
};

}  // namespace certo::commands
