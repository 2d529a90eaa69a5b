// Puts edits into the files of a web server, and removes them, so that a run that dies at any point leaves
// what the next one can remove. Nothing here asks the server what it thinks of them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "webserver/edit_journal.h"

namespace certo::webserver {

/// The texts of the files that edits change, as they were read when the edits were planned.
using Texts = std::map<std::string, std::string>;

/// The edits were planned for other texts than the files have now: plan again.
struct ChangedMeanwhile : Error {
  using Error::Error;
};

class Editing {
 public:
  /// Names the journals of other certificates, whose lines may be the same ones. Called if that matters.
  using Others = std::function<std::vector<std::string>()>;
  Editing(std::string journal_file, Others others, Millis lock_wait);

  const EditJournal& journal() const { return journal_; }

  /// Makes certo's own files, those that are missing, and then changes the others. Owner, mode, access list
  /// and label of each stay. Throws ChangedMeanwhile if a file is not what `texts` says, or if another run
  /// has made a file of its own in the place of one of these; Error{later} if its folder is locked;
  /// {cannot_write} or {not_permitted}. After a failure the caller calls `roll_back`.
  /// `server`: "nginx" or "apache".
  void put_in(const std::string& config, const Edits& edits, const Texts& texts,
              const std::string& server = "nginx");
  /// The edits that were made stay.
  void settle();

  /// Takes out what is unsettled, wherever it stands now: all other bytes stay as they are. A line that
  /// another certificate needs stays. So does a line that a person has changed, and `kept` has a sentence
  /// about it. True if a file was changed. Until `drop`, the next run would repeat it.
  bool roll_back();
  /// The files of the configuration, without links: a person may have moved lines of certo's to another one,
  /// or copied them. Call it before `take_out`.
  void know(std::vector<std::string> config_files);
  /// The same for the standing edits of these parts.
  bool take_out(const std::vector<EditPart>& parts);
  /// The edits that were removed are forgotten.
  void drop();
  /// Or all files become again what they were before the removal.
  void put_back();
  const std::vector<std::string>& kept() const { return kept_; }

  /// The journal of another certificate whose lines have replaced lines that name a file in `folder`: to
  /// remove those brings these back. "" if there is none.
  std::string replaced_by(const std::string& folder) const;

  /// The lines with these marks, which another certificate has brought, are this one's too.
  void share(const std::vector<std::string>& marks);

 private:
  struct Work;
  bool take_out_unsettled();
  void follow_moved_lines();
  void follow_moved_texts();
  bool is_moved_back(const OwnFile& file, std::string_view now) const;
  bool remove_own_link(const OwnFile& file);
  Edits without_existing_links(Edits edits) const;
  void remove_own_files();
  const std::map<std::string, EditJournal>& others() const;
  bool is_needed_by_others(const Change& change) const;
  bool is_needed_by_others(const OwnFile& file) const;

  const std::string journal_file_;
  const Others others_;
  const Millis lock_wait_;
  mutable std::optional<std::map<std::string, EditJournal>> read_others_;  // by their files
  EditJournal journal_;
  std::vector<std::string> config_files_;
  std::vector<std::string> kept_;
  Texts previous_;  // of the files that were changed or removed with the edits
};

}  // namespace certo::webserver
