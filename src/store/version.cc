#include "store/version.h"

#include <sys/stat.h>

#include <algorithm>
#include <mutex>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "crypto/csr.h"
#include "crypto/key.h"
#include "os/file.h"
#include "os/place.h"
#include "os/trust.h"

namespace certo::store {

namespace {

constexpr size_t time_size = 16;   // "20261121T022200Z"
constexpr size_t serial_size = 8;  // hex digits

std::string serial_end(const crypto::Certificate& leaf) {
  const std::string serial = std::string(serial_size, '0') + hex(leaf.serial);
  return serial.substr(serial.size() - serial_size);
}

void warn_if_exposed(const std::string& key) {
  const auto facts = os::facts(key);
  if (!facts || facts->kind == os::Kind::link || (facts->mode & (S_IRWXG | S_IRWXO)) == 0) return;

  static std::mutex mutex;
  static std::set<std::string> told;
  const std::lock_guard hold(mutex);
  if (told.insert(key).second)
    log::warn(key + ": other users can read this private key; change its mode with chmod 600");
}

}  // namespace

std::optional<Time> version_time(const std::string& name) {
  if (name.size() != time_size + 1 + serial_size || name[time_size] != '-') return {};
  if (name.find_first_not_of("0123456789abcdef", time_size + 1) != std::string::npos) return {};
  // Only one name of each time: 60 would be another second.
  if (name[8] != 'T' || name[15] != 'Z' || name.compare(13, 2, "60") == 0) return {};
  std::string text = name.substr(0, time_size);
  for (const size_t at : {13, 11}) text.insert(at, 1, ':');
  for (const size_t at : {6, 4}) text.insert(at, 1, '-');
  return from_rfc3339(text);
}

std::vector<std::string> versions(const std::string& folder) {
  std::vector<std::string> names = os::list_folder(folder);
  std::erase_if(names, [](const std::string& name) { return !version_time(name); });
  return names;
}

std::string new_version(const std::string& folder, const crypto::Certificate& leaf) {
  Time time = now();
  const std::vector<std::string> others = versions(folder);
  if (!others.empty()) time = std::max(time, *version_time(others.back()) + Seconds(1));
  return compact_utc(time) + "-" + serial_end(leaf);
}

void write_chain(const std::string& folder, const std::vector<crypto::Certificate>& chain) {
  const std::span all(chain);
  os::write_file(folder + "/cert.pem", crypto::pem(all.first(1)), 0644);
  os::write_file(folder + "/chain.pem", crypto::pem(all.subspan(1)), 0644);
  os::write_file(folder + "/fullchain.pem", crypto::pem(all), 0644);
}

std::string key_file(const std::string& folder) {
  const std::string csr = folder + "/csr.pem";
  return os::exists(csr) ? csr : folder + "/key.pem";
}

Bytes certified_spki(const std::string& folder) {
  const std::string path = key_file(folder);
  const std::string text = os::read_trusted(path, os::of_state);
  if (path.ends_with("/csr.pem")) return crypto::parse_csr_pem(text, path).spki;
  warn_if_exposed(path);
  return crypto::PrivateKey::from_pem(text, path).public_key().spki;
}

std::vector<crypto::Certificate> read_pair(const std::string& folder) {
  const std::string chain_path = folder + "/fullchain.pem";
  auto chain = crypto::parse_chain(os::read_trusted(chain_path, os::of_state), chain_path, Exit::bad_input);
  if (chain.front().spki != certified_spki(folder))
    throw Error(Exit::bad_input, key_file(folder) + ": it does not match the certificate in the same folder");
  return chain;
}

std::optional<std::vector<crypto::Certificate>> read_pair_if_sound(const std::string& folder) {
  try {
    return read_pair(folder);
  } catch (const Error& error) {
    if (error.code != Exit::bad_input) throw;
    return {};
  }
}

}  // namespace certo::store
