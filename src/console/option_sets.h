// Options that commands share, in sets. A new set needs two places: here, its options, their list and its
// OptionSet; and its name in the row of each command that takes it.
#pragma once

#include <array>

#include "console/option.h"
#include "store/way.h"

namespace certo::console {

namespace flag {

inline constexpr Option home{"--home", Value::folder, "DIR",
                             "state folder (default: /var/lib/certo, or ~/.local/state/certo)", rare};
inline constexpr Option json{"--json", Value::none, nullptr, "report as JSON on standard output"};
inline constexpr Option log{"--log", Value::file, "FILE", "append all messages, also those of -v, to FILE",
                            rare};
inline constexpr Option log_format{"--log-format", Value::text, "text|json",
                                   "how messages are written, on standard error and to FILE of --log", rare};
inline constexpr Option log_size{
    "--log-size", Value::text, "SIZE",
    "rename FILE of --log at this size, and keep three old ones (default: 10M; 0: never)", rare};
inline constexpr Option syslog{"--syslog", Value::none, nullptr, "send messages to syslog, too", rare};
inline constexpr Option verbose{"-v,--verbose", Value::none, nullptr,
                                "print more; -vv shows requests and DNS queries", repeated | rare};
inline constexpr Option quiet{"-q,--quiet", Value::none, nullptr, "print errors only", rare};
inline constexpr Option no_input{"--no-input", Value::none, nullptr, "never ask; fail if an answer is needed",
                                 rare};
inline constexpr Option lock_timeout{"--lock-timeout", Value::text, "SECONDS",
                                     "wait this long for another certo to finish (default: 60)", rare};
inline constexpr Option deadline{"--deadline", Value::text, "SECONDS",
                                 "time limit for one certificate (default: 600)", rare};
inline constexpr Option help{"-h,--help", Value::none, nullptr, "show this text; with --all, every option"};

inline constexpr Option server{
    "--server", Value::server, "NAME|URL",
    "the CA: a short name or the URL of its directory (default: letsencrypt); A,B: B if A fails"};
inline constexpr Option staging{"--staging", Value::none, nullptr,
                                "its test server; nobody trusts the certificates"};
inline constexpr Option ca_bundle{
    "--ca-bundle", Value::file, "FILE",
    "PEM file with the root certificates that verify the CA's server (default: those of the system)",
    rare | emptied};
inline constexpr Option ipv4{"-4,--ipv4", Value::none, nullptr, "connect over IPv4 only", rare};
inline constexpr Option ipv6{"-6,--ipv6", Value::none, nullptr, "connect over IPv6 only", rare};
inline constexpr Option account{"--account", Value::text, "NAME",
                                "which account at this CA (default: default)", rare};
inline constexpr Option account_key{"--account-key", Value::file, "FILE",
                                    "use this account key instead of the one in the store", rare | emptied};
inline constexpr Option account_key_type{"--account-key-type", Value::key_type, "TYPE",
                                         "key type of a new account (default: ec-256)", rare};
inline constexpr Option email{"--email", Value::text, "ADDR", "e-mail address for messages from the CA",
                              repeated};
inline constexpr Option agree_tos{"--agree-tos", Value::none, nullptr, "agree to the CA's terms of service"};
inline constexpr Option eab_kid{"--eab-kid", Value::text, "KID",
                                "external account: the key identifier from the CA", rare};
inline constexpr Option eab_hmac_file{"--eab-hmac-file", Value::file, "FILE",
                                      "external account: file with the HMAC key (default: CERTO_EAB_HMAC)",
                                      rare};
inline constexpr Option eab_hmac_alg{"--eab-hmac-alg", Value::text, "ALG",
                                     "external account: HS256 (default), HS384 or HS512", rare};
inline constexpr Option eab_api_key_file{
    "--eab-api-key-file", Value::file, "FILE",
    "file with an API key of ZeroSSL, which then makes the external account (default: CERTO_EAB_API_KEY)",
    rare};
inline constexpr Option allow_http_loopback{"--allow-http-loopback", Value::none, nullptr,
                                            "for tests: allow a CA on this machine without TLS", rare};

inline constexpr Option http_port{
    "--http-port", Value::text, "PORT",
    "the port that the CA connects to for http-01, for checks (default: 80; only a private CA has another one)",
    rare};
inline constexpr Option tls_port{"--tls-port", Value::text, "PORT", "the same for tls-alpn-01 (default: 443)",
                                 rare};

inline constexpr Option renew_before{
    "--renew-before", Value::text, "TIME",
    "renew so long before the end, if the CA does not say earlier: 30d, 36h, or 33% of the lifetime", rare};

inline constexpr Option pre_hook{"--pre-hook", Value::text, "COMMAND",
                                 "run before contacting the CA; if it fails, the CA is not contacted",
                                 repeated | rare};
inline constexpr Option deploy_hook{"--deploy-hook", Value::text, "COMMAND",
                                    "run after each new certificate; again if it fails", repeated};
inline constexpr Option renew_hook{"--renew-hook", Value::text, "COMMAND", "the same as --deploy-hook",
                                   repeated | rare};
inline constexpr Option post_hook{"--post-hook", Value::text, "COMMAND",
                                  "run at the end, also after a failure", repeated | rare};
inline constexpr Option hook_timeout{"--hook-timeout", Value::text, "SECONDS",
                                     "time limit of each hook (default: 120)", rare};

inline constexpr Option notify{
    "--notify", Value::moment, "WHEN",
    "when to run the programs in hooks/notify of the state folder: on-failure, on-change (default) or always",
    rare};

inline constexpr Option key_file{"--key-file", Value::file, "FILE", "install the private key in FILE",
                                 repeated};
inline constexpr Option fullchain_file{"--fullchain-file", Value::file, "FILE",
                                       "install the certificate and its chain in FILE", repeated};
inline constexpr Option cert_file{"--cert-file", Value::file, "FILE",
                                  "install the certificate without its chain", repeated | rare};
inline constexpr Option chain_file{"--chain-file", Value::file, "FILE",
                                   "install the chain without the certificate", repeated | rare};
inline constexpr Option ca_file{"--ca-file", Value::file, "FILE", "the same as --chain-file",
                                repeated | rare};
inline constexpr Option pem_file{"--pem-file", Value::file, "FILE",
                                 "install key, certificate and chain in one FILE, for HAProxy or Postfix",
                                 repeated | rare};
inline constexpr Option pfx_file{"--pfx-file", Value::file, "FILE",
                                 "install key, certificate and chain as PKCS#12", repeated | rare};
inline constexpr Option pfx_password_file{
    "--pfx-password-file", Value::file, "FILE",
    "the first line of FILE is the password of --pfx-file (default: empty)", rare};
inline constexpr Option target_dir{
    "--target-dir", Value::folder, "DIR",
    "make DIR a link to a folder with key.pem, cert.pem, chain.pem and fullchain.pem, so that all change at once",
    repeated | rare};
inline constexpr Option owner{"--owner", Value::text, "USER",
                              "owner of the files that follow, until the next --owner", repeated | rare};
inline constexpr Option group{"--group", Value::text, "GROUP", "group of the files that follow",
                              repeated | rare};
inline constexpr Option mode{"--mode", Value::text, "OCTAL",
                             "mode of the files that follow (default: unchanged; new files: 600 or 644)",
                             repeated | rare};
inline constexpr Option key_mode{
    "--key-mode", Value::text, "OCTAL",
    "mode of the files with the private key that follow, and of key.pem in --target-dir", repeated | rare};
inline constexpr Option reloadcmd{"--reloadcmd", Value::text, "COMMAND",
                                  "shell command that reloads the server"};
inline constexpr Option reload_timeout{"--reload-timeout", Value::text, "SECONDS",
                                       "time limit of --reloadcmd (default: 120)", rare};
inline constexpr Option verify{
    "--verify", Value::text, "HOST:PORT[/smtp]",
    "check that this server presents the new certificate (also with /imap, /pop3, /ftp)", repeated | rare};

}  // namespace flag

inline constexpr Option global_rows[] = {flag::home,     flag::json,         flag::log,      flag::log_format,
                                         flag::log_size, flag::syslog,       flag::verbose,  flag::quiet,
                                         flag::no_input, flag::lock_timeout, flag::deadline, flag::help};
/// Every command has these; no row names them.
inline constexpr OptionSet global_options{
    .title = "Global options", .options = global_rows, .has_defaults = true};

// A command takes only those of the next four sets that it can honour: a renewal keeps its CA and its
// account, and only commands that may make an account read the options for a new one.
inline constexpr Option server_rows[] = {flag::server, flag::staging};
inline constexpr OptionSet server_options{.title = "CA", .options = server_rows, .has_defaults = true};

inline constexpr Option connection_rows[] = {flag::ca_bundle, flag::ipv4, flag::ipv6,
                                             flag::allow_http_loopback};
inline constexpr OptionSet connection_options{
    .title = "Connection to the CA", .options = connection_rows, .has_defaults = true};

inline constexpr Option account_rows[] = {flag::account, flag::account_key};
inline constexpr OptionSet account_options{.title = "Account", .options = account_rows, .has_defaults = true};

inline constexpr Option registration_rows[] = {
    flag::account_key_type, flag::email,        flag::agree_tos,       flag::eab_kid,
    flag::eab_hmac_file,    flag::eab_hmac_alg, flag::eab_api_key_file};
inline constexpr OptionSet registration_options{
    .title = "New account", .options = registration_rows, .has_defaults = true};

inline constexpr Option renewal_rows[] = {flag::renew_before};
inline constexpr OptionSet renewal_options{.title = "Renewal", .options = renewal_rows, .has_defaults = true};

inline constexpr Option validation_rows[] = {flag::http_port, flag::tls_port};
inline constexpr OptionSet validation_options{
    .title = "The ports that a private CA connects to", .options = validation_rows, .has_defaults = true};

constexpr Value value_of(store::Takes kind) {
  switch (kind) {
    case store::Takes::nothing: return Value::none;
    case store::Takes::folder: return Value::folder;
    case store::Takes::path:
    case store::Takes::file:
    case store::Takes::program: return Value::file;
    case store::Takes::provider: return Value::provider;
    case store::Takes::text:
    case store::Takes::challenge_type:
    case store::Takes::zone:
    case store::Takes::dns_server: return Value::text;
  }
  return Value::text;
}

constexpr Option option_of(const store::WayOption& row, unsigned traits = 0) {
  return {row.flags, value_of(row.takes), row.metavar, row.help, traits | (row.repeated ? repeated : 0U)};
}

/// Calls `act` with the options of all methods and their traits: options that refine a method are rare.
/// Methods may share one.
template <typename Act>
constexpr void each_way_option(const Act& act) {
  for (const store::Method& method : store::methods) {
    act(method.option, method.option.rare ? rare : 0U);
    for (const store::Setting& setting : method.settings)
      if (setting.option) act(*setting.option, rare);
  }
}

struct WayRows {
  std::array<Option, 64> rows{};
  size_t count = 0;

  constexpr WayRows() {
    each_way_option([this](const store::WayOption& option, unsigned traits) {
      for (size_t i = 0; i < count; ++i)
        if (rows[i].name() == option.name()) return;
      rows[count++] = option_of(option, traits);
    });
  }
};
inline constexpr WayRows way_rows;
inline constexpr OptionSet way_options{
    .title = "How to prove control of the names",
    .options = {way_rows.rows.data(), way_rows.count},
    .introduction =
        "One method, or several methods after their own names: each -d is proven by the next method after it, and by the last one if none follows. The other options apply to all names with the method that has them."};

inline constexpr Option hook_rows[] = {flag::pre_hook, flag::deploy_hook, flag::renew_hook, flag::post_hook,
                                       flag::hook_timeout};
inline constexpr OptionSet hook_options{.title = "Hooks", .options = hook_rows};

inline constexpr Option notify_rows[] = {flag::notify};
inline constexpr OptionSet notify_options{
    .title = "Notifications", .options = notify_rows, .has_defaults = true};

inline constexpr Option target_rows[] = {
    flag::key_file,   flag::fullchain_file, flag::cert_file,      flag::chain_file,
    flag::ca_file,    flag::pem_file,       flag::pfx_file,       flag::pfx_password_file,
    flag::target_dir, flag::owner,          flag::group,          flag::mode,
    flag::key_mode,   flag::reloadcmd,      flag::reload_timeout, flag::verify};
inline constexpr OptionSet target_options{
    .title = "Installation",
    .options = target_rows,
    .introduction = "Where the certificate is installed, and how the server is reloaded."};

}  // namespace certo::console
