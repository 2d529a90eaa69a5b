// certo rekey: a new certificate with a new key, now. If the old key is compromised, the old certificate is
// revoked when the new one is in place. Defines rekey_command of commands/commands.h.
#include "commands/rekey.h"

#include <algorithm>

#include "base/log.h"
#include "challenge/take_out.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/hook_options.h"
#include "commands/report.h"
#include "commands/revocation.h"
#include "commands/targets.h"
#include "console/ask.h"
#include "install/hooks.h"
#include "os/file.h"
#include "renew/issue.h"
#include "renew/refresh.h"
#include "renew/several.h"
#include "store/rekey.h"

namespace certo::console::flag {

constexpr Option compromised{"--compromised", Value::none, nullptr,
                             "somebody else may have the key: also revoke the old certificate, at the end"};

}  // namespace certo::console::flag

namespace certo::commands {
namespace {

renew::SessionSettings settings_for(const Args& args, const store::Request& request) {
  renew::SessionSettings settings = session_settings(args, request.directory);
  settings.use(request);
  return settings;
}

store::Live live_of(const store::Entry& entry) {
  std::optional<store::Live> live = entry.live();
  if (!live)
    throw Error(Exit::bad_input, entry.name() + ": there is no certificate yet",
                "'certo info " + entry.name() + "'");
  return *std::move(live);
}

/// Writes down what is owed, before anything happens. Other certificates with this key are the user's
/// decision.
void begin(const Args& args, const store::Home& state, const store::Entry& entry, const store::Live& live) {
  const Bytes& spki = live.chain.front().spki;
  if (!confirm(args,
               "replace the key of " + entry.name() + ", then revoke all its certificates? That is final"))
    throw Error(Exit::usage, "rekey: " + entry.name() + " needs a confirmation, and nothing was done",
                "give --yes if nobody can be asked");
  store::Rekey rekey{.key = store::key_digest(spki), .since = now(), .owed = {}};
  for (StoredVersion& one : versions_with_key(entry, spki, now()))
    if (!entry.is_revoked(one.version)) rekey.owed.push_back(std::move(one.leaf));
  store::save(entry, rekey);
  for (const StoredVersion& one : versions_with_key(state, spki, now()))
    if (one.name != entry.name())
      log::warn("the certificate " + one.name + " has the same key: 'certo rekey " + one.name +
                " --compromised'");
}

/// Makes a certificate with another key live, unless an earlier run did. Holds the lock meanwhile.
void renew_key(const Args& args, const store::Home& state, const store::Entry& entry) {
  const os::Lock lock = entry.lock_existing(lock_timeout(args));
  entry.adopt();
  const store::Request request = entry.request();
  if (!request.csr.empty())
    throw Error(Exit::usage, entry.name() + ": its key is elsewhere, and certo cannot replace it",
                "make a new key and CSR there: 'certo issue --csr FILE'");
  std::optional<store::Rekey> rekey = store::rekey_of(entry);
  const store::Live live = live_of(entry);
  if (rekey)
    log::say(entry.name() + ": continuing what began at " + rfc3339(rekey->since));
  else if (args.has(flag::compromised))
    begin(args, state, entry, live);
  if (rekey && rekey->key != store::key_digest(live.chain.front().spki)) return;
  renew::Sessions sessions(state, settings_for(args, request));
  install::begin_hooks(entry, state, {});
  const renew::IssueResult result = renew::issue(sessions, state, entry, request, solver_settings(args),
                                                 {.allow_older = true, .key = renew::KeyChoice::fresh});
  report_issued(args, entry, request, result);
}

/// The key of a version; "" if there is none with it any more.
std::string key_file_of(const store::Entry& entry, const crypto::Certificate& certificate) {
  for (const StoredVersion& one : versions_with_key(entry, certificate.spki, now())) {
    std::string path = entry.folder() + "/" + one.version + "/key.pem";
    if (os::exists(path)) return path;
  }
  return {};
}

/// One of several CAs may have issued it.
renew::SessionSettings issuer_of(const store::Entry& entry, const crypto::Certificate& certificate,
                                 renew::SessionSettings settings) {
  for (const StoredVersion& one : versions_with_key(entry, certificate.spki, now())) {
    const std::string directory = one.leaf.der == certificate.der ? entry.directory_of(one.version) : "";
    if (!directory.empty()) settings.directory = directory;
  }
  return settings;
}

void mark_revoked(const store::Entry& entry, const crypto::Certificate& certificate) {
  for (const StoredVersion& one : versions_with_key(entry, certificate.spki, now()))
    if (one.leaf.der == certificate.der) entry.mark_revoked(one.version);
}

/// Revokes what is owed, one after the other; each that is done is no longer owed.
void settle(const Args& args, const store::Home& state, const store::Entry& entry) {
  const os::Lock lock = entry.lock_existing(lock_timeout(args));
  std::optional<store::Rekey> rekey = store::rekey_of(entry);
  if (!rekey) return;
  const renew::SessionSettings settings = settings_for(args, entry.request());
  while (!rekey->owed.empty()) {
    const crypto::Certificate& one = rekey->owed.front();
    if (one.not_after > now())
      say_revoked(entry.name() + ": " + one.serial_hex(),
                  revoke_by_either(state, issuer_of(entry, one, settings), key_file_of(entry, one), one,
                                   key_compromise));
    mark_revoked(entry, one);
    rekey->owed.erase(rekey->owed.begin());
    store::save(entry, *rekey);
  }
  store::drop_rekey(entry);
}

/// Another key is live, and nothing uses the old one any more.
bool is_replaced(const store::Entry& entry) {
  const std::optional<store::Rekey> rekey = store::rekey_of(entry);
  const std::optional<store::Live> live = entry.live();
  return rekey && live && rekey->key != store::key_digest(live->chain.front().spki) &&
         !install::is_pending(entry) && !install::hooks_pending(entry);
}

Error to_continue(const store::Entry& entry, const Error& error) {
  Error again = error;
  again.hint = "the old certificate is not revoked yet; the same command again continues: certo rekey " +
               entry.name() + " --compromised" + (error.hint.empty() ? "" : "; " + error.hint);
  return again;
}

Exit run(const Args& args) {
  const store::Home state = home(args);
  const std::string name = store::certificate_name(args.words()[0]);
  const store::Entry entry(state, name);
  if (!entry.exists()) throw unknown_certificate(state, name);
  const challenge::Sweep sweep(state, [&] { return solver_settings(args); });
  try {
    renew_key(args, state, entry);
  } catch (const Interrupted&) {
    install::finish_interrupted(entry, state, {.is_installed = false});
    throw;
  } catch (const Error& error) {
    finish_hooks(state, entry, {.is_installed = false}, Millis(0));
    throw error.within(name);
  }
  Exit code = deliver_and_tell(args, state, name, Which::pending);
  code = worst(code, finish_hooks(state, entry, {.is_installed = code == Exit::ok}, lock_timeout(args)));
  if (!store::rekey_of(entry)) return code;
  if (code != Exit::ok) {
    log::warn(name + ": the old certificate is still in use, so it is not revoked yet");
    log::hint("when it can be installed, the same command again continues: certo rekey " + name +
              " --compromised");
    return code;
  }
  try {
    settle(args, state, entry);
  } catch (const Error& error) {
    throw to_continue(entry, error.within(name));
  }
  return code;
}

}  // namespace

std::vector<Failure> settle_rekeys(const Args& args, const store::Home& state,
                                   const std::vector<std::string>& names) {
  std::vector<Failure> failures;
  for (const std::string& name : names) {
    const store::Entry entry(state, name);
    if (!store::is_rekey_owed(entry)) continue;
    try {
      if (is_replaced(entry)) settle(args, state, entry);
    } catch (const Error& error) {
      failures.push_back(failure_of(to_continue(entry, error.within(name))));
    }
  }
  return failures;
}

Exit settle_rekey(const Args& args, const store::Home& state, const std::string& name) {
  Exit code = Exit::ok;
  for (const Failure& failure : settle_rekeys(args, state, {name})) {
    report("", failure);
    code = failure.code;
  }
  return code;
}

const Command rekey_command{
    .name = "rekey",
    .group = Group::porcelain,
    .summary = "replace a certificate and its key now",
    .word = {Value::certificate, "NAME", 1, 1},
    .options = {flag::compromised, flag::yes},
    .sets = {&connection_options},
    .examples = {"certo rekey example.com", "certo rekey example.com --compromised   # the key has leaked"},
    .description =
        R"(certo gets a new certificate with a new key and installs it. With --compromised, it then revokes
all certificates of the old key, with the reason keyCompromise, so that servers never present a revoked
one. What is owed is written down first: after a failure or a crash, the same command again continues, and
so does the next renewal run.)",
    .run = run,
};

}  // namespace certo::commands
