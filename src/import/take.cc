// Into the store: accounts first, because a request names its account.
#include <algorithm>
#include <optional>

#include "acme/types.h"
#include "base/error.h"
#include "base/text.h"
#include "crypto/certificate.h"
#include "crypto/key.h"
#include "import/found.h"
#include "os/file.h"
#include "provider/catalog.h"
#include "provider/credentials.h"
#include "store/account.h"
#include "store/entry.h"

namespace certo::imports {
namespace {

class Taker {
 public:
  Taker(const store::Home& home, Found found, Millis lock_timeout)
      : home_(home), found_(std::move(found)), lock_timeout_(lock_timeout) {}

  Taken take() {
    taken_.left = found_.left;
    home_.prepare();
    for (const FoundAccount& account : found_.accounts)
      attempt(account.origin, [&] { take_account(account); });
    for (const FoundCertificate& one : found_.certificates)
      attempt(one.origin, [&] { take_certificate(one); });
    for (const FoundSettings& settings : found_.settings)
      attempt(settings.provider, [&] { take_settings(settings); });
    return std::move(taken_);
  }

 private:
  template <typename Act>
  void attempt(const std::string& subject, Act act) {
    try {
      act();
    } catch (const Error& error) {
      if (error.code == Exit::interrupted || error.code == Exit::cannot_write) throw;
      taken_.left.push_back(subject + ": " + error.message);
    }
  }

  /// Under the name "default", or "imported" where that is another one already.
  void take_account(const FoundAccount& found) {
    const auto key = crypto::PrivateKey::from_pem(found.key, found.origin + "/account.key");
    for (const char* name : {"default", "imported"}) {
      store::AccountFolder folder(home_, found.directory, name);
      const os::Lock lock = folder.lock(lock_timeout_);
      const std::optional<crypto::PrivateKey> present = folder.key();
      if (present && !(present->public_key() == key.public_key())) continue;
      accounts_.emplace(found.directory, name);
      if (present) return;
      folder.save_key(key);
      if (!found.url.empty()) folder.save(acme::Account{found.url, "valid", found.contact, true});
      taken_.accounts.push_back(found.directory);
      return;
    }
    taken_.left.push_back(found.origin + ": the store has other accounts at this CA already");
  }

  void take_certificate(const FoundCertificate& found) {
    const store::Entry entry(home_, found.name);
    if (entry.exists())
      return taken_.left.push_back(found.name + ": is in the store already, and stays as it is");
    const auto key = crypto::PrivateKey::from_pem(found.key, found.origin);
    const std::vector<crypto::Certificate> chain =
        crypto::parse_chain(found.chain, found.origin, Exit::bad_input);
    if (!(chain.front().spki == key.public_key().spki))
      throw Error(Exit::bad_input, "the key and the certificate do not belong together");
    store::Request request = found.request;
    if (const auto account = accounts_.find(request.directory); account != accounts_.end())
      request.account = account->second;
    const os::Lock lock = entry.lock(lock_timeout_);
    entry.save_next_key(key);
    entry.finish(chain);
    entry.save(request);  // last: without it there is no certificate of this name, and all is done again
    taken_.certificates.push_back(found.name);
  }

  void take_settings(const FoundSettings& found) {
    const std::optional<provider::Caged> caged =
        provider::find_caged(found.provider, provider::provider_folders(home_.providers()));
    if (!caged)
      return taken_.left.push_back(
          found.provider + ": certo has no such DNS provider; 'certo providers' lists those that there are");
    provider::Values values;
    for (const provider::Setting& setting : provider::settings_of(caged->descriptor)) {
      std::vector<std::string> names = setting.aliases;
      names.insert(names.begin(), setting.name);
      for (const std::string& name : names) {
        const auto value = found.values.find(name);
        if (value != found.values.end()) values.emplace(setting.name, value->second);
      }
    }
    const std::string& name = caged->descriptor.name;
    if (values.empty()) return taken_.left.push_back(found.provider + ": its settings were not found");
    const std::string path = home_.credentials() + "/" + name;
    if (os::exists(path)) return taken_.left.push_back(path + ": is there already, and stays as it is");
    provider::keep_credentials(path, name, values);
    taken_.settings.push_back(name);
  }

  const store::Home& home_;
  Found found_;
  Millis lock_timeout_;
  Taken taken_;
  std::map<std::string, std::string> accounts_;  // directory to the account's name
};

}  // namespace

Taken take(const store::Home& home, Found found, Millis lock_timeout) {
  return Taker(home, std::move(found), lock_timeout).take();
}

}  // namespace certo::imports
