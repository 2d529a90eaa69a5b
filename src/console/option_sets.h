// Options that commands share, in sets. A new set needs two places: here, its options, their list and its
// OptionSet; and its name in the row of each command that takes it.
#pragma once

#include <array>

#include "console/option.h"
#include "store/way.h"

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

inline constexpr Option network_rows[] = {
    flag::server,  flag::staging,       flag::ca_bundle,          flag::ipv4,  flag::ipv6,
    flag::account, flag::account_key,   flag::account_key_type,   flag::email, flag::agree_tos,
    flag::eab_kid, flag::eab_hmac_file, flag::allow_http_loopback};
inline constexpr OptionSet network_options{
    .title = "CA and account", .options = network_rows, .has_defaults = true};

constexpr Value value_of(store::Takes kind) {
  switch (kind) {
    case store::Takes::nothing: return Value::none;
    case store::Takes::folder: return Value::folder;
    case store::Takes::file: return Value::file;
    case store::Takes::provider: return Value::provider;
    case store::Takes::text:
    case store::Takes::zone:
    case store::Takes::dns_server: return Value::text;
  }
  return Value::text;
}

constexpr Option option_of(const store::WayOption& row) {
  return {row.flags, value_of(row.takes), row.metavar, row.help, row.repeated ? repeated : 0U};
}

/// Calls `act` with the options of all methods. Methods may share one.
template <typename Act>
constexpr void each_way_option(const Act& act) {
  for (const store::Method& method : store::methods) {
    act(method.option);
    for (const store::Setting& setting : method.settings)
      if (setting.option) act(*setting.option);
  }
}

struct WayRows {
  std::array<Option, 64> rows{};
  size_t count = 0;

  constexpr WayRows() {
    each_way_option([this](const store::WayOption& option) {
      for (size_t i = 0; i < count; ++i)
        if (rows[i].name() == option.name()) return;
      rows[count++] = option_of(option);
    });
  }
};
inline constexpr WayRows way_rows;
inline constexpr OptionSet way_options{
    .title = "How to prove control of the names",
    .options = {way_rows.rows.data(), way_rows.count},
    .introduction =
        "One method, or several methods after their own names: each -d is proven by the next method after it, and by "
        "the last one if none follows. The other options apply to all names with the method that has them."};

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
