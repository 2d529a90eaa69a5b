// Writes to the store: accounts first, because a request names its account.
// Implements take of import/found.h.
#include <algorithm>
#include <optional>

#include "acme/types.h"
#include "base/error.h"
#include "base/text.h"
#include "crypto/certificate.h"
#include "crypto/key.h"
#include "import/found.h"
#include "import/install.h"
#include "import/parts.h"
#include "os/file.h"
#include "provider/catalog.h"
#include "provider/credentials.h"
#include "store/account.h"
#include "store/entry.h"
#include "store/servers.h"

namespace certo::imports {
namespace {

using Texts = std::vector<std::string>;

/// "default", or another name if an account has that one.
constexpr const char* account_names[] = {"default",    "imported",   "imported-2", "imported-3",
                                         "imported-4", "imported-5", "imported-6", "imported-7",
                                         "imported-8", "imported-9"};

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

class Taker {
 public:
  Taker(const store::Home& home, Found found, const TakeSettings& settings)
      : home_(home), found_(std::move(found)), settings_(settings) {}

  Taken take() {
    taken_.left = found_.left;
    if (!settings_.is_rehearsal) home_.prepare();
    for (const FoundAccount& account : found_.accounts)
      attempt(account.origin, [&] { take_account(account); });
    for (const FoundCertificate& one : found_.certificates)
      if (is_wanted(settings_, one)) attempt(one.origin, [&] { take_certificate(one); });
    for (const FoundSettings& settings : found_.settings)
      attempt(settings.provider, [&] { take_settings(settings); });
    tell_what_servers_read();
    for (const FoundHookFile& hook : found_.hook_files)
      taken_.left.push_back(hook.path + ": to run it for every certificate of certo: ln -s " +
                            shell_word(hook.path) + " " +
                            shell_word(home_.path() + "/hooks/" + hook.kind + "/"));
    return std::move(taken_);
  }

 private:
  void attempt(const std::string& subject, const std::function<void()>& act) {
    imports::attempt(taken_.left, subject, act);
  }

  void take_account(const FoundAccount& found) {
    const auto key = crypto::PrivateKey::from_pem(found.key, found.origin + "/account.key");
    for (const char* name : account_names) {
      store::AccountFolder folder(home_, found.directory, name);
      std::optional<os::Lock> lock;
      if (!settings_.is_rehearsal) lock = folder.lock(settings_.lock_timeout);
      const std::optional<crypto::PrivateKey> present = folder.key();
      if (present && !(present->public_key() == key.public_key())) continue;
      accounts_.try_emplace({found.directory, found.id}, name);
      if (present) {
        ++taken_.present;
        return;
      }
      if (!settings_.is_rehearsal) folder.save_key(key);
      if (!found.url.empty() && !settings_.is_rehearsal)
        folder.save(acme::Account{found.url, "valid", found.contact, true});
      taken_.accounts.push_back(found.directory);
      return;
    }
    taken_.left.push_back(found.origin + ": the store has other accounts at this CA already");
  }

  void take_certificate(const FoundCertificate& found) {
    const store::Entry entry(home_, found.name);
    if (entry.exists()) {
      ++taken_.present;
      return taken_.left.push_back(found.name + ": is in the store already and was not changed");
    }
    store::Request request = found.request;
    if (!found.no_way.empty()) {
      if (!can_prove(request.identifiers)) return tell_of_no_way(found);
      request.ways = {*settings_.way, {}};
    }
    const auto key = crypto::PrivateKey::from_pem(found.key, found.origin);
    const std::vector<crypto::Certificate> chain =
        crypto::parse_chain(found.chain, found.origin, Exit::bad_input);
    if (!(chain.front().spki == key.public_key().spki))
      throw Error(Exit::bad_input, "the key and the certificate do not belong together");
    if (const auto account = accounts_.find({request.directory, found.account}); account != accounts_.end())
      request.account = account->second;
    taken_.certificates.push_back(found.name);
    tell_of_ended_ca(found);
    if (settings_.is_rehearsal) {
      for (const std::string& line : found.left) taken_.left.push_back(found.name + ": " + line);
      return;
    }
    const os::Lock lock = entry.lock(settings_.lock_timeout);
    entry.save_next_key(key);
    entry.save_next_directory(request.directory);
    const store::Live live = entry.finish(chain);
    Texts left = found.left;
    take_hooks(entry, found.hooks, live.version, left);
    take_installation(home_, entry, found.installation, live, left);
    entry.save(request);  // last: without it the certificate does not exist, and the next import repeats all
    for (const std::string& line : left) taken_.left.push_back(found.name + ": " + line);
  }

  void tell_of_ended_ca(const FoundCertificate& found) {
    for (const store::Server& server : servers_) {
      if (server.ended.empty() || server.directory != found.request.directory) continue;
      taken_.left.push_back(found.name + ": " + server.title + " has ended (" + server.ended +
                            "), so renewals need another CA: certo issue --cert-name " +
                            shell_word(found.name) + " -d NAME --server letsencrypt");
    }
  }

  /// Can the way that was given prove these names?
  bool can_prove(const std::vector<crypto::Identifier>& names) const {
    return settings_.way && std::ranges::all_of(names, [&](const crypto::Identifier& one) {
             return store::can_prove(store::method_of(*settings_.way), one);
           });
  }

  void tell_of_no_way(const FoundCertificate& found) {
    taken_.left.push_back(found.origin + ": " + found.no_way + ": choose a method: " + settings_.command +
                          " --cert-name " + shell_word(found.name) + " " +
                          store::options_for(found.request.identifiers));
  }

  void take_settings(const FoundSettings& found) {
    const size_t dot = std::min(found.provider.find('.'), found.provider.size());
    const std::optional<provider::Caged> caged =
        provider::find_caged(found.provider.substr(0, dot), provider::provider_folders(home_.providers()));
    if (!caged)
      return taken_.left.push_back(found.provider +
                                   ": certo has no such DNS provider; 'certo providers' lists all of them");
    const provider::Environment environment(caged->found_by, caged->id, {});
    provider::Values values;
    for (const provider::Setting& setting : provider::settings_of(caged->descriptor)) {
      std::vector<std::string> names = setting.aliases;
      names.insert(names.begin(), setting.name);
      for (const std::string& name : names) {
        const auto value = found.values.find(name);
        if (value == found.values.end() || !environment.allows(name)) continue;
        if (std::ranges::any_of(value->second, is_control))
          throw Error(Exit::bad_input, name + " holds a line break or another control character");
        values.emplace(setting.name, value->second);
      }
    }
    const std::string name = caged->id + found.provider.substr(dot);
    if (values.empty()) return taken_.left.push_back(found.provider + ": its settings were not found");
    const std::string path = home_.credentials() + "/" + name;
    if (os::exists(path)) ++taken_.present;
    if (os::exists(path)) return taken_.left.push_back(path + ": exists already and was not changed");
    if (!settings_.is_rehearsal) provider::keep_credentials(path, name, values);
    taken_.settings.push_back(name);
  }

  void tell_what_servers_read() {
    if (found_.read_by_servers.empty() || taken_.certificates.empty()) return;
    taken_.left.push_back(found_.read_by_servers +
                          "/NAME/: servers that read a certificate there must read " + home_.certs() +
                          "/NAME/live/ instead, where privkey.pem is called key.pem");
  }

  const store::Home& home_;
  const std::vector<store::Server> servers_ = store::servers(home_);
  Found found_;
  const TakeSettings& settings_;
  Taken taken_;
  std::map<std::pair<std::string, std::string>, std::string>
      accounts_;  // directory and id to the account's name
};

}  // namespace

bool is_wanted(const TakeSettings& settings, const FoundCertificate& found) {
  const auto is_it = [&](const std::string& name) { return store::certificate_name(name) == found.name; };
  return settings.names.empty() || std::ranges::any_of(settings.names, is_it);
}

Taken take(const store::Home& home, Found found, const TakeSettings& settings) {
  return Taker(home, std::move(found), settings).take();
}

}  // namespace certo::imports
