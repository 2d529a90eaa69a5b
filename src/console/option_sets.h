// Options that commands share, in sets. A new set needs two places: here, its options, their list and its
// OptionSet; and its name in the row of each command that takes it.
#pragma once

#include "console/option.h"

namespace certo::console {

namespace flag {

inline constexpr Option home{"--home", Value::folder, "DIR",
                             "state folder (default: /var/lib/certo, or ~/.local/state/certo)"};
inline constexpr Option json{"--json", Value::none, nullptr, "report as JSON"};
inline constexpr Option log{"--log", Value::file, "FILE",
                            "append everything that is said, and more, to FILE"};
inline constexpr Option verbose{"-v,--verbose", Value::none, nullptr,
                                "say more; -vv shows requests and queries", repeated};
inline constexpr Option quiet{"-q,--quiet", Value::none, nullptr, "say nothing but errors"};
inline constexpr Option no_input{"--no-input", Value::none, nullptr,
                                 "never ask; fail where an answer is needed"};
inline constexpr Option lock_timeout{"--lock-timeout", Value::text, "SECONDS",
                                     "wait for another certo to finish (default: 60)"};
inline constexpr Option deadline{"--deadline", Value::text, "SECONDS",
                                 "time limit for one certificate (default: 600)"};
inline constexpr Option help{"-h,--help", Value::none, nullptr, "this text"};

inline constexpr Option server{"--server", Value::server, "NAME|URL",
                               "the CA: a short name or the URL of its directory (default: letsencrypt)"};
inline constexpr Option staging{"--staging", Value::none, nullptr,
                                "the CA's test server: generous limits, nobody trusts its certificates"};
inline constexpr Option ca_bundle{"--ca-bundle", Value::file, "FILE",
                                  "PEM roots to check the CA's server by (default: the system's)"};
inline constexpr Option ipv4{"-4,--ipv4", Value::none, nullptr, "connect over IPv4 only"};
inline constexpr Option ipv6{"-6,--ipv6", Value::none, nullptr, "connect over IPv6 only"};
inline constexpr Option account{"--account", Value::text, "NAME",
                                "which account at this CA (default: default)"};
inline constexpr Option account_key{"--account-key", Value::file, "FILE",
                                    "use this account key instead of the stored one"};
inline constexpr Option account_key_type{"--account-key-type", Value::key_type, "TYPE",
                                         "of a new account (default: ec-256)"};
inline constexpr Option email{"--email", Value::text, "ADDR", "where the CA may write to", repeated};
inline constexpr Option agree_tos{"--agree-tos", Value::none, nullptr, "agree to the CA's terms of service"};
inline constexpr Option eab_kid{"--eab-kid", Value::text, "KID",
                                "external account: the key identifier that the CA gave"};
inline constexpr Option eab_hmac_file{"--eab-hmac-file", Value::file, "FILE",
                                      "external account: file with the HMAC key, or CERTO_EAB_HMAC"};
inline constexpr Option allow_http_loopback{"--allow-http-loopback", Value::none, nullptr,
                                            "for tests: a CA on this machine without TLS"};

inline constexpr Option webroot{"-w,--webroot", Value::folder, "DIR",
                                "http-01: put files below DIR/.well-known/acme-challenge", repeated};
inline constexpr Option standalone{"--standalone", Value::none, nullptr,
                                   "http-01: be the web server while the CA looks", repeated};
inline constexpr Option listen{"--listen", Value::text, "ADDR:PORT",
                               "with --standalone (default: port 80 of all addresses)"};
inline constexpr Option dns{"--dns", Value::provider, "PROVIDER",
                            "dns-01: see 'certo providers', or exec:/path/to/program", repeated};
inline constexpr Option dns_credentials{
    "--dns-credentials", Value::file, "FILE",
    "KEY=value settings of the DNS provider, readable by you only, or 'exec:/path/to/program WORD…' that "
    "prints them"};
inline constexpr Option no_save{"--no-save", Value::none, nullptr,
                                "do not keep the provider's settings from the environment"};
inline constexpr Option dns_zone{"--dns-zone", Value::text, "ZONE",
                                 "the zone that holds the records, where it is not found"};
inline constexpr Option alias{
    "--alias", Value::text, "[NAME=]TARGET",
    "the record (of NAME) goes to _acme-challenge.TARGET; to TARGET itself where that begins with '_' or '='",
    repeated};
inline constexpr Option dns_env{"--dns-env", Value::text, "NAME",
                                "let the provider see this environment variable", repeated};
inline constexpr Option propagation{"--propagation", Value::text, "none|wait=N",
                                    "do not ask the zone's name servers; wait N seconds instead"};
inline constexpr Option resolver{"--resolver", Value::text, "ADDR[:PORT]",
                                 "ask this DNS server instead of the system's"};

inline constexpr Option pre_hook{"--pre-hook", Value::text, "COMMAND",
                                 "run before the CA is asked; when it fails, nothing is asked", repeated};
inline constexpr Option deploy_hook{
    "--deploy-hook", Value::text, "COMMAND",
    "run when a new certificate is live; when it fails, again by the next run", repeated};
inline constexpr Option renew_hook{"--renew-hook", Value::text, "COMMAND", "the same as --deploy-hook",
                                   repeated};
inline constexpr Option post_hook{"--post-hook", Value::text, "COMMAND",
                                  "run at the end, after a failure, too", repeated};
inline constexpr Option hook_timeout{"--hook-timeout", Value::text, "SECONDS",
                                     "time limit of each hook (default: 120)"};

inline constexpr Option notify{
    "--notify", Value::text, "WHEN",
    "when hooks/notify of the state folder is told: on-failure, on-change (default) or always"};

inline constexpr Option key_file{"--key-file", Value::file, "FILE", "install the private key there",
                                 repeated};
inline constexpr Option fullchain_file{"--fullchain-file", Value::file, "FILE",
                                       "the certificate and its chain", repeated};
inline constexpr Option cert_file{"--cert-file", Value::file, "FILE", "the certificate alone", repeated};
inline constexpr Option chain_file{"--chain-file", Value::file, "FILE", "the chain without the certificate",
                                   repeated};
inline constexpr Option ca_file{"--ca-file", Value::file, "FILE", "the same as --chain-file", repeated};
inline constexpr Option pem_file{"--pem-file", Value::file, "FILE",
                                 "key, certificate and chain in one, for HAProxy or Postfix", repeated};
inline constexpr Option pfx_file{"--pfx-file", Value::file, "FILE", "the same as PKCS#12", repeated};
inline constexpr Option pfx_password_file{"--pfx-password-file", Value::file, "FILE",
                                          "its first line is the password of --pfx-file (default: empty)"};
inline constexpr Option target_dir{
    "--target-dir", Value::folder, "DIR",
    "a link to a folder with key.pem, cert.pem, chain.pem, fullchain.pem: all change at once", repeated};
inline constexpr Option owner{"--owner", Value::text, "USER",
                              "owner of the files that follow, until the next --owner", repeated};
inline constexpr Option group{"--group", Value::text, "GROUP", "group of the files that follow", repeated};
inline constexpr Option mode{"--mode", Value::text, "OCTAL",
                             "mode of the files that follow (default: as it was; new: 600 or 644)", repeated};
inline constexpr Option reloadcmd{"--reloadcmd", Value::text, "COMMAND",
                                  "shell command that makes the server take the new certificate"};
inline constexpr Option reload_timeout{"--reload-timeout", Value::text, "SECONDS",
                                       "time limit of --reloadcmd (default: 120)"};
inline constexpr Option verify{
    "--verify", Value::text, "HOST:PORT[/smtp]",
    "then look whether this server presents the new certificate (also /imap, /pop3, /ftp)", repeated};

}  // namespace flag

inline constexpr Option global_rows[] = {flag::home,         flag::json,     flag::log,
                                         flag::verbose,      flag::quiet,    flag::no_input,
                                         flag::lock_timeout, flag::deadline, flag::help};
/// Every command has these; no row names them.
inline constexpr OptionSet global_options{
    .title = "Global options", .options = global_rows, .has_defaults = true};

// A command takes only those of the next four that it can honour: a renewal keeps its CA and its account, and only
// what may make an account reads what a new one needs.
inline constexpr Option server_rows[] = {flag::server, flag::staging};
inline constexpr OptionSet server_options{.title = "CA", .options = server_rows, .has_defaults = true};

inline constexpr Option connection_rows[] = {flag::ca_bundle, flag::ipv4, flag::ipv6, flag::allow_http_loopback};
inline constexpr OptionSet connection_options{
    .title = "Connection to the CA", .options = connection_rows, .has_defaults = true};

inline constexpr Option account_rows[] = {flag::account, flag::account_key};
inline constexpr OptionSet account_options{.title = "Account", .options = account_rows, .has_defaults = true};

inline constexpr Option registration_rows[] = {flag::account_key_type, flag::email, flag::agree_tos, flag::eab_kid,
                                               flag::eab_hmac_file};
inline constexpr OptionSet registration_options{
    .title = "New account", .options = registration_rows, .has_defaults = true};

inline constexpr Option way_rows[] = {flag::webroot,         flag::standalone,  flag::listen,   flag::dns,
                                      flag::dns_credentials, flag::no_save,     flag::dns_zone, flag::alias,
                                      flag::dns_env,         flag::propagation, flag::resolver};
inline constexpr OptionSet way_options{
    .title = "How to prove control of the names",
    .options = way_rows,
    .introduction =
        "One of --webroot, --standalone and --dns, or several of them behind names of their own: each -d is "
        "proven by the next way behind it, and by the last one where none follows. The other options count "
        "for "
        "all ways that they fit."};

inline constexpr Option hook_rows[] = {flag::pre_hook, flag::deploy_hook, flag::renew_hook, flag::post_hook,
                                       flag::hook_timeout};
inline constexpr OptionSet hook_options{.title = "Hooks", .options = hook_rows};

inline constexpr Option notify_rows[] = {flag::notify};
inline constexpr OptionSet notify_options{
    .title = "Notifications", .options = notify_rows, .has_defaults = true};

inline constexpr Option target_rows[] = {
    flag::key_file, flag::fullchain_file, flag::cert_file,         flag::chain_file,     flag::ca_file,
    flag::pem_file, flag::pfx_file,       flag::pfx_password_file, flag::target_dir,     flag::owner,
    flag::group,    flag::mode,           flag::reloadcmd,         flag::reload_timeout, flag::verify};
inline constexpr OptionSet target_options{
    .title = "Installation",
    .options = target_rows,
    .introduction = "Where a certificate is installed, and what tells the server."};

}  // namespace certo::console
