#include "webserver/edit_note.h"

#include <utility>

#include "base/log.h"
#include "os/file.h"
#include "os/path.h"
#include "os/trust.h"
#include "store/entry.h"
#include "store/format.h"
#include "webserver/transaction.h"

namespace certo::webserver {
namespace {

constexpr const char* format = "edits/1";

std::string folder_of_notes(const store::Home& home) { return home.path() + "/edits"; }

/// For a rehearsal: of no certificate, and gone with its end.
std::string journal_beside(const std::string& note) { return note.substr(0, note.rfind('.')) + ".rehearsal"; }

bool is_unsettled(const std::string& journal, bool is_of_certificate) {
  const EditJournal now = read_edit_journal(journal);
  return is_of_certificate ? !now.unsettled.empty() : !now.empty();
}

/// Nothing of a rehearsal stays.
void recover_one(const store::Home& home, const std::string& file, const std::string& note, Millis wait) {
  std::optional<os::Lock> lock;
  const bool is_of_certificate = file != journal_beside(note);
  if (is_of_certificate) {
    const store::Entry entry(home, os::name_of(os::folder_of(file)));
    if (edit_journal_of(entry.folder()) != file || !os::exists(file)) return;
    lock.emplace(entry.lock(wait));
  }
  Editing editing(
      file, [&] { return edit_journals(home); }, wait);
  recover(editing, is_of_certificate ? Leave::standing : Leave::nothing);
}

void recover_noted(const store::Home& home, const std::string& note, Millis wait) {
  const Json json = parse_json(os::read_trusted(note, os::of_state), note, Exit::bad_input);
  store::require_format(json, format, note);
  recover_one(home, Fields(json, note, Exit::bad_input).string("journal"), note, wait);
  os::remove_file(note);
}

}  // namespace

EditNote::EditNote(const store::Home& home, std::string journal)
    : note_(folder_of_notes(home)),
      journal_(journal.empty() ? journal_beside(note_.file()) : std::move(journal)) {
  Json json = store::new_file(format);
  json.set("journal", journal_);
  os::write_file(note_.file(), to_pretty_json(json), 0600);
}

EditNote::~EditNote() {
  try {
    if (!is_unsettled(journal_, journal_ != journal_beside(note_.file()))) os::remove_file(note_.file());
  } catch (const Error& error) {
    log::warn(error.message);
  }
}

std::vector<std::string> edit_journals(const store::Home& home) {
  std::vector<std::string> files;
  for (const std::string& name : store::folders(home)) {
    std::string file = edit_journal_of(store::Entry(home, name).folder());
    if (os::exists(file)) files.push_back(std::move(file));
  }
  return files;
}

void recover_left_over(const store::Home& home, Millis lock_wait) noexcept {
  const auto guarded = [](const auto& act) {
    try {
      act();
    } catch (const std::exception& error) {
      log::warn(std::string("the edits of an earlier run in the configuration of the web server could not be "
                            "removed: ") +
                error.what());
    }
  };
  guarded([&] {
    for (const store::Journal& note : store::Journal::left_over(folder_of_notes(home)))
      guarded([&] { recover_noted(home, note.file(), lock_wait); });
  });
}

}  // namespace certo::webserver
