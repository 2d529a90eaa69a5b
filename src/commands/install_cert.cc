// certo install-cert: copies a certificate to the files that a server reads.
// Defines install_cert_command of commands/commands.h.
#include "base/log.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/hook_options.h"
#include "commands/rekey.h"
#include "commands/targets.h"
#include "commands/unattended.h"
#include "install/choose.h"
#include "install/deliver.h"
#include "install/once.h"
#include "install/over_real.h"
#include "os/file.h"
#include "store/entry.h"
#include "store/test_certificate.h"

namespace certo::console::flag {

constexpr Option forget{"--forget", Value::none, nullptr,
                        "stop installing to the files given, or everywhere if none is given"};

}  // namespace certo::console::flag

namespace certo::commands {

namespace {

std::string entry_name(const Args& args, const store::Home& state) {
  const std::vector<std::string> named = args.all(flag::domain);
  if (named.size() > 1)
    throw Error(Exit::usage, "install-cert: one certificate at a time", "-d takes its name in 'certo list'");
  std::string name = store::certificate_name(named.front());
  if (!store::Entry(state, name).exists()) throw unknown_certificate(state, name);
  return name;
}

Exit give_up(const Args& args, const store::Entry& entry,
             const std::optional<install::Installation>& wanted) {
  const os::Lock lock = entry.lock_existing(lock_timeout(args));
  const size_t count = install::forget(entry, wanted.value_or(install::Installation{}));
  log::say(entry.name() + ": " +
           (count == 0 ? "nothing to forget" : "forgotten; the files stay where they are"));
  return Exit::ok;
}

Exit from_store(const Args& args, const store::Home& state,
                const std::optional<install::Installation>& wanted) {
  const store::Entry entry(state, entry_name(args, state));
  if (args.has(flag::key)) throw Error(Exit::usage, "--key is for a certificate from a pipe, not with -d");
  if (args.has(flag::forget)) return give_up(args, entry, wanted);
  if (wanted) {
    const install::Installation good = install::checked(state, *wanted);
    install::require_key(entry.request(), good);
    install::require_unclaimed(state, entry.name(), good);
    if (!args.has(flag::force) && store::is_test(state, entry)) install::require_no_real(state, entry, good);
    const os::Lock lock = entry.lock_existing(lock_timeout(args));
    install::store_installation(entry, good);
    warn_of_service(state, entry.name());
  }
  const bool has_hooks = install::hooks_pending(entry);
  if (install::installations(entry).empty() && !has_hooks)
    throw Error(Exit::usage, entry.name() + ": where should it be installed?",
                "for example --key-file FILE --fullchain-file FILE --reloadcmd 'systemctl reload nginx'");
  if (!args.has(flag::force) && !install::is_pending(entry) && !has_hooks) {
    log::say(entry.name() + ": nothing to do, it is installed (--force does it again)");
    return Exit::ok;
  }
  const Exit code =
      deliver_and_tell(args, state, entry.name(), args.has(flag::force) ? Which::all : Which::pending);
  const Exit hooks = finish_hooks(state, entry, {.is_installed = code == Exit::ok}, lock_timeout(args));
  return worst(worst(code, hooks), settle_rekey(args, state, entry.name()));
}

Exit from_pipe(const Args& args, const store::Home& state,
               const std::optional<install::Installation>& wanted) {
  const std::string path = args.get(flag::key);
  if (path.empty())
    throw Error(Exit::usage, "install-cert: which certificate?",
                "-d NAME for one of the store, or --key FILE and the certificate on standard input");
  if (!wanted)
    throw Error(Exit::usage, "install-cert: where should it be installed?",
                "for example --key-file FILE --fullchain-file FILE");
  state.prepare();
  const install::Installation good = install::checked(state, *wanted);
  const std::string chain = read_input("-", size_t{256} * 1024, "a certificate");
  install::Material material{"", crypto::PrivateKey::from_pem(os::read_file(path), path),
                             crypto::parse_chain(chain, "stdin", Exit::bad_input)};
  install::require_sound(material, now());
  if (!args.has(flag::force)) install::require_no_real(state, material.leaf(), good);
  const std::string name = install::name_to_ask_for(material.leaf());
  install::install_once(state, std::move(material), good, {.lock_timeout = lock_timeout(args)});
  log::say(name + ": installed");
  return Exit::ok;
}

Exit run(const Args& args) {
  const store::Home state = home(args);
  const auto wanted = installation(args);
  install::heal_installations(state);
  return args.has(flag::domain) ? from_store(args, state, wanted) : from_pipe(args, state, wanted);
}

}  // namespace

const Command install_cert_command{
    .name = "install-cert",
    .group = Group::porcelain,
    .summary = "install a certificate for a server, and reload the server",
    .input = "full chain PEM, or -d NAME",
    .options = {flag::certificate, flag::key.with_help("the key of the certificate on standard input"),
                flag::force.with_help(
                    "install again even if nothing changed; allow a test certificate to replace a real one"),
                flag::forget},
    .sets = {&target_options},
    .examples =
        {"certo install-cert -d example.com --key-file /etc/nginx/key.pem --reloadcmd 'nginx -s reload'",
         "certo install-cert -d example.com --group haproxy --mode 640 --pem-file /etc/haproxy/a.pem",
         "certo install-cert -d example.com --target-dir /etc/tls/www --verify localhost:443",
         "certo install-cert -d example.com   # try again what failed",
         "certo install-cert --key www.key --pem-file /etc/haproxy/www.pem < www.pem"},
    .description =
        R"(With -d, the certificate of the store is installed now and after each renewal. Without -d, a certificate
from a pipe is installed once, and nothing is stored.

Each command adds one installation to the certificate, or replaces the installation that writes the same
file. certo writes new files next to the old ones, checks them, renames all of them, runs the reload
command and then queries the servers of --verify. If the reload or a server fails, certo restores the
previous files and runs the reload command again. The exit code is then 4, and the next run ('certo
renew --all', 'certo cron', 'certo install-cert -d NAME') tries again without a new certificate.

--owner, --group and --mode apply to the files that follow them on the command line. Without them a file
keeps its owner, group and mode. A new file belongs to the user who runs certo, with mode 600 if it
holds a key and 644 otherwise. A target that is a symbolic link is followed once, when it is given.)",
    .run = run,
};

}  // namespace certo::commands
