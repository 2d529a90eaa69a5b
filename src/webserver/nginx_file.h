// One file of nginx's configuration. The text stays as it is; what is read are places in it, so an edit is an
// insertion at a place, and all other bytes are kept: comments, layout, quoting.
//
// The grammar is that of ngx_conf_read_token in nginx's src/core/ngx_conf_file.c: words, ";", "{" and "}".
// The blocks whose content is not made of directives (Lua, and the lines of data in map, geo and so on) are
// skipped as a whole.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace certo::webserver {

/// A file that is larger is refused.
inline constexpr size_t nginx_file_limit = size_t{32} << 20;
/// Blocks in blocks.
inline constexpr size_t nginx_depth_limit = 100;

/// Bytes of a text: from `begin` up to, but not including, `end`.
struct Span {
  uint32_t begin = 0, end = 0;
  bool operator==(const Span&) const = default;
};

enum class Body { none, directives, other };

struct NginxDirective {
  uint32_t first_word = 0, word_count = 0;
  uint32_t line = 0;  // of its first word; the first line is 1
  uint32_t next = 0;  // the directive after it and after all that its block contains
  Span whole;         // from its first word up to and with its ';' or '}'
  Span body_span;     // between its braces
  Body body = Body::none;
};

class NginxFile {
 public:
  /// Throws Error{bad_input}, "PATH:LINE: …", for what nginx refuses too, and beyond the limits.
  NginxFile(std::string path, std::string text);

  const std::string& path() const { return path_; }
  const std::string& text() const { return text_; }
  /// All of them, each block's directive in front of what is in the block.
  std::span<const NginxDirective> directives() const { return directives_; }
  /// The place of a word as it is written, with its quotes.
  Span span(const NginxDirective& directive, size_t word) const {
    return words_[directive.first_word + word];
  }
  /// A word as nginx understands it, without quotes; the first is the directive's name.
  std::string word(const NginxDirective& directive, size_t at) const;
  bool is(const NginxDirective& directive, std::string_view name) const;
  std::string_view slice(Span span) const {
    return std::string_view(text_).substr(span.begin, span.end - span.begin);
  }
  /// "PATH:LINE"
  std::string place(const NginxDirective& directive) const;

 private:
  friend class NginxReader;

  std::string path_, text_;
  std::vector<Span> words_;
  std::vector<NginxDirective> directives_;
};

/// The word that is written so.
std::string nginx_word(std::string_view written);

/// The place after the "}" that ends the Lua code which begins at `begin`; npos if there is none.
size_t end_of_lua(std::string_view text, size_t begin);

}  // namespace certo::webserver
