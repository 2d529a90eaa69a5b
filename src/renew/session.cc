#include "renew/session.h"

#include <algorithm>

#include "acme/jws.h"
#include "base/log.h"
#include "crypto/coming_key.h"
#include "os/file.h"
#include "os/trust.h"
#include "renew/due.h"
#include "renew/external_account.h"
#include "store/seen.h"

namespace certo::renew {
namespace {

// A CA that cannot be reached is not tried again for each of a hundred certificates.
constexpr Seconds rest_of_unreachable = std::chrono::minutes(1);

}  // namespace

void SessionSettings::use(const store::Request& request) {
  directory = request.directory;
  account = request.account;
  account_key = request.account_key;
  if (!request.ca_bundle.empty() && !is_ca_bundle_for_all) ca_bundle = request.ca_bundle;
}

Session::Session(const store::Home& home, SessionSettings settings)
    : home_(home),
      settings_(std::move(settings)),
      limits_(store::limits_of(home, settings_.directory)),
      folder_(home, settings_.directory, settings_.account),
      keys_(folder_) {}

Session::~Session() = default;

void Session::make_client() {
  const bool has_own_key = settings_.account_key.empty();
  if (!has_own_key)
    keys_.use(read_account_key(settings_.account_key));
  else if (!keys_.take_stored())
    keys_.use(crypto::ComingKey(settings_.account_key_type).get(Deadline(settings_.time_limit)));

  net::HttpSettings http;
  http.ca_bundle = settings_.ca_bundle;
  http.user_agent = settings_.user_agent;
  http.ip_version = settings_.ip_version;
  http_ = std::make_unique<net::Http>(http);
  acme::ClientSettings client;
  client.directory = net::parse_url(settings_.directory, "--server", Exit::usage);
  client.cached = store::cached_directory(home_, client.directory);
  client.deadline = Deadline(settings_.time_limit);
  client.regain = [this](const acme::ClientSettings::Refused& refused) { return regain(refused); };
  client_ = std::make_unique<acme::Client>(*http_, keys_.current(), std::move(client));
}

acme::Client& Session::bare_client() {
  if (!client_) make_client();
  return *client_;
}

acme::Client& Session::client() {
  const bool has_own_key = settings_.account_key.empty();
  if (client_ && !client_->account().empty()) {
    // Another run, or another order of this one, may have changed the key or the account.
    if (has_own_key && take_stored_key())
      if (const std::optional<acme::Account> account = folder_.account()) use(*account);
    return *client_;
  }
  bare_client();
  if (std::optional<acme::Account> account = folder_.account(); account && has_own_key && take_stored_key())
    use(*account);
  else
    find_or_register();
  note_directory();
  return *client_;
}

/// Stores the directory. New terms of service are mentioned once; a CA that wants a person's consent refuses
/// requests with a link (RFC 8555 section 7.3.3).
void Session::note_directory() {
  const acme::Directory& directory = client_->directory();
  if (!client_->directory_changed()) return;
  const auto before = store::cached_directory(home_, directory.url);
  if (before && !before->terms_of_service.empty() && !directory.terms_of_service.empty() &&
      before->terms_of_service != directory.terms_of_service)
    log::say(directory.url.text + ": the CA has new terms of service: " + directory.terms_of_service);
  store::save_directory(home_, directory);
}

/// For a closed account, a CA answers "unauthorized" without the reason.
void Session::use(const acme::Account& account) {
  if (account.status != "valid") throw acme::AccountClosed(describe_closed(account));
  client_->set_account(account.url);
}

/// True if a key is stored; the client signs with it then.
bool Session::take_stored_key() {
  if (!keys_.take_stored()) return false;
  client_->set_key(keys_.current());
  return true;
}

/// One run at a time finds or registers the account; a run that waited uses the account of the other.
void Session::find_or_register() {
  if (!settings_.may_register && settings_.account_key.empty() && !folder_.key())
    throw Error(
        Exit::config, "there is no account for " + settings_.directory + " in " + home_.path(),
        "make one with 'certo account new', or name an existing one: --home DIR, --account NAME, --account-key FILE");
  home_.prepare();
  const os::Lock lock = folder_.lock(settings_.lock_timeout);
  const bool has_own_key = settings_.account_key.empty();
  if (has_own_key) {
    if (take_stored_key()) {
      if (std::optional<acme::Account> account = folder_.account()) return use(*account);
    } else {
      folder_.save_key(keys_.current());
    }
  }
  std::optional<acme::Account> account;
  try {
    account = found_or_registered();
  } catch (const acme::Refusal& refusal) {
    if (!has_own_key || !takes_accepted_key(refusal.problem)) throw;
    account = found_or_registered();
  }
  client_->set_key(keys_.current());
  client_->set_account(account->url);
  if (has_own_key) folder_.save(*account);
}

acme::Account Session::found_or_registered() {
  // A key without a known account: an earlier run may have died before the answer came.
  std::optional<acme::Account> account = find(*client_);
  if (!account && settings_.account_key.empty()) account = complete_key_change();
  if (account) return *account;
  if (!settings_.may_register)
    throw Error(
        Exit::config, "the CA knows no account of this key",
        "make one with 'certo account new'; if it is the key of an account at another CA: --server NAME");
  return registered(*client_, {});
}

/// A new account gets a key of a type that the CA names in a badSignatureAlgorithm problem (RFC 8555
/// section 6.2). The key before stays in the folder: it may have had an account before the CA changed its
/// mind.
bool Session::takes_accepted_key(const acme::Problem& problem) {
  if (problem.type != "badSignatureAlgorithm" || !settings_.may_register) return false;
  const crypto::KeyType refused = keys_.current().public_key().type;
  for (const std::string& algorithm : problem.algorithms) {
    const auto type = acme::key_type_for(algorithm);
    if (!type || acme::key_type_for(acme::algorithm(refused)) == type) continue;
    log::warn("the CA does not accept an account key of type " + std::string(crypto::name(refused)) +
              "; the new account has one of type " + std::string(crypto::name(*type)));
    crypto::PrivateKey key = crypto::ComingKey(*type).get(client_->deadline());
    folder_.set_aside(now());
    folder_.save_key(key);
    keys_.use(std::move(key));
    client_->set_key(keys_.current());
    return true;
  }
  return false;
}

/// The account of the client's key; nothing if the CA knows none. A CA that cannot look accounts up, whatever
/// it answers, must not keep certo from registering: that finds an existing account, too (RFC 8555
/// section 7.3).
std::optional<acme::Account> Session::find(acme::Client& client) const {
  try {
    return acme::find_account(client);
  } catch (const acme::Refusal& refusal) {
    const bool is_odd = refusal.problem.type == "unauthorized" || refusal.problem.type == "malformed" ||
                        (refusal.status >= 500 && refusal.code != Exit::later);
    if (!is_odd || !settings_.may_register) throw;
    log::verbose("the CA could not look the account up: " + refusal.message);
    return {};
  }
}

/// Chooses the external account: the one that was given, or one that the CA makes.
void Session::bind(acme::Client& client, acme::Registration& registration) {
  if (!client.directory().external_account_required) {
    if (settings_.is_binding_optional) registration.binding.reset();
    return;
  }
  const ExternalApplicant applicant{settings_.eab_api_key, registration.contact};
  const auto server = store::server_of(home_, settings_.directory);
  if (!server || !gives_external_account(*server, applicant)) return;
  registration.get_binding = [this, server = *server, applicant] {
    return external_account_of(*http_, server, applicant, client_->deadline());
  };
}

/// `before`: the account of the same key, which the CA has forgotten. The terms were agreed to for it.
acme::Account Session::registered(acme::Client& client, const std::optional<acme::Account>& before) {
  reserve_account();
  acme::Registration registration{
      .contact = settings_.contact, .agrees_to = settings_.agrees_to, .binding = settings_.binding};
  if (before) {
    if (registration.contact.empty()) registration.contact = before->contact;
    registration.agrees_to = [](const std::string&) { return true; };
  }
  bind(client, registration);
  try {
    acme::Account account = acme::register_account(client, registration);
    log::verbose("registered the account " + account.url);
    return account;
  } catch (acme::BindingRequired& error) {
    release_account(error);
    const auto server = store::server_of(home_, settings_.directory);
    error.hint = external_account_hint(server ? &*server : nullptr);
    throw;
  } catch (const Error& error) {
    release_account(error);
    throw;
  }
}

template <typename Make>
acme::Client Session::beside(Make make) {
  const std::lock_guard guard(mutex_);
  if (unreachable_ && !ask_again_.passed()) throw Error(*unreachable_);
  try {
    if (client_) client_->set_deadline(Deadline(settings_.time_limit));
    make().directory();
    return client_->beside(Deadline(settings_.time_limit));
  } catch (const Error& error) {
    if (error.code == Exit::unreachable) {
      unreachable_ = error;
      ask_again_ = Deadline(rest_of_unreachable);
    }
    throw;
  }
}

acme::Client Session::order_client() {
  return beside([this]() -> acme::Client& { return client(); });
}

acme::Client Session::bare_order_client() {
  return beside([this]() -> acme::Client& { return bare_client(); });
}

void Session::note_challenge_types(const acme::Order& order) const {
  std::vector<std::string> types;
  for (const acme::Authorization& authorization : order.authorizations)
    for (const acme::Challenge& challenge : authorization.challenges) types.push_back(challenge.type);
  store::note_challenge_types(home_, settings_.directory, types);
}

net::HttpCounts Session::counts() const { return http_ ? http_->counts() : net::HttpCounts{}; }

Session& Sessions::at(store::Request request, const std::string& directory) {
  request.directory = directory;
  return of(request);
}

Session& Sessions::of(const store::Request& request) {
  const std::string key =
      request.directory + "\n" + request.account + "\n" + request.ca_bundle + "\n" + request.account_key;
  const std::lock_guard guard(mutex_);
  std::unique_ptr<Session>& session = sessions_[key];
  if (!session) {
    SessionSettings settings = common_;
    settings.use(request);
    settings.is_binding_optional = !request.fallbacks.empty();
    session = std::make_unique<Session>(home_, std::move(settings));
  }
  return *session;
}

}  // namespace certo::renew
