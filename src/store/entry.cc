#include "store/entry.h"

#include <algorithm>

#include "base/log.h"
#include "base/natural.h"
#include "base/text.h"
#include "base/warn_once.h"
#include "os/file.h"
#include "os/path.h"
#include "os/place.h"
#include "os/quick.h"
#include "os/temporary.h"
#include "os/trust.h"
#include "store/version.h"

namespace certo::store {

namespace {

void write_json(const std::string& folder, const std::string& name, const Json& json) {
  os::make_folder(folder, 0700);
  os::write_file(folder + "/" + name, to_pretty_json(json), 0600);
}

/// The result of `read`; nothing if the file does not exist, cannot be read or is damaged. For files in
/// next/: to lose one costs only a new key or a new order.
template <typename Read>
auto read_if_sound(const std::string& path, Read read) -> std::optional<decltype(read(std::string(), path))> {
  try {
    const auto text = os::read_trusted_if(path, os::of_state);
    if (!text) return {};
    return read(*text, path);
  } catch (const Error& error) {
    log::warn(error.message + "; it is ignored");
    return {};
  }
}

/// Those that a certificate can have, in natural order.
std::vector<std::string> certificates(const Home& home, std::vector<std::string> names) {
  std::erase_if(names, [&](const std::string& name) {
    if (name.starts_with('.')) return true;
    if (is_certificate_name(name)) return false;
    log::warn_once(home.certs() + "/" + name + ": a certificate cannot have this name; it is ignored");
    return true;
  });
  std::ranges::sort(names, is_naturally_before);
  return names;
}

}  // namespace

Entry::Entry(const Home& home, std::string name)
    : name_(certificate_name(name)), folder_(home.certs() + "/" + name_) {}

bool Entry::exists() const { return os::exists(folder_ + "/request.json"); }

bool Entry::is_begun() const {
  if (exists()) return false;
  const bool has_traces = os::exists(folder_ + "/lock") || os::exists(folder_ + "/next");
  return has_traces && !os::exists(folder_ + "/live") && store::versions(folder_).empty();
}

os::Lock Entry::lock(Millis wait) const {
  for (const Deadline end(wait);;) {
    os::make_folder(folder_, 0700);
    try {
      os::Lock lock(folder_ + "/lock", end.left());
      sweep();
      return lock;
    } catch (const Error&) {
      if (os::exists(folder_)) throw;
      // Another command removed it while this one waited.
    }
  }
}

os::Lock Entry::lock_existing(Millis wait) const {
  try {
    os::Lock lock(folder_ + "/lock", wait);
    if (exists()) {
      sweep();
      return lock;
    }
    // It was removed while this command waited, and the lock file made the folder stay.
    remove_if_bare();
  } catch (const Error&) {
    if (os::exists(folder_)) throw;
  }
  throw Error(Exit::unknown_name, name_ + ": the certificate was removed by another command",
              "see 'certo list'");
}

std::optional<os::Lock> Entry::try_lock() const {
  try {
    auto lock = os::Lock::try_take(folder_ + "/lock");
    if (lock) sweep();
    return lock;
  } catch (const Error&) {
    if (os::exists(folder_)) throw;
    return {};  // removed meanwhile
  }
}

void Entry::sweep() const {
  for (const std::string& folder : {folder_, folder_ + "/next", folder_ + "/certbot/" + name_})
    os::sweep_temporaries(folder, os::Writers::none);
  for (const std::string& version : store::versions(folder_))
    os::sweep_temporaries(folder_ + "/" + version, os::Writers::none);
  try {
    os::remove_tree(rollback_folder());
  } catch (const Error& error) {
    log::verbose(error.message);
  }
}

Request Entry::request() const {
  const std::string path = folder_ + "/request.json";
  const auto text = os::read_trusted_if(path, os::of_state);
  if (!text)
    throw Error(Exit::unknown_name, name_ + ": no such certificate",
                "'certo list' shows the certificates that exist");
  return parse_request(*text, path);
}

void Entry::save(const Request& request) const { write_json(folder_, "request.json", to_json(request)); }

Status Entry::status() const {
  const std::string path = folder_ + "/status.json";
  try {
    return parse_status(os::read_trusted_if(path, os::of_state).value_or(""));
  } catch (const Error& error) {
    // Everything in a file can be found again. Something else in its place cannot be replaced by a file.
    const auto found = os::facts(path);
    if (found && found->kind != os::Kind::file && found->kind != os::Kind::link) throw;
    log::warn_once(error.message + "; certo finds out again what was in it");
    return {};
  }
}

void Entry::save(const Status& status) const { write_json(folder_, "status.json", to_json(status)); }

std::optional<Live> Entry::live() const {
  const std::string link = folder_ + "/live";
  if (!os::exists(link)) return {};
  const std::string version = os::read_link(link).value_or("");
  if (!version_time(version))
    throw Error(Exit::bad_input, link + ": it is not a link to a version in the same folder");
  const std::string folder = folder_ + "/" + version;
  if (!os::exists(folder))
    throw Error(Exit::bad_input, link + ": it points to " + version + ", which does not exist");
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

std::string Entry::next_csr() const {
  const auto as_it_is = [](const std::string& text, const std::string&) { return text; };
  return read_if_sound(folder_ + "/next/csr.pem", as_it_is).value_or("");
}

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

// A tree, because a damaged one may be a folder.
void Entry::drop_next_order() const { os::remove_tree(folder_ + "/next/order.json"); }

void Entry::save_next_directory(const std::string& url) const {
  os::make_folder(folder_ + "/next", 0700);
  os::write_file(folder_ + "/next/directory", url + "\n", 0644);
}

std::string Entry::issued_by() const {
  const std::string live = os::read_link(folder_ + "/live").value_or("");
  const std::string directory = directory_of(live);
  return directory.empty() ? request().directory : directory;
}

std::string Entry::directory_of(const std::string& version) const {
  if (!version_time(version)) return {};
  try {
    return std::string(trim(os::read_file_if(folder_ + "/" + version + "/directory", 4096).value_or("")));
  } catch (const Error& error) {
    log::warn(error.message);
    return {};
  }
}

void Entry::drop_next() const {
  // A key without an order is used again. An order without its key may be for a certificate that nobody can
  // use.
  drop_next_order();
  os::remove_tree(folder_ + "/next");
}

void Entry::remove() const {
  // request.json goes after all keys: if this dies, the rest is still listed and can be removed.
  for (const std::string& name : os::list_folder(folder_))
    if (name != "request.json" && name != "lock") os::remove_tree(folder_ + "/" + name);
  os::remove_file(folder_ + "/request.json");
  // A command that waits for the lock makes its file again, perhaps between the two steps of the removal.
  for (int tries = 3;; --tries) {
    try {
      return os::remove_tree(folder_);
    } catch (const Error&) {
      if (tries == 1) throw;
    }
  }
}

bool Entry::remove_if_bare(std::string_view worthless) const {
  const auto has_only = [](const std::string& folder, std::vector<std::string_view> names) {
    return std::ranges::all_of(os::list_folder(folder), [&](const std::string& name) {
      return std::ranges::find(names, name) != names.end();
    });
  };
  const std::string next = folder_ + "/next";
  if (!has_only(folder_, {"lock", "next", worthless}) || !has_only(next, {"csr.pem"})) return false;
  os::remove_tree(next);
  if (!worthless.empty()) os::remove_file(os::path_in(folder_, std::string(worthless)));
  // A command that waits for the lock may make its file again at once, and the folder is that command's then.
  os::remove_file(folder_ + "/lock");
  os::Beneath(os::folder_of(folder_)).remove_folder_if_empty(name_);
  return true;
}

std::vector<std::string> entries(const Home& home) {
  return certificates(home, os::list_folders(home.certs(), "request.json"));
}

std::vector<std::string> folders(const Home& home) {
  return certificates(home, os::list_folders(home.certs()));
}

}  // namespace certo::store
