#include "webserver/nginx_file.h"

#include <algorithm>

namespace certo::webserver {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// The lines of these blocks are data: any first word, and no blocks in them.
bool holds_data(std::string_view name) {
  constexpr std::string_view names[] = {"map", "geo", "types", "split_clients", "charset_map"};
  return std::ranges::find(names, name) != std::end(names);
}

/// The modules for Lua have a dozen such directives, and the number grows.
bool holds_lua(std::string_view name) { return name.ends_with("_by_lua_block"); }

}  // namespace

std::string nginx_word(std::string_view written) {
  if (written.size() >= 2 && (written.front() == '"' || written.front() == '\''))
    written = written.substr(1, written.size() - 2);
  std::string word;
  word.reserve(written.size());
  for (size_t i = 0; i < written.size(); ++i) {
    const char after = written[i] == '\\' && i + 1 < written.size() ? written[i + 1] : '\0';
    switch (after) {
      case '"':
      case '\'':
      case '\\': word += after; break;
      case 't': word += '\t'; break;
      case 'r': word += '\r'; break;
      case 'n': word += '\n'; break;
      default: word += written[i]; continue;
    }
    ++i;
  }
  return word;
}

/// Reads a whole file. It keeps the blocks that are open in a list of its own, so that their depth costs no
/// stack.
class NginxReader {
 public:
  explicit NginxReader(NginxFile& file) : file_(file), text_(file.text_) {}

  void read() {
    refuse_byte_order_mark();
    while (skip_blanks()) {
      const char c = text_[at_];
      if (c == '}') {
        close();
      } else if (c == ';' || c == '{') {
        end_of_directive(c);
      } else {
        take_word();
      }
    }
    if (word_count() > 0) fail("unexpected end of file, expecting ';' or '}'");
    if (!open_.empty()) {
      line_ = file_.directives_[open_.back()].line;
      fail("the block that begins there has no '}'");
    }
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(Exit::bad_input, file_.path_ + ":" + std::to_string(line_) + ": " + what,
                "'nginx -t' shows what nginx says of it");
  }

  /// nginx reads it as a part of the first word, which is then no directive that it knows.
  void refuse_byte_order_mark() const {
    if (text_.starts_with(byte_order_mark))
      fail("the file begins with a byte order mark, which nginx does not accept");
  }

  uint32_t word_count() const { return static_cast<uint32_t>(file_.words_.size()) - first_word_; }

  void step() {
    if (text_[at_] == '\n') ++line_;
    ++at_;
  }

  /// Goes over blanks and comments. False at the end of the file.
  bool skip_blanks() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (is_space(text_[at_])) {
        step();
      } else {
        return true;
      }
    }
    return false;
  }

  void take_word() {
    if (word_count() == 0) line_of_first_ = line_;
    const size_t begin = at_;
    const char quote = text_[at_];
    if (quote == '"' || quote == '\'')
      skip_quoted(quote);
    else
      skip_plain();
    file_.words_.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(at_)});
  }

  void skip_quoted(char quote) {
    const uint32_t start = line_;
    for (++at_; at_ < text_.size() && text_[at_] != quote; step())
      if (text_[at_] == '\\') step_if_more();
    if (at_ >= text_.size()) {
      line_ = start;
      fail(std::string("the text that begins there has no closing ") + quote);
    }
    ++at_;
    if (at_ < text_.size() && !is_space(text_[at_]) &&
        std::string_view(";{)").find(text_[at_]) == std::string::npos)
      fail(std::string("unexpected '") + text_[at_] + "' after a quoted word");
  }

  void step_if_more() {
    if (at_ + 1 < text_.size()) step();
  }

  /// "${" does not end the word, and neither does what a backslash protects.
  void skip_plain() {
    bool is_variable = false;
    for (; at_ < text_.size(); step()) {
      const char c = text_[at_];
      if (c == '{' && is_variable) continue;
      if (is_space(c) || c == ';' || c == '{') return;
      is_variable = c == '$';
      if (c == '\\') step_if_more();
    }
  }

  NginxDirective& add(size_t end) {
    NginxDirective directive;
    directive.first_word = first_word_;
    directive.word_count = word_count();
    directive.line = line_of_first_;
    directive.next = static_cast<uint32_t>(file_.directives_.size() + 1);
    directive.whole = {file_.words_[first_word_].begin, static_cast<uint32_t>(end)};
    first_word_ = static_cast<uint32_t>(file_.words_.size());
    return file_.directives_.emplace_back(directive);
  }

  void end_of_directive(char c) {
    if (word_count() == 0) fail(std::string("unexpected '") + c + "'");
    ++at_;
    NginxDirective& directive = add(at_);
    if (c == ';') return;
    const auto begin = static_cast<uint32_t>(at_);
    const std::string name = file_.word(directive, 0);
    if (holds_lua(name)) {
      skip_lua();
    } else if (holds_data(name)) {
      skip_data();
    } else {
      if (open_.size() >= nginx_depth_limit) fail("more than 100 blocks in each other");
      directive.body = Body::directives;
      directive.body_span.begin = begin;
      open_.push_back(static_cast<uint32_t>(file_.directives_.size() - 1));
      return;
    }
    directive.body = Body::other;
    finish(directive, begin);
  }

  /// The block ends in front of `at_`.
  void finish(NginxDirective& directive, uint32_t begin) const {
    directive.body_span = {begin, static_cast<uint32_t>(at_ - 1)};
    directive.whole.end = static_cast<uint32_t>(at_);
    directive.next = static_cast<uint32_t>(file_.directives_.size());
  }

  void close() {
    if (word_count() > 0 || open_.empty()) fail("unexpected '}'");
    ++at_;
    NginxDirective& directive = file_.directives_[open_.back()];
    open_.pop_back();
    finish(directive, directive.body_span.begin);
  }

  void skip_lua() {
    const size_t end = end_of_lua(text_, at_);
    if (end == text_.npos) fail("the block of Lua that begins there has no '}'");
    line_ += static_cast<uint32_t>(std::count(text_.begin() + at_, text_.begin() + end, '\n'));
    at_ = end;
  }

  /// Reads words, which may be quoted, up to the end of the block.
  void skip_data() {
    const uint32_t start = line_;
    bool is_begun = false;
    const size_t words = file_.words_.size();
    while (skip_blanks()) {
      const char c = text_[at_];
      if (c == '{' || (is_begun ? c == '}' : c == ';')) fail(std::string("unexpected '") + c + "'");
      if (c == '}') {
        ++at_;
        return;
      }
      is_begun = c != ';';
      if (is_begun)
        take_word();
      else
        ++at_;
      file_.words_.resize(words);
    }
    line_ = start;
    fail("the block that begins there has no '}'");
  }

  NginxFile& file_;
  const std::string_view text_;
  size_t at_ = 0;
  uint32_t line_ = 1, line_of_first_ = 1;
  uint32_t first_word_ = 0;     // of the directive that is being read
  std::vector<uint32_t> open_;  // the directives of the blocks around it
};

NginxFile::NginxFile(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {
  if (text_.size() > nginx_file_limit)
    throw Error(Exit::bad_input, path_ + ": larger than " + std::to_string(nginx_file_limit >> 20) +
                                     " MiB, so certo does not read it");
  NginxReader(*this).read();
}

std::string NginxFile::word(const NginxDirective& directive, size_t at) const {
  return nginx_word(slice(span(directive, at)));
}

bool NginxFile::is(const NginxDirective& directive, std::string_view name) const {
  const std::string_view written = slice(span(directive, 0));
  return written == name || (written.size() > name.size() && nginx_word(written) == name);
}

std::string NginxFile::place(const NginxDirective& directive) const {
  return path_ + ":" + std::to_string(directive.line);
}

}  // namespace certo::webserver
