#include "store/entry.h"

#include "base/log.h"
#include "os/file.h"
#include "store/version.h"

namespace certo::store {

namespace {

void write_json(const std::string& folder, const std::string& name, const Json& json) {
  os::make_folder(folder, 0700);
  os::write_file(folder + "/" + name, to_pretty_json(json), 0600);
}

/// What `read` makes of the file; nothing when there is none or it is damaged. For next/, where what
/// is lost costs a new key or a new order and no more.
template <typename Read>
auto read_if_sound(const std::string& path, Read read) -> std::optional<decltype(read(std::string(), path))> {
  const auto text = os::read_file_if(path);
  if (!text) return {};
  try {
    return read(*text, path);
  } catch (const Error& error) {
    log::warn(error.message + "; it is passed over");
    return {};
  }
}

}  // namespace

Entry::Entry(const Home& home, std::string name)
    : name_(certificate_name(name)), folder_(home.certs() + "/" + name_) {}

bool Entry::exists() const { return os::exists(folder_ + "/request.json"); }

os::Lock Entry::lock(Millis wait) const {
  os::make_folder(folder_, 0700);
  return os::Lock(folder_ + "/lock", wait);
}

os::Lock Entry::lock_existing(Millis wait) const {
  const auto require_it = [this] {
    if (exists()) return;
    throw Error(Exit::unknown_name, name_ + ": another run has removed it",
                "'certo list' shows the certificates that exist");
  };
  require_it();
  try {
    os::Lock lock(folder_ + "/lock", wait);
    require_it();
    return lock;
  } catch (const Error& error) {
    if (error.code == Exit::cannot_write) require_it();  // the folder went away meanwhile
    throw;
  }
}

std::optional<os::Lock> Entry::try_lock() const {
  if (!os::exists(folder_)) return {};  // removed meanwhile
  return os::Lock::try_take(folder_ + "/lock");
}

Request Entry::request() const {
  const std::string path = folder_ + "/request.json";
  const auto text = os::read_file_if(path);
  if (!text)
    throw Error(Exit::unknown_name, name_ + ": no such certificate",
                "'certo list' shows the certificates that exist");
  return parse_request(*text, path);
}

void Entry::save(const Request& request) const { write_json(folder_, "request.json", to_json(request)); }

Status Entry::status() const { return parse_status(os::read_file_if(folder_ + "/status.json").value_or("")); }

void Entry::save(const Status& status) const { write_json(folder_, "status.json", to_json(status)); }

std::optional<Live> Entry::live() const {
  const std::string link = folder_ + "/live";
  if (!os::exists(link)) return {};
  const std::string version = os::read_link(link).value_or("");
  if (!version_time(version)) throw Error(Exit::bad_input, link + ": it is no link to a version beside it");
  const std::string folder = folder_ + "/" + version;
  if (!os::exists(folder))
    throw Error(Exit::bad_input, link + ": it points at " + version + ", which is not there");
  return Live{version, folder, read_pair(folder)};
}

std::optional<LiveFingerprint> Entry::live_fingerprint() const {
  const auto version = os::read_link(folder_ + "/live");
  if (!version || !version_time(*version)) return {};
  const auto key = os::fingerprint(key_file(folder_ + "/" + *version));
  const auto fullchain = os::fingerprint(folder_ + "/" + *version + "/fullchain.pem");
  if (!key || !fullchain) return {};
  return LiveFingerprint{*version, *key, *fullchain};
}

std::optional<os::Fingerprint> Entry::request_fingerprint() const {
  return os::fingerprint(folder_ + "/request.json");
}

void Entry::mark_revoked(const std::string& version) const {
  os::write_file(folder_ + "/" + version + "/revoked", rfc3339(now()) + "\n", 0644);
}

bool Entry::is_revoked(const std::string& version) const {
  return os::exists(folder_ + "/" + version + "/revoked");
}

std::optional<crypto::PrivateKey> Entry::next_key() const {
  return read_if_sound(folder_ + "/next/key.pem", crypto::PrivateKey::from_pem);
}

void Entry::save_next_key(const crypto::PrivateKey& key) const {
  os::make_folder(folder_ + "/next", 0700);
  os::write_file(folder_ + "/next/key.pem", key.pkcs8_pem(), 0600);
}

std::string Entry::next_csr() const { return os::read_file_if(folder_ + "/next/csr.pem").value_or(""); }

void Entry::save_next_csr(const std::string& pem) const {
  os::make_folder(folder_ + "/next", 0700);
  os::write_file(folder_ + "/next/csr.pem", pem, 0600);
}

std::optional<acme::Document> Entry::next_order() const {
  return read_if_sound(folder_ + "/next/order.json", acme::parse_document);
}

void Entry::save_next_order(const acme::Document& document) const {
  write_json(folder_ + "/next", "order.json", acme::to_json(document, ""));
}

void Entry::drop_next_order() const { os::remove_file(folder_ + "/next/order.json"); }

void Entry::drop_next() const {
  // A key without an order is used again; an order without its key may be one for a certificate that nobody
  // can use.
  drop_next_order();
  os::remove_tree(folder_ + "/next");
}

void Entry::remove() const {
  // request.json goes after all keys: what a crash leaves is still listed, and can be removed again.
  for (const std::string& name : os::list_folder(folder_))
    if (name != "request.json" && name != "lock") os::remove_tree(folder_ + "/" + name);
  os::remove_file(folder_ + "/request.json");
  os::remove_tree(folder_);
}

std::vector<std::string> entries(const Home& home) {
  std::vector<std::string> names;
  for (const std::string& name : os::list_folder(home.certs())) {
    const bool is_hidden = name.starts_with('.');
    if (!is_hidden && os::exists(home.certs() + "/" + name + "/request.json")) names.push_back(name);
  }
  return names;
}

}  // namespace certo::store
