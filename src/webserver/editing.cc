#include "webserver/editing.h"

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <ranges>
#include <set>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "os/file.h"
#include "os/path.h"
#include "os/place.h"
#include "os/random.h"
#include "os/temporary.h"
#include "os/trust.h"
#include "webserver/take_back.h"

namespace certo::webserver {
namespace {

std::string hash_of(std::string_view text) { return hex(crypto::sha256(text)); }

std::string hidden_name(const std::string& path, const std::string& id) {
  return "." + os::name_of(path).substr(0, 200) + ".certo-" + id;
}

std::set<std::string> paths_of(const Edits& edits) {
  std::set<std::string> paths;
  for (const Change& one : edits.changes) paths.insert(one.file);
  return paths;
}

/// "certo:4f2a91c07d15", that of the first line with one.
std::string first_mark(const std::string& added) {
  const size_t at = added.find(mark_start);
  return at == added.npos ? "" : mark_after(added, at).substr(mark_start.find("certo"));
}

/// A moved text may hold secrets, so its file is not readable for more people than the one it came from.
mode_t mode_of(const OwnFile& file, const Edits& edits) {
  constexpr mode_t usual = 0644;
  const auto from = std::ranges::find(edits.changes, file.path, &Change::moved_to);
  const auto facts = from == edits.changes.end() ? std::nullopt : os::facts(from->file);
  return facts ? facts->mode & usual : usual;
}

void make(const OwnFile& file, const Edits& edits) {
  const std::string folder = os::folder_of(file.path);
  if (file.target.empty()) {
    os::make_folder(folder, 0755);
    os::write_file(file.path, file.content, mode_of(file, edits));
    return;
  }
  const os::Place place(without_links(folder));
  place.link_new(os::name_of(file.path), file.target);
  place.sync();
}

ChangedMeanwhile changed_meanwhile(const std::string& path) {
  return ChangedMeanwhile(
      Exit::later, path + ": another program has changed this file meanwhile; nothing was written to it",
      "run the same command again");
}

}  // namespace

/// The files of some edits; their folders are open and locked.
struct Editing::Work {
  Work(const std::set<std::string>& paths, Millis wait) {
    for (const std::string& path : paths)
      if (!places.open(os::folder_of(path))) missing.insert(path);
    places.lock(wait);
  }

  /// Nothing if it is gone.
  std::optional<std::string> read(const std::string& path) const {
    const os::Place* const place = places.find(os::folder_of(path));
    if (!place || !place->facts(os::name_of(path))) return {};
    return place->read(os::name_of(path), nginx_file_limit);
  }

  bool cannot_be_replaced(const std::string& path) const {
    const os::Place& place = *places.find(os::folder_of(path));
    return place.is_mount(os::name_of(path)) || place.has_other_names(os::name_of(path));
  }

  void write(const std::string& path, std::string_view before, std::string_view after,
             const std::string& id) const {
    const os::Place& place = *places.find(os::folder_of(path));
    const std::string name = os::name_of(path), hidden = hidden_name(path, id);
    const auto facts = place.facts(name);
    if (!facts || facts->kind != os::Kind::file) throw changed_meanwhile(path);
    if (cannot_be_replaced(path)) {
      if (place.read(name, nginx_file_limit) != before) throw changed_meanwhile(path);
      return place.overwrite(name, after);
    }
    place.remove(hidden);
    place.write_new(hidden, after, *facts);
    place.copy_attributes(name, hidden);
    if (place.read(name, nginx_file_limit) != before) {
      place.remove(hidden);
      throw changed_meanwhile(path);
    }
    place.rename(hidden, name);
  }

  void remove_hidden(const std::string& path, const std::string& id) const {
    if (const os::Place* const place = places.find(os::folder_of(path))) place->remove(hidden_name(path, id));
  }

  os::Places places;
  std::set<std::string> missing;  // their folders are gone
};

Editing::Editing(std::string journal_file, Others others, Millis lock_wait)
    : journal_file_(std::move(journal_file)),
      others_(std::move(others)),
      lock_wait_(lock_wait),
      journal_(read_edit_journal(journal_file_)) {}

/// A link that certo made for another certificate is this one's, too.
Edits Editing::without_existing_links(Edits edits) const {
  std::erase_if(edits.files, [&](const OwnFile& one) {
    return !one.target.empty() && os::exists(one.path) && !is_needed_by_others(one);
  });
  return edits;
}

void Editing::put_in(const std::string& config, const Edits& planned, const Texts& texts,
                     const std::string& server) {
  if (!journal_.empty() && journal_.config != config)
    throw Error(Exit::usage,
                config + ": certo's lines for this certificate are in " + journal_.config + " already",
                "'certo undo' removes them there");
  const auto changes = by_file(planned.changes);
  const Work work(paths_of(planned), lock_wait_);
  if (!work.missing.empty()) throw os::no_such_folder(os::folder_of(*work.missing.begin()));
  Texts after;
  for (const auto& [path, all] : changes) {
    const auto now = work.read(path);
    if (!now || *now != texts.at(path)) throw changed_meanwhile(path);
    work.places.find(os::folder_of(path))->require_changeable(os::name_of(path));
    after[path] = with_changes(*now, all);
    FileHashes& hashes = journal_.hashes[path];
    if (hashes.before.empty()) hashes.before = hash_of(*now);
    hashes.after = hash_of(after[path]);
    if (work.cannot_be_replaced(path)) hashes.old_content = *now;
  }
  const Edits edits = without_existing_links(planned);
  for (const OwnFile& one : edits.files)
    if (!one.is_shared && os::exists(one.path)) throw changed_meanwhile(one.path);
  journal_.server = server;
  journal_.config = config;
  if (journal_.id.empty()) journal_.id = os::random_name(6);
  add(journal_.unsettled, edits);
  write_edit_journal(journal_file_, journal_);

  for (const OwnFile& one : edits.files) {
    if (!os::exists(one.path)) make(one, edits);
    os::trusted_path(one.path);  // the server reads it as root
  }
  for (const auto& [path, text] : after) {
    log::verbose("editing " + path);
    work.write(path, texts.at(path), text, journal_.id);
  }
}

void Editing::settle() {
  add(journal_.standing, journal_.unsettled);
  journal_.unsettled = {};
  for (auto& [path, hashes] : journal_.hashes) hashes.old_content.clear();
  write_edit_journal(journal_file_, journal_);
}

bool Editing::roll_back() {
  if (journal_.unsettled.empty()) return false;
  return take_out_unsettled();
}

bool Editing::take_out(const std::vector<EditPart>& parts) {
  const auto is_asked = [&](const auto& one) { return std::ranges::find(parts, one.part) != parts.end(); };
  Edits taken;
  std::ranges::copy_if(journal_.standing.changes, std::back_inserter(taken.changes), is_asked);
  std::ranges::copy_if(journal_.standing.files, std::back_inserter(taken.files), is_asked);
  std::erase_if(journal_.standing.changes, is_asked);
  std::erase_if(journal_.standing.files, is_asked);
  add(journal_.unsettled, taken);
  write_edit_journal(journal_file_, journal_);
  return take_out_unsettled();
}

void Editing::know(std::vector<std::string> config_files) { config_files_ = std::move(config_files); }

/// To the file that has the mark now.
void Editing::follow_moved_lines() {
  for (Change& one : journal_.unsettled.changes) {
    const std::string mark = first_mark(one.added);
    const auto has_it = [&](const std::string& path) {
      return os::read_file_if(path, nginx_file_limit).value_or("").find(mark) != std::string::npos;
    };
    if (mark.empty() || has_it(one.file)) continue;
    const auto found = std::ranges::find_if(config_files_, has_it);
    if (found == config_files_.end()) continue;
    log::say(one.file + ": certo's line is in " + *found + " now");
    one.file = *found;
  }
}

/// A person may have edited a text in the file that it was moved to.
void Editing::follow_moved_texts() {
  for (Change& one : journal_.unsettled.changes) {
    if (one.moved_to.empty()) continue;
    const auto now = os::read_file_if(one.moved_to, nginx_file_limit);
    const auto own = std::ranges::find(journal_.unsettled.files, one.moved_to, &OwnFile::path);
    if (!now || own == journal_.unsettled.files.end() || *now == own->content) continue;
    one.removed = without_plain_only(*now);
  }
}

bool Editing::take_out_unsettled() {
  follow_moved_lines();
  follow_moved_texts();
  const Work work(paths_of(journal_.unsettled), lock_wait_);
  for (const auto& [path, all] : by_file(journal_.unsettled.changes)) {
    work.remove_hidden(path, journal_.id);
    const auto now = work.read(path);
    if (!now) {
      log::verbose(path + ": is gone, with certo's lines");
      continue;
    }
    const FileHashes& hashes = journal_.hashes[path];
    const std::string hash = hash_of(*now);
    // A file that could only be written into may be half written.
    const bool is_torn = !hashes.old_content.empty() && hash != hashes.after && hash != hashes.before;
    std::vector<Change> ours = all;
    std::erase_if(ours, [&](const Change& one) { return is_needed_by_others(one); });
    const TakenBack result = take_back(is_torn ? hashes.old_content : *now, ours);
    for (const std::string& line : result.kept)
      kept_.push_back(path + ": the line '" + printable(line, 200) + "' was changed since, and stays");
    if (result.text == *now) continue;
    previous_[path] = *now;
    work.write(path, *now, result.text, journal_.id);
  }
  remove_own_files();
  return !previous_.empty();
}

/// The text of such a file stands in its old place again.
bool Editing::is_moved_back(const OwnFile& file, std::string_view now) const {
  return std::ranges::any_of(journal_.unsettled.changes, [&](const Change& one) {
    return one.moved_to == file.path &&
           os::read_file_if(one.file, nginx_file_limit).value_or("").find(without_plain_only(now)) !=
               std::string::npos;
  });
}

/// True if it is a link.
bool Editing::remove_own_link(const OwnFile& file) {
  if (file.target.empty()) return false;
  const auto target = os::read_link(file.path);
  if (!target || is_needed_by_others(file)) return true;
  if (*target != file.target) {
    kept_.push_back(file.path + ": was changed since, and stays");
    return true;
  }
  previous_[file.path] = *target;
  os::remove_file(file.path);
  os::sync_folder(os::folder_of(file.path));
  return true;
}

/// After the lines that include them.
void Editing::remove_own_files() {
  for (const OwnFile& one : journal_.unsettled.files | std::views::reverse) {
    if (remove_own_link(one)) continue;
    os::sweep_temporaries(os::folder_of(one.path));
    const auto now = os::read_file_if(one.path);
    if (!now || is_needed_by_others(one)) continue;
    std::vector<std::string> files = config_files_;
    for (const std::string& path : paths_of(journal_.unsettled)) files.push_back(path);
    const auto naming = std::ranges::find_if(files, [&](const std::string& path) {
      return path != one.path &&
             os::read_file_if(path, nginx_file_limit).value_or("").find(one.path) != std::string::npos;
    });
    if (naming != files.end() || (*now != one.content && !is_moved_back(one, *now))) {
      kept_.push_back(one.path + (naming != files.end() ? ": stays, because " + *naming + " names it"
                                                        : ": was changed since, and stays"));
      continue;
    }
    previous_[one.path] = *now;
    os::remove_file(one.path);
    os::sync_folder(os::folder_of(one.path));
    ::rmdir(os::folder_of(one.path).c_str());  // if it is empty
  }
}

void Editing::put_back() {
  for (const OwnFile& one : journal_.unsettled.files) {
    if (!previous_.contains(one.path)) continue;
    OwnFile before = one;
    if (before.target.empty()) before.content = previous_.at(one.path);
    if (!os::exists(one.path)) make(before, journal_.unsettled);
  }
  const Work work(paths_of(journal_.unsettled), lock_wait_);
  for (const std::string& path : paths_of(journal_.unsettled)) {
    const auto now = work.read(path);
    if (now && previous_.contains(path)) work.write(path, *now, previous_.at(path), journal_.id);
  }
  previous_.clear();
  settle();
}

void Editing::drop() {
  journal_.unsettled = {};
  const std::set<std::string> paths = paths_of(journal_.standing);
  std::erase_if(journal_.hashes, [&](const auto& one) { return !paths.contains(one.first); });
  write_edit_journal(journal_file_, journal_);
  previous_.clear();
}

void Editing::share(const std::vector<std::string>& marks) {
  const auto has_mark = [&](const Change& one) {
    return std::ranges::any_of(marks, [&](const std::string& mark) {
      return !mark.empty() && one.added.find(mark) != std::string::npos;
    });
  };
  const auto known = static_cast<size_t>(std::ranges::count_if(journal_.standing.changes, has_mark));
  if (known >= marks.size()) return;
  Edits shared;
  std::string config, server;
  for (const auto& [file, other] : others()) {
    for (const Change& one : other.standing.changes) {
      if (!has_mark(one) ||
          std::ranges::find(journal_.standing.changes, one) != journal_.standing.changes.end())
        continue;
      shared.changes.push_back(one);
      config = other.config;
      server = other.server;
      for (const OwnFile& own : other.standing.files)
        if (own.part == one.part && own.is_shared &&
            std::ranges::find(shared.files, own) == shared.files.end())
          shared.files.push_back(own);
    }
  }
  if (shared.empty()) return;
  if (journal_.id.empty()) journal_.id = os::random_name(6);
  journal_.server = server;
  journal_.config = config;
  add(journal_.standing, shared);
  write_edit_journal(journal_file_, journal_);
}

std::string Editing::replaced_by(const std::string& folder) const {
  for (const auto& [file, other] : others())
    for (const Change& one : other.standing.changes)
      if (one.removed.find(folder + "/") != std::string::npos) return file;
  return {};
}

const std::map<std::string, EditJournal>& Editing::others() const {
  if (!read_others_) {
    read_others_.emplace();
    for (const std::string& file : others_()) {
      if (file == journal_file_) continue;
      try {
        read_others_->emplace(file, read_edit_journal(file));
      } catch (const Error& error) {
        log::warn(error.message);  // of another certificate, whose own commands say more
      }
    }
  }
  return *read_others_;
}

bool Editing::is_needed_by_others(const Change& change) const {
  return std::ranges::any_of(others(), [&](const auto& other) {
    return std::ranges::any_of(other.second.standing.changes, [&](const Change& one) {
      return one.file == change.file && one.added == change.added;
    });
  });
}

bool Editing::is_needed_by_others(const OwnFile& file) const {
  return std::ranges::any_of(others(), [&](const auto& other) {
    const std::vector<OwnFile>& files = other.second.standing.files;
    return std::ranges::find(files, file.path, &OwnFile::path) != files.end();
  });
}

}  // namespace certo::webserver
