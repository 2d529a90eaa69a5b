#include "console/option_sets.h"

namespace certo::console {

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

}  // namespace certo::console
