// From next/ to live. If a run dies after a step, these files exist, and the next run does this:
//
//   key.pem, order.json        continues the order (csr.pem in place of key.pem if certo does not have the
//   key)
//   + cert.pem, chain.pem      the same
//   + fullchain.pem            the pair is complete: `adopt` continues from here, without the CA
//   next/ -> version folder    complete and newer than live: adopts it
//   live -> version folder     nothing; order.json and the oldest versions are no longer needed
//
// order.json is removed last: at every point, the certificate or the order for it exists.
// Implements a part of store/entry.h.
#include <algorithm>

#include "base/log.h"
#include "os/file.h"
#include "os/path.h"
#include "os/temporary.h"
#include "os/trust.h"
#include "store/entry.h"
#include "store/version.h"

namespace certo::store {

namespace {

constexpr size_t kept_versions = 3;

using Chain = std::vector<crypto::Certificate>;

bool expires_earlier(const Chain& chain, const std::optional<Chain>& live) {
  return live && chain.front().not_after < live->front().not_after;
}

/// The version that `live` names, whether it exists or not; "" for none.
std::string live_version(const std::string& folder) {
  std::string version = os::read_link(folder + "/live").value_or("");
  if (!version_time(version)) version.clear();
  return version;
}

std::optional<Chain> live_chain(const std::string& folder) {
  const std::string version = live_version(folder);
  if (version.empty()) return {};
  return read_pair_if_sound(folder + "/" + version);
}

std::string make_version(const std::string& folder, const crypto::Certificate& leaf) {
  std::string version = new_version(folder, leaf);
  os::sweep_temporaries(folder + "/next", os::Writers::none);
  os::rename(folder + "/next", folder + "/" + version);
  return version;
}

void tidy(const std::string& folder, const std::string& live) {
  os::remove_file(folder + "/" + live + "/order.json");
  std::vector<std::string> old = versions(folder);
  old.resize(old.size() - std::min(old.size(), kept_versions));
  for (const std::string& version : old)
    if (version != live) os::remove_tree(folder + "/" + version);
}

void make_live(const std::string& folder, const std::string& version) {
  os::switch_link(folder + "/live", version);
  try {
    tidy(folder, version);
  } catch (const Error& error) {
    log::warn(error.message);  // the certificate is live in any case
  }
}

/// Makes next/ a version if it is complete and may become live.
void take_up_next(const std::string& folder) {
  if (!os::exists(folder + "/next/fullchain.pem")) return;
  const auto chain = read_pair_if_sound(folder + "/next");
  if (!chain || expires_earlier(*chain, live_chain(folder))) return;
  make_version(folder, chain->front());
}

/// Versions that a dead run may have left, newest first: those newer than live.
std::vector<std::string> candidates(const std::string& folder) {
  std::vector<std::string> names = versions(folder);
  const std::string live = live_version(folder);
  if (!live.empty() && os::exists(folder + "/" + live))
    std::erase_if(names, [&](const std::string& name) { return name <= live; });
  std::reverse(names.begin(), names.end());
  return names;
}

}  // namespace

Live Entry::finish(const std::vector<crypto::Certificate>& chain, bool allow_older) const {
  const std::string next = folder_ + "/next";
  if (chain.empty() || !os::exists(key_file(next)) || chain.front().spki != certified_spki(next))
    throw Error(Exit::bug, next + ": its key does not match the new certificate");
  if (!allow_older && expires_earlier(chain, live_chain(folder_)))
    throw Error(Exit::failed, "the new certificate expires before the one in use, so it was not stored",
                "--force stores it anyway");

  write_chain(next, chain);
  const std::string version = make_version(folder_, chain.front());
  make_live(folder_, version);
  return Live{version, folder_ + "/" + version, chain};
}

std::string Entry::version_before() const {
  const std::string live = live_version(folder_);
  std::vector<std::string> older = versions();
  std::erase_if(older, [&](const std::string& name) { return name >= live; });
  if (live.empty() || older.empty())
    throw Error(Exit::failed, "there is no version before the live one",
                "'certo renew --force " + name_ + "' gets a new certificate");
  return older.back();
}

std::vector<std::string> Entry::versions() const {
  std::vector<std::string> found = store::versions(folder_);
  std::erase_if(
      found, [&](const std::string& name) { return !os::exists(folder_ + "/" + name + "/fullchain.pem"); });
  return found;
}

Live Entry::roll_back(const std::string& before, Time now) const {
  const std::string source = folder_ + "/" + before;
  Chain chain = read_pair(source);
  const auto refuse = [&](const std::string& why) {
    throw Error(Exit::failed, "the version " + before + " " + why,
                "'certo renew --force " + name_ + "' gets a new certificate");
  };
  if (chain.front().not_after <= now) refuse("has expired");
  if (is_revoked(before)) refuse("was revoked");

  const std::string version = new_version(folder_, chain.front());
  const std::string growing = rollback_folder();
  os::remove_tree(growing);
  os::make_folder(growing, 0700);
  const std::string key = key_file(source);
  os::write_file(growing + "/" + os::name_of(key), os::read_trusted(key, os::of_state), 0600);
  if (const std::string directory = directory_of(before); !directory.empty())
    os::write_file(growing + "/directory", directory + "\n", 0644);
  write_chain(growing, chain);
  os::rename(growing, folder_ + "/" + version);
  make_live(folder_, version);
  return Live{version, folder_ + "/" + version, std::move(chain)};
}

bool Entry::adopt() const {
  take_up_next(folder_);
  const std::vector<std::string> left = candidates(folder_);
  if (left.empty()) return false;
  const auto live = live_chain(folder_);
  for (const std::string& version : left) {
    const auto chain = read_pair_if_sound(folder_ + "/" + version);
    if (!chain || expires_earlier(*chain, live)) continue;
    make_live(folder_, version);
    return true;
  }
  return false;
}

}  // namespace certo::store
