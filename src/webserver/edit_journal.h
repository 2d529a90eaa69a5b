// webserver.json in the folder of a certificate: the edits that certo made for it in the configuration of a
// web server, until 'certo undo' removes them again. It is on the disk before the first file changes, so
// that the next run can remove what a run that died was doing.
#pragma once

#include <map>
#include <string>

#include "webserver/edits.h"

namespace certo::webserver {

/// SHA-256 of a file, in hexadecimal, before the first of the edits and after the last.
struct FileHashes {
  std::string before, after;
  std::string old_content;  // of a file that cannot be replaced, as long as its edits are unsettled
  bool operator==(const FileHashes&) const = default;
};

struct EditJournal {
  std::string server = "nginx";  // or "apache"
  std::string config;            // the server's main file
  /// Part of the names of hidden files, which a run makes and then renames: ".NAME.certo-ID".
  std::string id;
  /// Finished edits. `Change::at` is not stored: the marks tell the place.
  Edits standing;
  /// Those that a run adds or removes. The next run removes them, whatever became of them.
  Edits unsettled;
  std::map<std::string, FileHashes> hashes;  // by file

  bool empty() const { return standing.empty() && unsettled.empty(); }
  bool operator==(const EditJournal&) const = default;
};

/// An empty one if there is none. Throws Error{bad_input} or {not_permitted}.
EditJournal read_edit_journal(const std::string& file);
/// Removes the file if the journal is empty.
void write_edit_journal(const std::string& file, const EditJournal& journal);

/// "webserver.json" of the folder of a certificate.
std::string edit_journal_of(const std::string& certificate_folder);

}  // namespace certo::webserver
