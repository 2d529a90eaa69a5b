// One file of Apache's configuration, as ap_cfg_getline and ap_getword_conf of its server/util.c read it.
// The directives are places in the text, so an edit is an insertion at a place. Only a file that is too large
// is refused: Apache itself says which directives it accepts.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "webserver/nginx_file.h"

namespace certo::webserver {

/// A file that is larger is refused.
inline constexpr size_t apache_file_limit = size_t{32} << 20;

/// A directive, or a section: the directive that opens it, and all up to the one that closes it.
struct ApacheDirective {
  std::string name;   // in lower case; of a section without "<"
  std::string value;  // the rest of its lines, joined and trimmed; of a section without ">"
  uint32_t line = 0;  // Apache's number for it: the last of its lines. The first line of the file is 1
  uint32_t next = 0;  // the directive after it and after all that the section contains
  Span whole;         // from its name up to the end of its last line, without the newline
  Span body;          // of a section: from the line after its first up to the line that closes it
  bool is_section = false;
};

class ApacheFile {
 public:
  /// Throws Error{bad_input} beyond the limit.
  ApacheFile(std::string path, std::string text);

  const std::string& path() const { return path_; }
  const std::string& text() const { return text_; }
  /// All of them, each section in front of what is in it.
  std::span<const ApacheDirective> directives() const { return directives_; }
  /// The one that Apache calls PATH:LINE; nothing if there is none of this name (in lower case).
  const ApacheDirective* at_line(uint32_t line, std::string_view name) const;

 private:
  friend class ApacheReader;

  std::string path_, text_;
  std::vector<ApacheDirective> directives_;
};

/// The value of ${NAME}; nothing if it has none.
using Lookup = std::function<std::optional<std::string>(std::string_view)>;
/// The text with the value of each ${NAME}; one without a value stays as it is written.
std::string with_variables(std::string_view text, const Lookup& value_of);

/// The words of a value, without quotes.
std::vector<std::string> apache_words(std::string_view value);

}  // namespace certo::webserver
