// certo install-cert: the certificate to where a server reads it.
#include "base/log.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/hook_options.h"
#include "commands/targets.h"
#include "install/choose.h"
#include "install/deliver.h"
#include "install/once.h"
#include "os/file.h"
#include "store/entry.h"

namespace certo::commands {
namespace {

std::string entry_name(const Args& args, const store::Home& state) {
  const std::vector<std::string> named = args.all("--domain");
  if (named.size() > 1)
    throw Error(Exit::usage, "install-cert: one certificate at a time", "-d takes its name in 'certo list'");
  std::string name = store::certificate_name(named.front());
  if (!store::Entry(state, name).exists()) throw unknown_certificate(state, name);
  return name;
}

Exit give_up(const Args& args, const store::Home& state, const store::Entry& entry,
             const std::optional<install::Installation>& wanted) {
  const os::Lock lock = entry.lock_existing(lock_timeout(args));
  install::Installation named = wanted.value_or(install::Installation{});
  if (!named.targets.empty()) named = install::checked(state, named);
  const size_t count = install::forget(entry, named);
  log::say(entry.name() + ": " +
           (count == 0 ? "nothing to forget" : "forgotten; the files stay where they are"));
  return Exit::ok;
}

Exit from_store(const Args& args, const store::Home& state,
                const std::optional<install::Installation>& wanted) {
  const store::Entry entry(state, entry_name(args, state));
  if (args.has("--key")) throw Error(Exit::usage, "--key is for a certificate from a pipe, not with -d");
  if (args.has("--forget")) return give_up(args, state, entry, wanted);
  if (wanted) {
    const install::Installation good = install::checked(state, *wanted);
    install::require_key(entry.request(), good);
    install::require_unclaimed(state, entry.name(), good);
    const os::Lock lock = entry.lock_existing(lock_timeout(args));
    install::store_installation(entry, good);
  }
  const bool has_hooks = install::hooks_pending(entry);
  if (install::installations(entry).empty() && !has_hooks)
    throw Error(Exit::usage, entry.name() + ": where should it be installed?",
                "for example --key-file FILE --fullchain-file FILE --reloadcmd 'systemctl reload nginx'");
  if (!args.has("--force") && !install::is_pending(entry) && !has_hooks) {
    log::say(entry.name() + ": nothing to do, it is installed (--force does it again)");
    return Exit::ok;
  }
  const Exit code = deliver_and_tell(args, state, entry.name(), args.has("--force"));
  return worst(code, finish_hooks(state, entry, {.is_installed = code == Exit::ok}, lock_timeout(args)));
}

Exit from_pipe(const Args& args, const store::Home& state,
               const std::optional<install::Installation>& wanted) {
  const std::string path = args.get("--key");
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
  install::install_once(state, material, good, Seconds(10));
  log::say(install::name_to_ask_for(material.leaf()) + ": installed");
  return Exit::ok;
}

Exit run(const Args& args) {
  const store::Home state = home(args);
  const auto wanted = installation(args);
  install::heal_installations(state);
  return args.has("--domain") ? from_store(args, state, wanted) : from_pipe(args, state, wanted);
}

}  // namespace

const Command install_cert_command{
    .name = "install-cert",
    .group = Group::porcelain,
    .summary = "put a certificate where a server reads it, and reload the server",
    .usage = "",
    .input = "full chain PEM, or -d NAME",
    .output = "-",
    .options = {{"-d,--domain", Value::text, "NAME", "the certificate's name in the store", true},
                {"--key", Value::file, "FILE", "the key of the certificate on standard input"},
                {"-f,--force", Value::none, nullptr, "also what is in place already"},
                {"--forget", Value::none, nullptr,
                 "no longer install it: there, or where no file is named, anywhere"}},
    .examples =
        {"certo install-cert -d example.com --key-file /etc/nginx/key.pem --reloadcmd 'nginx -s reload'",
         "certo install-cert -d example.com --group haproxy --mode 640 --pem-file /etc/haproxy/a.pem",
         "certo install-cert -d example.com --target-dir /etc/tls/www --verify localhost:443",
         "certo install-cert -d example.com   # try again what failed",
         "certo install-cert --key www.key --pem-file /etc/haproxy/www.pem < www.pem"},
    .description =
        "Each command with -d adds one installation to the certificate, or replaces the one that writes the "
        "same file, and every renewal repeats them all. New files are written beside the old ones and "
        "checked, "
        "then all of them are renamed, then the reload command runs, then the servers of --verify are asked. "
        "When the reload or the proof fails, the old files come back and the reload command runs again; the "
        "exit code is 4, and the next run ('certo renew --all', 'certo cron', 'certo install-cert -d NAME') "
        "tries again without a new certificate.\n\n"
        "--owner, --group and --mode hold for the files that follow them on the line. Without them a file "
        "keeps "
        "the owner, group and mode that it has; a new one belongs to who runs certo, with mode 600 where a "
        "key "
        "is in it and 644 otherwise. A target that is a link is followed once, when it is given.\n\n"
        "Without -d the certificate comes by a pipe, is installed once, and nothing is stored.",
    .run = run,
    .targets = true,
};

}  // namespace certo::commands
