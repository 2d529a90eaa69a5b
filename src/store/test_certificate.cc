#include "store/test_certificate.h"

#include "base/error.h"
#include "os/file.h"
#include "store/servers.h"
#include "store/version.h"

namespace certo::store {
namespace {

std::string live_version(const Entry& entry) { return os::read_link(entry.folder() + "/live").value_or(""); }

/// "" if it cannot be read.
std::string requested_directory(const Entry& entry) {
  try {
    return entry.request().directory;
  } catch (const Error&) {
    return {};  // whoever needs the request reports the damage
  }
}

}  // namespace

bool is_test(const Home& home, const Entry& entry, const std::string& version) {
  std::string directory = entry.directory_of(version);
  if (directory.empty() && version == live_version(entry)) directory = requested_directory(entry);
  return !directory.empty() && is_test_directory(home, directory);
}

bool is_test(const Home& home, const Entry& entry) {
  const std::string version = live_version(entry);
  if (!version.empty()) return is_test(home, entry, version);
  const std::string directory = requested_directory(entry);
  return !directory.empty() && is_test_directory(home, directory);
}

void keep_apart(const Home& home, const Entry& entry, const std::string& directory) {
  const bool has_something = entry.exists() || !live_version(entry).empty();
  if (!has_something || !is_test_directory(home, directory) || is_test(home, entry)) return;
  throw Error(Exit::usage,
              entry.name() + ": a certificate of the test CA " + directory +
                  " must not replace the production certificate",
              "use --dry-run for a rehearsal, or --cert-name NAME for a second certificate");
}

TestPairs::TestPairs(const Home& home) {
  for (const std::string& name : entries(home)) {
    const Entry entry(home, name);
    for (const std::string& version : versions(entry.folder())) {
      if (!is_test(home, entry, version)) continue;
      const auto chain = read_pair_if_sound(entry.folder() + "/" + version);
      if (!chain) continue;
      keys_.insert(chain->front().spki);
      for (const crypto::Certificate& one : *chain) certificates_.insert(one.der);
    }
  }
}

}  // namespace certo::store
