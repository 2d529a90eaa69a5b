#include "store/account.h"

#include <utility>

#include "base/log.h"
#include "base/warn_once.h"
#include "os/file.h"
#include "os/place.h"
#include "os/temporary.h"
#include "os/trust.h"
#include "store/format.h"

namespace certo::store {

namespace {

constexpr const char* account_format = "account/1";
constexpr const char* gate_format = "gate/1";
constexpr const char* directory_format = "directory/1";

std::string key_path(const std::string& folder) { return folder + "/account.key"; }
std::string next_key_path(const std::string& folder) { return folder + "/account.key.next"; }
std::string account_path(const std::string& folder) { return folder + "/account.json"; }
std::string gate_path(const std::string& folder, AccountFolder::Gated request) {
  return folder + (request == AccountFolder::Gated::new_order ? "/gate.json" : "/gate-account.json");
}
std::string directory_path(const Home& home, const std::string& url) {
  return home.ca(url) + "/directory.json";
}

std::optional<crypto::PrivateKey> read_key(const std::string& path, const char* hint) {
  const auto text = os::read_trusted_if(path, os::of_state);
  if (!text) return {};
  try {
    return crypto::PrivateKey::from_pem(*text, path);
  } catch (Error& error) {
    error.hint = hint;
    throw;
  }
}

void write_key(const std::string& folder, const std::string& path, const crypto::PrivateKey& key) {
  os::make_folder(folder, 0700);
  os::write_file(path, key.pkcs8_pem(), 0600);
}

/// Writes data that certo can find again. A folder or a pipe in the file's place was reported when it was
/// read; it costs a request each time, but no certificate.
void write_replaceable(const std::string& path, const Json& json) {
  const auto found = os::facts(path);
  if (found && found->kind != os::Kind::file && found->kind != os::Kind::link)
    return log::warn_once(path + ": not a regular file, so nothing is stored there");
  os::write_file(path, to_pretty_json(json), 0600);
}

struct Stored {
  acme::Account account;
  std::string created;
  std::string key_changed;  // "" if it never was
};

/// The key finds its account again, so a file that is damaged or cannot be read is ignored.
std::optional<Stored> read_account(const std::string& folder) {
  const std::string path = account_path(folder);
  try {
    const auto text = os::read_trusted_if(path, os::of_state);
    if (!text) return {};
    const Json json = parse_json(*text, path, Exit::bad_input);
    require_format(json, account_format, path);
    const Fields fields(json, path, Exit::bad_input);
    Stored stored;
    stored.account.url = fields.string("url");
    stored.account.status = fields.string("status");
    stored.account.contact = fields.strings("contact");
    stored.account.terms_agreed = fields.boolean("terms_agreed", false);
    stored.created = fields.optional_string("created").value_or("");
    stored.key_changed = fields.optional_string("key_changed").value_or("");
    return stored;
  } catch (const Error& error) {
    log::warn_once(error.message + "; the account is looked up again by its key");
    return {};
  }
}

void write_account(const std::string& folder, const Stored& stored) {
  Json contact = Json::array();
  for (const std::string& address : stored.account.contact) contact.push(address);
  Json json = new_file(account_format);
  json.set("url", stored.account.url);
  json.set("status", stored.account.status);
  json.set("contact", std::move(contact));
  json.set("terms_agreed", stored.account.terms_agreed);
  json.set("created", stored.created);
  if (!stored.key_changed.empty()) json.set("key_changed", stored.key_changed);
  os::make_folder(folder, 0700);
  write_replaceable(account_path(folder), json);
}

}  // namespace

AccountFolder::AccountFolder(const Home& home, std::string directory_url, std::string name)
    : folder_(home.accounts(directory_url) + "/" + component(name, "the name of an account")) {}

std::optional<crypto::PrivateKey> AccountFolder::key() const {
  auto key = read_key(key_path(folder_), "restore it from a backup, or move it away to get a new account");
  if (!key && os::exists(account_path(folder_)))
    throw Error(Exit::bad_input,
                key_path(folder_) + ": the key is missing, although account.json names its account",
                "restore the key from a backup, or move account.json away to get a new account");
  return key;
}

void AccountFolder::save_key(const crypto::PrivateKey& key) {
  if (os::exists(key_path(folder_)))
    throw Error(Exit::bug, key_path(folder_) + ": another account key would have been overwritten");
  write_key(folder_, key_path(folder_), key);
}

void AccountFolder::replace_key(const crypto::PrivateKey& key) { write_key(folder_, key_path(folder_), key); }

void AccountFolder::save_next_key(const crypto::PrivateKey& key) {
  write_key(folder_, next_key_path(folder_), key);
}

std::optional<crypto::PrivateKey> AccountFolder::next_key() const {
  return read_key(
      next_key_path(folder_),
      "a key change was interrupted, and the account may have this key already: restore it from a backup, or move it away to continue with account.key");
}

bool AccountFolder::has_next_key() const { return os::exists(next_key_path(folder_)); }

void AccountFolder::drop_next_key() { os::remove_file(next_key_path(folder_)); }

std::optional<acme::Account> AccountFolder::account() const {
  auto stored = read_account(folder_);
  if (!stored) return {};
  return std::move(stored->account);
}

void AccountFolder::save(const acme::Account& account) {
  const auto before = read_account(folder_);
  const bool is_same = before && before->account.url == account.url && !before->created.empty();
  write_account(folder_,
                {account, is_same ? before->created : rfc3339(now()), is_same ? before->key_changed : ""});
}

/// A key without account.json is looked up at the CA, so account.json goes first.
void AccountFolder::set_aside(Time now) {
  const std::string place = folder_ + "/closed-" + compact_utc(now);
  if (os::exists(account_path(folder_))) os::rename(account_path(folder_), place + ".json");
  os::rename(key_path(folder_), place + ".key");
  drop_next_key();
}

std::optional<Time> AccountFolder::key_changed() const {
  const auto stored = read_account(folder_);
  return stored ? from_rfc3339(stored->key_changed) : std::nullopt;
}

void AccountFolder::note_key_change(Time when) {
  auto stored = read_account(folder_);
  if (!stored) return;  // it is looked up again by its key
  stored->key_changed = rfc3339(when);
  write_account(folder_, *stored);
}

os::Lock AccountFolder::lock(Millis wait) const {
  os::make_folder(folder_, 0700);
  os::Lock lock(folder_ + "/lock", wait);
  os::sweep_temporaries(folder_);
  return lock;
}

std::optional<AccountFolder::Gate> AccountFolder::gate(Gated request, Time now) const {
  const std::string path = gate_path(folder_, request);
  try {
    const auto text = os::read_trusted_if(path, os::of_state);
    if (!text) return {};
    const Json json = parse_json(*text, path, Exit::bad_input);
    require_format(json, gate_format, path);
    const Fields fields(json, path, Exit::bad_input);
    const Gate gate{optional_time(fields, "until").value_or(Time{}),
                    fields.optional_string("why").value_or("")};
    if (gate.until > now) return gate;
  } catch (const Error& error) {
    log::warn_once(error.message + "; the CA is asked again");
  }
  return {};
}

void AccountFolder::close_gate(Gated request, const Gate& gate) {
  // If two orders are refused side by side, the answer with the shorter wait may come last.
  if (const auto closed = this->gate(request, now()); closed && closed->until >= gate.until) return;
  Json json = new_file(gate_format);
  json.set("until", rfc3339(gate.until));
  json.set("why", gate.why);
  os::make_folder(folder_, 0700);
  write_replaceable(gate_path(folder_, request), json);
}

std::optional<acme::Directory> cached_directory(const Home& home, const acme::Url& url) {
  const std::string path = directory_path(home, url.text);
  try {
    const auto text = os::read_trusted_if(path, os::of_state);
    if (!text) return {};
    const Json json = parse_json(*text, path, Exit::bad_input);
    require_format(json, directory_format, path);
    const Fields fields(json, path, Exit::bad_input);
    const Json* directory = fields.optional_object("directory");
    if (!directory || fields.string("url") != url.text) return {};
    return acme::parse_directory(url, *directory);
  } catch (const Error& error) {
    log::verbose(error.message + "; the directory is fetched again");
    return {};
  }
}

void save_directory(const Home& home, const acme::Directory& directory) {
  Json json = new_file(directory_format);
  json.set("url", directory.url.text);
  json.set("directory", directory.json);
  os::make_folder(home.ca(directory.url.text), 0700);
  write_replaceable(directory_path(home, directory.url.text), json);
}

}  // namespace certo::store
