// edits/<id>.json in the state folder: a run that changes the configuration of a web server is at work, and
// its journal is there. So the next run finds what a dead one has left, without a look at each certificate.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/home.h"
#include "store/journal.h"

namespace certo::webserver {

class EditNote {
 public:
  /// `journal`: of the certificate; "" makes one for this run only, next to the note.
  EditNote(const store::Home& home, std::string journal);
  /// Removes the note unless something is left unsettled.
  ~EditNote();
  EditNote(const EditNote&) = delete;
  EditNote& operator=(const EditNote&) = delete;

  const std::string& journal() const { return journal_; }

 private:
  store::Journal note_;
  std::string journal_;
};

/// The journals of all certificates that have one.
std::vector<std::string> edit_journals(const store::Home& home);

/// Takes out what dead runs have left. A failure is a warning, and the next run tries again.
void recover_left_over(const store::Home& home, Millis lock_wait) noexcept;

}  // namespace certo::webserver
