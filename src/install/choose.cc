#include "install/choose.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "install/fit.h"
#include "install/material.h"
#include "net/probe.h"
#include "os/file.h"
#include "os/path.h"
#include "os/program.h"
#include "os/quick.h"

namespace certo::install {
namespace {

/// The path with all links followed; unchanged if it does not exist.
std::string without_links(const std::string& path) { return os::real_path(path).value_or(path); }

/// The path that a target leads to now. A --target-dir is a link itself, which is not followed.
std::string leads_to(const Target& target) {
  const std::string folder = without_links(os::folder_of(target.path));
  const std::string path = os::path_in(folder == "/" ? "" : folder, os::name_of(target.path));
  return target.part == Part::folder ? path : without_links(path);
}

/// The same for a target that is being chosen.
std::string chosen_path(const Target& target) {
  std::string path = leads_to(target);
  const auto found = os::facts(path);
  if (target.part != Part::folder && found && found->kind == os::Kind::link)
    throw Error(Exit::cannot_write, target.path + ": is a link that points nowhere",
                "remove it, or give the file that is meant");
  if (os::name_of(path) != os::name_of(target.path) || os::read_link(target.path))
    if (target.part != Part::folder) log::say(target.path + " is a link: certo will write " + path);
  return path;
}

/// Whether both write the same file. A folder on the way to a stored target may have become a link since it
/// was chosen; to choose the target again replaces the stored one.
bool share_a_file(const Installation& stored, const Installation& wanted) {
  return std::ranges::any_of(stored.targets, [&](const Target& mine) {
    return std::ranges::any_of(wanted.targets, [&](const Target& theirs) {
      return mine.path == theirs.path || leads_to(mine) == theirs.path;
    });
  });
}

bool lies_in(const std::string& path, const std::string& folder) { return path.starts_with(folder + "/"); }

}  // namespace

Installation checked(const store::Home& home, Installation wanted) {
  const std::string store = without_links(home.path());
  std::set<std::string> paths;
  os::Places places;
  for (Target& target : wanted.targets) {
    if (!target.owner.empty()) os::user_id(target.owner);
    if (!target.group.empty()) os::group_id(target.group);
    const std::string given = target.path;
    target.path = chosen_path(target);
    if (lies_in(target.path, store))
      throw Error(Exit::usage, given + ": is a file of the store itself",
                  "servers can read it there; install only to other places");
    if (!paths.insert(target.path).second)
      throw Error(Exit::usage, given + ": two targets are this one file", "give each a file of its own");
    const Part secret = target.part == Part::folder ? Part::key : target.part;
    const mode_t mode = target.mode_of(secret).value_or(holds_key(secret) ? 0600 : 0644);
    const os::Place& folder = open_folder(places, target);
    replaceable(folder, target);
    folder.require_writable(mode);
  }
  for (const std::string& server : wanted.verify) net::parse_tls_server(server);
  read_password(wanted.pfx_password_file);
  // It is checked again when it runs; here the person who chose it hears of it.
  if (!wanted.reload.empty()) os::require_trusted_command(wanted.reload);
  return wanted;
}

void require_key(const store::Request& request, const Installation& wanted) {
  const auto target =
      std::ranges::find_if(wanted.targets, [](const Target& one) { return holds_key(one.part); });
  if (request.csr.empty() || target == wanted.targets.end()) return;
  throw Error(
      Exit::usage,
      target->path + ": certo does not have the private key, because the certificate was issued from a CSR",
      "install only --cert-file, --chain-file or --fullchain-file");
}

void require_unclaimed(const store::Home& home, const std::string& name, const Installation& wanted) {
  for (const std::string& other : os::list_folders(home.certs(), "targets.json")) {
    if (other == name || !store::is_certificate_name(other) || !store::Entry(home, other).exists()) continue;
    std::vector<Installation> theirs;
    try {
      theirs = installations(store::Entry(home, other));
    } catch (const Error&) {
      continue;  // damaged: commands that read that certificate report it
    }
    for (const Installation& one : theirs)
      if (share_a_file(one, wanted))
        throw Error(Exit::usage, "one of the files is already a target of the certificate " + other,
                    "'certo info " + other + "' shows its targets, 'certo install-cert -d " + other +
                        " --forget' stops installing to them");
  }
}

void store_installation(const store::Entry& entry, Installation wanted) {
  std::vector<Installation> list = installations(entry);
  std::erase_if(list, [&](const Installation& one) {
    const bool is_same_reload_alone = one.targets.empty() && wanted.targets.empty();
    return share_a_file(one, wanted) || is_same_reload_alone;
  });
  list.push_back(std::move(wanted));
  save(entry, list);
}

size_t forget(const store::Entry& entry, Installation wanted) {
  for (Target& target : wanted.targets) target.path = leads_to(target);
  std::vector<Installation> list = installations(entry);
  const size_t count = std::erase_if(
      list, [&](const Installation& one) { return wanted.targets.empty() || share_a_file(one, wanted); });
  if (count > 0) save(entry, list);
  return count;
}

}  // namespace certo::install
