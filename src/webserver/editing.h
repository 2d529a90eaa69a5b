// Puts edits into the files of a web server, and takes them out, so that a run that dies at any point leaves
// what the next one can take out. Nothing here asks the server what it thinks of them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "webserver/edit_journal.h"

namespace certo::webserver {

/// The texts of the files that edits change, as they were read when the edits were planned.
using Texts = std::map<std::string, std::string>;

class Editing {
 public:
  /// Names the journals of other certificates, whose lines may be the same ones. Called if that matters.
  using Others = std::function<std::vector<std::string>()>;
  Editing(std::string journal_file, Others others, Millis lock_wait);

  const EditJournal& journal() const { return journal_; }

  /// Makes certo's own files, those that are missing, and then changes the others. Owner, mode, access list
  /// and label of each stay. Throws Error{later} if a file is not what `texts` says, or if its folder is
  /// locked; {cannot_write} or {not_permitted}. After a failure the caller calls `roll_back`.
  void put_in(const std::string& config, const Edits& edits, const Texts& texts);
  /// The edits that were put in stay.
  void settle();

  /// Takes out what is unsettled, wherever it stands now: all other bytes stay as they are. A line that
  /// another certificate needs stays. So does a line that a person has changed, and `kept` has a sentence
  /// about it. True if a file was changed. Until `drop`, the next run would do the same again.
  bool roll_back();
  /// The same for the standing edits of these parts.
  bool take_out(const std::vector<EditPart>& parts);
  /// The edits that were taken out are forgotten.
  void drop();
  /// Or all files become again what they were before they were taken out.
  void put_back();
  const std::vector<std::string>& kept() const { return kept_; }

  /// The lines with these marks, which another certificate has brought, are this one's too.
  void share(const std::vector<std::string>& marks);

 private:
  struct Work;
  bool take_out_unsettled();
  void remove_own_files(const std::string& texts);
  const std::vector<EditJournal>& others() const;
  bool is_needed_by_others(const Change& change) const;
  bool is_needed_by_others(const OwnFile& file) const;

  const std::string journal_file_;
  const Others others_;
  const Millis lock_wait_;
  mutable std::optional<std::vector<EditJournal>> read_others_;
  EditJournal journal_;
  std::vector<std::string> kept_;
  Texts previous_;  // of the files that were changed or removed by taking edits out
};

}  // namespace certo::webserver
