#include "install/choose.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/log.h"
#include "install/material.h"
#include "net/probe.h"
#include "os/file.h"
#include "os/path.h"
#include "os/place.h"

namespace certo::install {
namespace {

/// The path without links on its way; as it is where it does not exist.
std::string without_links(const std::string& path) {
  std::error_code failure;
  const auto real = std::filesystem::canonical(path, failure);
  return failure ? path : real.string();
}

/// Where a new file of that name would really lie.
std::string resolved(const Target& target) {
  const std::string parent = os::folder_of(target.path);
  const auto found = os::facts(without_links(parent));
  if (!found || found->kind != os::Kind::folder)
    throw Error(Exit::cannot_write, parent + ": there is no such folder",
                "make it first: certo does not guess whose it should be");
  std::string path = os::path_in(without_links(parent), os::name_of(target.path));
  const auto there = os::facts(path);
  if (target.part == Part::folder || !there || there->kind != os::Kind::link) return path;
  std::string real = without_links(path);
  if (real == path)
    throw Error(Exit::cannot_write, target.path + ": it is a link that points nowhere",
                "remove it, or give the file that is meant");
  log::say(target.path + " is a link: " + real + " is what will be written");
  return real;
}

void refuse_kind(const Target& target) {
  const auto there = os::facts(target.path);
  if (!there) return;
  if (target.part == Part::folder) {
    if (there->kind == os::Kind::link) return;
    throw Error(Exit::cannot_write, target.path + ": it is there, and is no link",
                "--target-dir is a link that certo makes: remove what is there, or choose another name");
  }
  if (there->kind == os::Kind::folder)
    throw Error(Exit::cannot_write, target.path + ": it is a folder, and a file is to be written there",
                "give a file in it, or --target-dir for a folder that certo makes");
  if (there->kind != os::Kind::file)
    throw Error(Exit::cannot_write, target.path + ": is there, and is no regular file");
}

bool lies_in(const std::string& path, const std::string& folder) { return path.starts_with(folder + "/"); }

}  // namespace

Installation checked(const store::Home& home, Installation wanted) {
  const std::string store = without_links(home.path());
  std::set<std::string> paths;
  for (Target& target : wanted.targets) {
    if (!target.owner.empty()) os::user_id(target.owner);
    if (!target.group.empty()) os::group_id(target.group);
    const std::string given = target.path;
    target.path = resolved(target);
    if (lies_in(target.path, store))
      throw Error(Exit::usage, given + ": that is a file of the store itself",
                  "a server may read it there; install only what is wanted elsewhere");
    if (!paths.insert(target.path).second)
      throw Error(Exit::usage, given + ": two targets are this one file", "give each a file of its own");
    refuse_kind(target);
    os::probe_writable(os::folder_of(target.path));
  }
  for (const std::string& server : wanted.verify) net::parse_tls_server(server);
  read_password(wanted.pfx_password_file);
  return wanted;
}

void require_key(const store::Request& request, const Installation& wanted) {
  const auto target =
      std::ranges::find_if(wanted.targets, [](const Target& one) { return holds_key(one.part); });
  if (request.csr.empty() || target == wanted.targets.end()) return;
  throw Error(Exit::usage, target->path + ": the private key is not here, it came with a CSR",
              "install --cert-file, --chain-file or --fullchain-file beside the key");
}

void require_unclaimed(const store::Home& home, const std::string& name, const Installation& wanted) {
  for (const std::string& other : store::entries(home)) {
    if (other == name) continue;
    std::vector<Installation> theirs;
    try {
      theirs = installations(store::Entry(home, other));
    } catch (const Error&) {
      continue;  // damaged: told where that certificate is looked at
    }
    for (const Installation& one : theirs)
      if (one.shares_a_path_with(wanted))
        throw Error(Exit::usage, "one of the files belongs to the certificate " + other + " already",
                    "'certo info " + other + "' shows its targets, 'certo install-cert -d " + other +
                        " --forget' gives them up");
  }
}

void store_installation(const store::Entry& entry, Installation wanted) {
  std::vector<Installation> list = installations(entry);
  std::erase_if(list, [&](const Installation& one) {
    const bool is_same_reload_alone = one.targets.empty() && wanted.targets.empty();
    return one.shares_a_path_with(wanted) || is_same_reload_alone;
  });
  list.push_back(std::move(wanted));
  save(entry, list);
}

size_t forget(const store::Entry& entry, const Installation& wanted) {
  std::vector<Installation> list = installations(entry);
  const size_t count = std::erase_if(list, [&](const Installation& one) {
    return wanted.targets.empty() || one.shares_a_path_with(wanted);
  });
  if (count > 0) save(entry, list);
  return count;
}

}  // namespace certo::install
