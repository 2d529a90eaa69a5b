// The command table in the order of the README, and the option sets that commands share.
#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"

namespace certo::cli {

extern const Command issue_command, renew_command, cron_command, list_command, info_command, remove_command,
    install_cert_command, revoke_command, rollback_command, convert_command, import_command;
extern const Command keygen_command, csr_command, account_command, order_command, present_command,
    cleanup_command, solve_command, fetch_command, inspect_command, ari_command, providers_command;
extern const Command schedule_command, upgrade_command;
extern const Command completion_command, help_command, version_command, hooks_command, deploy_command;

const std::vector<const Command*>& commands() {
  static const std::vector<const Command*> table = {
      &issue_command,        &renew_command,      &cron_command,    &list_command,      &info_command,
      &install_cert_command, &remove_command,     &revoke_command,  &rollback_command,  &deploy_command,
      &hooks_command,        &import_command,     &convert_command, &keygen_command,    &csr_command,
      &account_command,      &order_command,      &present_command, &cleanup_command,   &solve_command,
      &fetch_command,        &inspect_command,    &ari_command,     &providers_command, &schedule_command,
      &upgrade_command,      &completion_command, &help_command,    &version_command,
  };
  return table;
}

const Command* find_command(std::string_view name) {
  const auto& table = commands();
  const auto found =
      std::ranges::find_if(table, [&](const Command* command) { return command->name == name; });
  return found == table.end() ? nullptr : *found;
}

const Command& command_named(std::string_view name) {
  if (const Command* command = find_command(name)) return *command;
  std::vector<std::string> names;
  for (const Command* command : commands()) names.emplace_back(command->name);
  const std::optional<std::string> near = nearest(name, names);
  throw Error(Exit::usage, "there is no command '" + std::string(name) + "'",
              near ? "did you mean 'certo " + *near + "'?" : "'certo help' lists the commands");
}

const std::vector<Option>& global_options() {
  static const std::vector<Option> options = {
      {"--home", Value::folder, "DIR", "state folder (default: /var/lib/certo, or ~/.local/state/certo)"},
      {"--json", Value::none, nullptr, "report as JSON"},
      {"--log", Value::file, "FILE", "append everything that is said, and more, to FILE"},
      {"-v,--verbose", Value::none, nullptr, "say more; -vv shows requests and queries", true},
      {"-q,--quiet", Value::none, nullptr, "say nothing but errors"},
      {"--no-input", Value::none, nullptr, "never ask; fail where an answer is needed"},
      {"--lock-timeout", Value::text, "SECONDS", "wait for another certo to finish (default: 60)"},
      {"--deadline", Value::text, "SECONDS", "time limit for one certificate (default: 600)"},
      {"-h,--help", Value::none, nullptr, "this text"},
  };
  return options;
}

const std::vector<Option>& network_options() {
  static const std::vector<Option> options = {
      {"--server", Value::server, "NAME|URL",
       "the CA: a short name or the URL of its directory (default: letsencrypt)"},
      {"--staging", Value::none, nullptr,
       "the CA's test server: generous limits, nobody trusts its certificates"},
      {"--ca-bundle", Value::file, "FILE", "PEM roots to check the CA's server by (default: the system's)"},
      {"-4,--ipv4", Value::none, nullptr, "connect over IPv4 only"},
      {"-6,--ipv6", Value::none, nullptr, "connect over IPv6 only"},
      {"--account", Value::text, "NAME", "which account at this CA (default: default)"},
      {"--account-key", Value::file, "FILE", "use this account key instead of the stored one"},
      {"--account-key-type", Value::key_type, "TYPE", "of a new account (default: ec-256)"},
      {"--email", Value::text, "ADDR", "where the CA may write to", true},
      {"--agree-tos", Value::none, nullptr, "agree to the CA's terms of service"},
      {"--eab-kid", Value::text, "KID", "external account: the key identifier that the CA gave"},
      {"--eab-hmac-file", Value::file, "FILE", "external account: file with the HMAC key, or CERTO_EAB_HMAC"},
      {"--allow-http-loopback", Value::none, nullptr, "for tests: a CA on this machine without TLS"},
  };
  return options;
}

const std::vector<Option>& way_options() {
  static const std::vector<Option> options = {
      {"-w,--webroot", Value::folder, "DIR", "http-01: put files below DIR/.well-known/acme-challenge", true},
      {"--standalone", Value::none, nullptr, "http-01: be the web server while the CA looks", true},
      {"--listen", Value::text, "ADDR:PORT", "with --standalone (default: port 80 of all addresses)"},
      {"--dns", Value::provider, "PROVIDER", "dns-01: see 'certo providers', or exec:/path/to/program", true},
      {"--dns-credentials", Value::file, "FILE",
       "KEY=value settings of the DNS provider, readable by you only, or 'exec:/path/to/program WORD…' that "
       "prints them"},
      {"--no-save", Value::none, nullptr, "do not keep the provider's settings from the environment"},
      {"--dns-zone", Value::text, "ZONE", "the zone that holds the records, where it is not found"},
      {"--alias", Value::text, "[NAME=]TARGET",
       "the record (of NAME) goes to _acme-challenge.TARGET; to TARGET itself where that begins with '_' or "
       "'='",
       true},
      {"--dns-env", Value::text, "NAME", "let the provider see this environment variable", true},
      {"--propagation", Value::text, "none|wait=N",
       "do not ask the zone's name servers; wait N seconds instead"},
      {"--resolver", Value::text, "ADDR[:PORT]", "ask this DNS server instead of the system's"},
  };
  return options;
}

const std::vector<Option>& hook_options() {
  static const std::vector<Option> options = {
      {"--pre-hook", Value::text, "COMMAND", "run before the CA is asked; when it fails, nothing is asked",
       true},
      {"--deploy-hook", Value::text, "COMMAND",
       "run when a new certificate is live; when it fails, again by the next run", true},
      {"--renew-hook", Value::text, "COMMAND", "the same as --deploy-hook", true},
      {"--post-hook", Value::text, "COMMAND", "run at the end, after a failure, too", true},
      {"--hook-timeout", Value::text, "SECONDS", "time limit of each hook (default: 120)"},
  };
  return options;
}

const std::vector<Option>& notify_options() {
  static const std::vector<Option> options = {
      {"--notify", Value::text, "WHEN",
       "when hooks/notify of the state folder is told: on-failure, on-change (default) or always"},
  };
  return options;
}

const std::vector<Option>& target_options() {
  static const std::vector<Option> options = {
      {"--key-file", Value::file, "FILE", "install the private key there", true},
      {"--fullchain-file", Value::file, "FILE", "the certificate and its chain", true},
      {"--cert-file", Value::file, "FILE", "the certificate alone", true},
      {"--chain-file", Value::file, "FILE", "the chain without the certificate", true},
      {"--ca-file", Value::file, "FILE", "the same as --chain-file", true},
      {"--pem-file", Value::file, "FILE", "key, certificate and chain in one, for HAProxy or Postfix", true},
      {"--pfx-file", Value::file, "FILE", "the same as PKCS#12", true},
      {"--pfx-password-file", Value::file, "FILE",
       "its first line is the password of --pfx-file (default: empty)"},
      {"--target-dir", Value::folder, "DIR",
       "a link to a folder with key.pem, cert.pem, chain.pem, fullchain.pem: all change at once", true},
      {"--owner", Value::text, "USER", "owner of the files that follow, until the next --owner", true},
      {"--group", Value::text, "GROUP", "group of the files that follow", true},
      {"--mode", Value::text, "OCTAL", "mode of the files that follow (default: as it was; new: 600 or 644)",
       true},
      {"--reloadcmd", Value::text, "COMMAND", "shell command that makes the server take the new certificate"},
      {"--reload-timeout", Value::text, "SECONDS", "time limit of --reloadcmd (default: 120)"},
      {"--verify", Value::text, "HOST:PORT[/smtp]",
       "then look whether this server presents the new certificate (also /imap, /pop3, /ftp)", true},
  };
  return options;
}

std::string long_flag(const Option& option) {
  const std::string_view flags = option.flags;
  return std::string(flags.substr(flags.find("--")));
}

std::string short_flag(const Option& option) {
  const std::string_view flags = option.flags;
  return std::string(flags.substr(0, flags.find(',') == flags.npos ? 0 : flags.find(',')));
}

std::vector<OptionSet> option_sets(const Command& command) {
  std::vector<OptionSet> sets;
  if (!command.options.empty()) sets.push_back({"Options", command.options});
  if (command.way) sets.push_back({"How to prove control of the names", way_options()});
  if (command.hooks) sets.push_back({"What runs around it", hook_options()});
  if (command.notify) sets.push_back({"Who is told", notify_options()});
  if (command.targets) sets.push_back({"Where to install it", target_options()});
  if (command.network) sets.push_back({"CA and account", network_options()});
  sets.push_back({"Of every command", global_options()});
  return sets;
}

}  // namespace certo::cli
