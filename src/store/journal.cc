#include "store/journal.h"

#include <set>

#include "base/error.h"
#include "base/log.h"
#include "os/file.h"
#include "os/random.h"
#include "os/temporary.h"

namespace certo::store {

namespace {

std::string lock_file(const std::string& path) { return path + ".lock"; }

std::string new_path(const std::string& folder) {
  os::make_folder(folder, 0700);
  return folder + "/" + os::random_name(16);
}

/// Ids that have a journal or a lock.
std::set<std::string> ids(const std::string& folder) {
  std::set<std::string> found;
  for (const std::string& name : os::list_folder(folder)) {
    const size_t dot = name.rfind('.');
    if (name.starts_with('.') || dot == std::string::npos) continue;
    if (name.substr(dot) == ".json" || name.substr(dot) == ".lock") found.insert(name.substr(0, dot));
  }
  return found;
}

}  // namespace

// A process that looks for left-overs between the creation of the lock file and its locking holds it for an
// instant.
Journal::Journal(const std::string& folder) : path_(new_path(folder)), lock_(lock_file(path_), Seconds(5)) {}

Journal::Journal(Journal&& other) noexcept
    : path_(std::exchange(other.path_, {})), lock_(std::move(other.lock_)) {}

Journal::~Journal() {
  if (path_.empty()) return;
  try {
    if (!os::exists(file())) os::remove_file(lock_file(path_));
  } catch (const Error& error) {
    log::warn(error.message);
  }
}

std::vector<Journal> Journal::left_over(const std::string& folder) {
  std::vector<Journal> found;
  os::sweep_temporaries(folder);
  for (const std::string& id : ids(folder)) {
    const std::string path = folder + "/" + id;
    auto lock = os::Lock::try_take(lock_file(path));
    if (!lock) continue;
    Journal journal(path, *std::move(lock));
    if (os::exists(journal.file())) found.push_back(std::move(journal));
  }
  return found;
}

}  // namespace certo::store
