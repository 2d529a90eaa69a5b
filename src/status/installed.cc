#include "status/installed.h"

#include <sys/stat.h>

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "crypto/certificate.h"
#include "crypto/key.h"
#include "crypto/pem.h"
#include "os/file.h"
#include "os/place.h"

namespace certo::status {
namespace {

using install::Part;

constexpr size_t largest_file = size_t{256} * 1024;

/// The mode of a file with a key, unless the user chose it.
void look_at_mode(InstalledFile& file, bool is_key, std::optional<mode_t> chosen) {
  struct stat facts {};
  if (::stat(file.path.c_str(), &facts) != 0) return;
  const mode_t mode = facts.st_mode & 0777;
  if (chosen && mode != *chosen) {
    file.mode_fault =
        "its mode is " + os::octal(mode) + " and not " + os::octal(*chosen) + " as it was chosen";
    file.mode_wanted = os::octal(*chosen);
  } else if (!chosen && is_key && (mode & S_IROTH) != 0) {
    file.mode_fault = "all users can read the private key";
    file.mode_wanted = os::octal(mode & ~static_cast<mode_t>(S_IRWXO));
  }
}

/// What a file holds, as far as it can be read.
struct Held {
  std::optional<crypto::Certificate> leaf;
  Bytes key;  // the public half; empty: none
};

Held held_in(const std::string& text, const std::string& path) {
  Held held;
  for (const crypto::PemBlock& block : crypto::read_pem(text).blocks) {
    if (block.label == "CERTIFICATE" && !held.leaf)
      held.leaf = crypto::parse_certificate(block.der, path, Exit::bad_input);
    if (block.label.ends_with("PRIVATE KEY"))
      held.key =
          crypto::PrivateKey::from_pem(crypto::write_pem(block.label, block.der), path).public_key().spki;
  }
  return held;
}

/// The files of one installation.
class Comparison {
 public:
  Comparison(std::string store, const install::Installation& installation)
      : store_(std::move(store)), installation_(installation) {}

  std::vector<InstalledFile> run() {
    for (const install::Target& target : installation_.targets) {
      if (target.part != Part::folder) {
        add(target, target.part, target.path);
        continue;
      }
      for (const auto& [part, name] :
           {std::pair{Part::key, "/key.pem"}, std::pair{Part::fullchain, "/fullchain.pem"}})
        if (part != Part::key || os::exists(store_ + "/key.pem")) add(target, part, target.path + name);
    }
    look_for_broken_pair();
    return std::move(files_);
  }

 private:
  void add(const install::Target& target, Part part, const std::string& path) {
    InstalledFile file{.path = path, .part = std::string(install::name(part))};
    try {
      const auto text = os::read_file_if(path, largest_file);
      if (!text)
        file.state = FileState::missing;
      else
        compare(file, part, *text);
      look_at_mode(file, install::holds_key(part), target.mode_of(part));
    } catch (const Error& error) {
      file.state = FileState::unreadable;
      file.detail = error.message;
    }
    files_.push_back(std::move(file));
  }

  void compare(InstalledFile& file, Part part, const std::string& text) {
    if (part == Part::pfx) return;  // two of them differ even if they hold the same pair
    if (text == expected(part)) {
      if (install::holds_key(part)) key_file_ = files_.size();
      return;
    }
    file.state = FileState::differs;
    differs_ = true;
    if (part == Part::chain) return;
    const Held held = held_in(text, file.path);
    if (held.leaf) {
      file.detail = "it holds the certificate with serial " + held.leaf->serial_hex() + ", which " +
                    "expires at " + rfc3339(held.leaf->not_after);
      certificate_ = held.leaf->spki;
    }
    if (!held.key.empty()) {
      key_ = held.key;
      key_file_ = files_.size();
      if (!held.leaf) file.detail = "it holds another key";
    }
  }

  /// A server that is started again would refuse such a pair.
  void look_for_broken_pair() {
    if (!differs_ || !key_file_) return;
    const Held ours = held_in(expected(Part::pem), store_);
    const Bytes& own = ours.leaf ? ours.leaf->spki : ours.key;
    if ((key_.empty() ? own : key_) != (certificate_.empty() ? own : certificate_))
      files_[*key_file_].is_broken_pair = true;
  }

  std::string expected(Part part) const {
    const auto read = [&](const char* name) {
      return os::read_file_if(store_ + name, largest_file).value_or("");
    };
    switch (part) {
      case Part::certificate: return read("/cert.pem");
      case Part::key: return read("/key.pem");
      case Part::chain: return read("/chain.pem");
      case Part::fullchain: return read("/fullchain.pem");
      case Part::pem: return read("/key.pem") + read("/fullchain.pem");
      case Part::pfx:
      case Part::folder: break;
    }
    return {};
  }

  std::string store_;
  const install::Installation& installation_;
  std::vector<InstalledFile> files_;
  bool differs_ = false;
  std::optional<size_t> key_file_;
  Bytes key_, certificate_;  // the public keys that are installed, if they are not the store's
};

}  // namespace

std::vector<InstalledFile> look_at_files(const store::Entry& entry, const std::string& live_version,
                                         const std::vector<install::Installation>& installations) {
  const std::string store = entry.folder() + "/" + live_version;
  std::vector<InstalledFile> files;
  InstalledFile own{.path = store + "/key.pem", .part = "key"};
  look_at_mode(own, true, {});
  if (!own.mode_fault.empty()) files.push_back(std::move(own));
  for (const install::Installation& one : installations) {
    if (one.version != live_version) continue;
    for (InstalledFile& file : Comparison(store, one).run()) files.push_back(std::move(file));
  }
  return files;
}

}  // namespace certo::status
