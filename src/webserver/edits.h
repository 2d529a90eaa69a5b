// Changes to the configuration of a web server, as they are planned: certo applies them, shows them as a
// patch, and removes them again.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "webserver/nginx_file.h"

namespace certo::webserver {

/// The purpose of an edit, by which 'certo undo --only' chooses.
enum class EditPart { proof, certificate, redirect };
inline constexpr EditPart all_parts[] = {EditPart::proof, EditPart::certificate, EditPart::redirect};
std::string_view text(EditPart part);  // "proof"

/// Bytes of a file that other bytes replace.
struct Change {
  EditPart part = EditPart::proof;
  std::string file;     // absolute, without links
  size_t at = 0;        // in the text as it was read
  std::string removed;  // these bytes stand there; "" for an insertion
  std::string added;    // each line has a mark, so that it can be found again in a file that changed since
  /// certo's own file that holds `removed` now, for people to edit there; "" if there is none.
  std::string moved_to{};
  bool operator==(const Change&) const = default;
};

/// A file of certo's own, which changes include, or a link. Made before the changes, and removed after them.
struct OwnFile {
  EditPart part = EditPart::proof;
  std::string path;  // absolute
  std::string content;
  std::string target{};   // of a link, which has no content; an existing file in its place is not certo's
  bool is_shared = true;  // an existing file is taken as it is; otherwise it is another one's
  bool operator==(const OwnFile&) const = default;
};

struct Edits {
  std::vector<Change> changes;
  std::vector<OwnFile> files;

  bool empty() const { return changes.empty() && files.empty(); }
  bool operator==(const Edits&) const = default;
};

inline constexpr std::string_view mark_start = " # certo:";
/// " # certo:4f2a91c07d15" for the end of a line; no other line has the same.
std::string new_mark();
/// The mark that follows on the same line after `at`; "" if there is none.
std::string mark_after(std::string_view text, size_t at);

/// For Apache, which takes no comment after a directive: `line` below a line that holds only a mark. `blanks`
/// stand in front of both.
std::string with_mark_above(const std::string& blanks, const std::string& line, const std::string& newline);
/// The mark on the line above the one with the byte at `at`; "" if it does not hold only a mark.
std::string mark_above(std::string_view text, size_t at);
/// What certo puts around lines of a moved text that must not count for TLS, each below a line with a mark.
inline constexpr std::string_view plain_only_begin = "<IfDefine !CERTO_TLS>", plain_only_end = "</IfDefine>";
/// The same for a rule that must stay where it is, because rules next to it are chained or skipped.
inline constexpr std::string_view plain_only_condition = "RewriteCond %{HTTPS} !=on";

/// "\r\n" if the line with the byte at `at` ends so, else "\n".
std::string newline_at(std::string_view text, size_t at);

/// `lines`, each with a mark of its own, as lines of their own right after the "{" of a block. `block`: of
/// `file`, with a body of directives.
Change lines_at_begin(EditPart part, const NginxFile& file, const NginxDirective& block,
                      const std::vector<std::string>& lines);
/// The same after `neighbour`, a directive of the block.
Change lines_after(EditPart part, const NginxFile& file, const NginxDirective& block,
                   const NginxDirective& neighbour, const std::vector<std::string>& lines);
/// The line `line` with a mark in the place of a directive.
Change in_place_of(EditPart part, const NginxFile& file, const NginxDirective& directive,
                   const std::string& line);

void add(Edits& edits, const Edits& more);

/// By the file, in the order of their places. An insertion comes before the bytes that give way at its
/// place.
std::map<std::string, std::vector<Change>> by_file(const std::vector<Change>& changes);
/// `changes`: of one file, in the order of their places.
std::string with_changes(std::string_view text, const std::vector<Change>& changes);

/// The path of a file that can be included by several links: an edit is one of the file they lead to. Throws
/// Error{bad_input}.
std::string without_links(const std::string& path);

}  // namespace certo::webserver
