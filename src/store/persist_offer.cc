#include "store/persist_offer.h"

#include "base/log.h"
#include "os/file.h"
#include "os/trust.h"
#include "store/format.h"

namespace certo::store {
namespace {

constexpr const char* format = "persist/1";

std::string path_of(const AccountFolder& account) { return account.folder() + "/persist.json"; }

Json list_of(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push(text);
  return list;
}

}  // namespace

acme::PersistOffer persist_offer(const AccountFolder& account) {
  const std::string path = path_of(account);
  try {
    const auto text = os::read_trusted_if(path, os::of_state);
    if (!text) return {};
    const Json json = parse_json(*text, path, Exit::bad_input);
    require_format(json, format, path);
    const Fields fields(json, path, Exit::bad_input);
    // Another draft may have meant something else.
    if (fields.string("draft") != acme::persist_format) return {};
    acme::PersistOffer offer{acme::issuer_names(json.find("issuers")), {}};
    for (const std::string& uri : fields.strings("accounts"))
      if (acme::is_account_uri(uri)) offer.account_uris.push_back(uri);
    return offer;
  } catch (const Error& error) {
    log::verbose(error.message + "; the CA's directory and the account's URL count instead");
    return {};
  }
}

void save(const AccountFolder& account, const acme::PersistOffer& offer) {
  if (persist_offer(account) == offer) return;
  Json json = new_file(format);
  json.set("draft", acme::persist_format).set("issuers", list_of(offer.issuers));
  json.set("accounts", list_of(offer.account_uris));
  os::make_folder(account.folder(), 0700);
  os::write_file(path_of(account), to_pretty_json(json), 0600);
}

}  // namespace certo::store
