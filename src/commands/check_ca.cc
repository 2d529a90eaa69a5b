#include "commands/check_ca.h"

#include <algorithm>

#include "acme/account.h"
#include "acme/jws.h"
#include "acme/order.h"
#include "base/log.h"
#include "base/text.h"
#include "net/http.h"
#include "os/ports.h"
#include "renew/external_account.h"
#include "renew/terms.h"
#include "store/accepted.h"
#include "store/account.h"
#include "store/persist_offer.h"
#include "store/servers.h"

namespace certo::commands {
namespace {

using check::Findings;

constexpr const char* account_check = "account";

/// The CA with this request, while it is asked.
struct AskedCa {
  const Args& args;
  const store::Home& state;
  const store::Request& request;
  renew::SessionSettings settings;
  const std::string title;
};

void take(const acme::Directory& directory, check::Authority& authority) {
  authority.issuers = directory.caa_identities;
  if (authority.persist.issuers.empty()) authority.persist.issuers = directory.caa_identities;
}

void take_account(const acme::Account& account, check::Authority& authority) {
  authority.account_uri = account.url;
  if (std::ranges::find(authority.persist.account_uris, account.url) == authority.persist.account_uris.end())
    authority.persist.account_uris.push_back(account.url);
}

/// Days of a clock that runs away break more than a certificate, and CAs sign with their own.
check::Finding of_clock(const std::string& title, Time date) {
  const Seconds skew = date - now();
  const std::string distance = spoken_duration(std::chrono::abs(skew).count());
  if (std::chrono::abs(skew) <= std::chrono::hours(1))
    return check::good("this machine", "clock", "as the CA's, within " + distance);
  return check::warning("this machine", "clock",
                        "it is " + distance + (skew > Seconds(0) ? " behind " : " ahead of ") + "that of " +
                            title + "; certificates may seem not yet valid or expired",
                        "set the clock, and keep it right by NTP");
}

std::optional<acme::Directory> ask_directory(const AskedCa& ca, Millis limit, Findings& findings) {
  try {
    const net::Url url = net::parse_url(ca.request.directory, "--server", Exit::usage);
    net::Http http({.ca_bundle = ca.settings.ca_bundle,
                    .ip_version = ca.settings.ip_version,
                    .user_agent = ca.settings.user_agent});
    net::HttpRequest request;
    request.url = url;
    request.redirects = 3;
    request.timeout = limit;
    const net::HttpReply reply = http.send(std::move(request)).get();
    if (reply.status != 200)
      throw Error(Exit::unreachable, "its directory answers with HTTP status " + std::to_string(reply.status),
                  "is " + url.text + " the URL of a directory?");
    acme::Directory directory =
        acme::parse_directory(url, parse_json(reply.body, "the directory", Exit::protocol));
    findings.push_back(check::good(ca.title, "the CA", "its directory can be read"));
    if (reply.date != Time{}) findings.push_back(of_clock(ca.title, reply.date));
    return directory;
  } catch (const Error& error) {
    findings.push_back(check::failing(ca.title, "the CA", error));
    return {};
  }
}

/// No account: what the first issue needs for a new one.
Findings of_new_account(const AskedCa& ca, const acme::Directory& directory) {
  const std::optional<store::Server> server = store::server_of(ca.state, ca.request.directory);
  const renew::SessionSettings& settings = ca.settings;
  const bool can_bind =
      settings.binding ||
      (server && renew::gives_external_account(*server, {settings.eab_api_key, settings.contact}));
  if (directory.external_account_required && !can_bind)
    return {
        check::failing(ca.title, account_check,
                       "there is none yet, and this CA takes only accounts that belong to an external one",
                       renew::external_account_hint(server ? &*server : nullptr), Exit::config)};
  if (!directory.terms_of_service.empty() && !ca.args.has(flag::agree_tos))
    return {check::warning(
        ca.title, account_check,
        "there is none yet, and the first issue asks for the consent to " + directory.terms_of_service,
        "give --agree-tos with it; 'certo account new' makes the account now")};
  return {check::good(ca.title, account_check, "there is none yet; the first issue makes it")};
}

Findings of_account(AskedCa& ca, const acme::Directory& directory, check::Authority& authority) {
  const bool has_own_key = ca.settings.account_key.empty();
  const store::AccountFolder folder(ca.state, ca.request.directory, ca.request.account);
  try {
    if (has_own_key && !folder.account()) return of_new_account(ca, directory);
    renew::Session session(ca.state, ca.settings);
    acme::Client& client = session.client();
    const acme::Account account = acme::read_account(client);
    if (account.status != "valid") throw acme::AccountClosed(acme::describe_closed(account));
    take_account({.url = client.account()}, authority);
    authority.thumbprint = client.thumbprint();
    return {check::good(ca.title, account_check, "registered and valid: " + client.account())};
  } catch (const Error& error) {
    return {check::failing(ca.title, account_check, error)};
  }
}

/// The CA's rules for this request, as its table and its directory have them.
Findings of_request(const AskedCa& ca, const acme::Directory& directory) {
  const std::string what = "the order";
  try {
    store::require_accepted(store::server_of(ca.state, ca.request.directory).value_or(store::Server{}),
                            ca.request);
    const acme::OrderRequest order = renew::order_for(ca.state, ca.request, directory, now());
    acme::require_profile(directory, order.profile);
    return {check::good(ca.title, what,
                        order.profile.empty() ? "the CA's usual profile" : "the profile " + order.profile)};
  } catch (const Error& error) {
    return {check::failing(ca.title, what, error)};
  }
}

}  // namespace

check::Ports ports(const Args& args) {
  const auto port_of = [&](const Option& option, int usual) {
    const std::string text = args.get(option);
    if (text.empty()) return usual;
    const auto port = number(text, 1, 65535);
    if (!port)
      throw Error(Exit::usage, long_flag(option) + ": '" + text + "' is not a port", "for example: 8080");
    return static_cast<int>(*port);
  };
  return {port_of(flag::http_port, 80), port_of(flag::tls_port, 443)};
}

check::Authority known_authority(const store::Home& state, const store::Request& request) {
  const std::optional<store::Server> server = store::server_of(state, request.directory);
  check::Authority authority;
  authority.title = server ? server->title : request.directory;
  authority.is_public = store::is_public_directory(request.directory);
  try {
    const store::AccountFolder folder(state, request.directory, request.account);
    authority.persist = store::persist_offer(folder);
    if (const auto directory =
            store::cached_directory(state, net::parse_url(request.directory, "--server", Exit::usage)))
      take(*directory, authority);
    if (!request.account_key.empty()) return authority;
    authority.account_uri = "";
    if (const std::optional<acme::Account> account = folder.account()) take_account(*account, authority);
    if (const std::optional<crypto::PrivateKey> key = folder.key())
      authority.thumbprint = acme::thumbprint(key->public_key());
  } catch (const Error& error) {
    log::verbose(error.message);  // reported where the account is looked at
  }
  return authority;
}

check::Scenes scenes_of(const Args& args, const store::Home& state, const std::string& certificate,
                        const store::Request& request, check::Tries tries, const Deadline& limit) {
  check::Scenes scenes;
  store::Request own = request;
  own.fallbacks.clear();
  for (const std::string& directory : store::directories(request)) {
    own.directory = directory;
    scenes.push_back({.home = state,
                      .certificate = certificate,
                      .request = own,
                      .ca = known_authority(state, own),
                      .solving = solver_settings(args),
                      .ports = ports(args),
                      .tries = tries,
                      .deadline = limit,
                      .own_addresses = os::own_addresses()});
  }
  return scenes;
}

std::vector<std::string> titles(const check::Scenes& scenes) {
  std::vector<std::string> all;
  for (const check::Scene& scene : scenes) all.push_back(scene.ca.title);
  return all;
}

check::Findings check_ca(const Args& args, check::Scene& scene, Millis limit) {
  const store::Request& request = scene.request;
  check::Authority& authority = scene.ca;
  AskedCa ca{.args = args,
             .state = scene.home,
             .request = request,
             .settings = session_settings(args, request.directory),
             .title = authority.title};
  ca.settings.use(request);
  ca.settings.may_register = false;
  ca.settings.time_limit = limit;
  Findings findings;
  const std::optional<acme::Directory> directory = ask_directory(ca, limit, findings);
  if (!directory) return findings;
  take(*directory, authority);
  check::append(findings, of_account(ca, *directory, authority));
  check::append(findings, of_request(ca, *directory));
  return findings;
}

}  // namespace certo::commands
