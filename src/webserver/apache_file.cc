#include "webserver/apache_file.h"

#include <algorithm>

#include "base/text.h"

namespace certo::webserver {
namespace {

constexpr std::string_view blanks = " \t\n\v\f\r";

bool is_blank(char c) { return blanks.find(c) != blanks.npos; }

std::string_view without_blanks(std::string_view text) {
  const size_t begin = text.find_first_not_of(blanks);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

/// A word in quotes; `at` is the place after the opening one. A missing closing one is the end of the text.
std::string quoted_word(std::string_view text, size_t& at, char quote) {
  std::string word;
  for (; at < text.size() && text[at] != quote; ++at) {
    const bool is_escape =
        text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == quote || text[at + 1] == '\\');
    if (is_escape) ++at;
    word += text[at];
  }
  if (at < text.size()) ++at;
  return word;
}

}  // namespace

/// Reads a whole file. It keeps the sections that are open in a list of its own, so that their depth costs no
/// stack.
class ApacheReader {
 public:
  explicit ApacheReader(ApacheFile& file) : file_(file), text_(file.text_) {}

  void read() {
    while (at_ < text_.size()) {
      const Span lines = take_lines();
      take(lines);
    }
    const auto end = static_cast<uint32_t>(text_.size());
    while (!open_.empty()) close(end);
    for (size_t i = 0; i < file_.directives_.size(); ++i)
      if (!file_.directives_[i].is_section) file_.directives_[i].next = static_cast<uint32_t>(i + 1);
  }

 private:
  /// One line and those that continue it: a backslash at the end of a line continues comments, too.
  Span take_lines() {
    const size_t begin = at_;
    logical_.clear();
    for (;;) {
      const size_t newline = std::min(text_.find('\n', at_), text_.size());
      const bool is_ended = newline < text_.size();
      std::string_view line = text_.substr(at_, newline - at_);
      at_ = is_ended ? newline + 1 : newline;
      ++line_;
      if (is_ended && line.ends_with('\r')) line.remove_suffix(1);
      const bool goes_on = is_ended && line.ends_with('\\');
      if (goes_on) line.remove_suffix(1);
      logical_ += line;
      if (!goes_on || at_ == text_.size())
        return {static_cast<uint32_t>(begin), static_cast<uint32_t>(newline)};
    }
  }

  void take(Span lines) {
    const std::string_view all = without_blanks(logical_);
    if (all.empty() || all.front() == '#') return;
    if (all.starts_with("</")) {
      const std::string name = lower(without_blanks(all.substr(2, all.find('>') - 2)));
      close(name, lines.begin);
      return;
    }
    ApacheDirective directive;
    directive.is_section = all.front() == '<';
    const size_t begin = directive.is_section ? 1 : 0;
    const size_t name_end = std::min({all.find_first_of(blanks, begin),
                                      directive.is_section ? all.find('>', begin) : all.npos, all.size()});
    directive.name = lower(all.substr(begin, name_end - begin));
    std::string_view value = without_blanks(all.substr(name_end));
    if (directive.is_section && value.ends_with('>'))
      value = without_blanks(value.substr(0, value.size() - 1));
    directive.value = value;
    directive.line = line_;
    uint32_t first = lines.begin;
    while (first < lines.end && is_blank(text_[first])) ++first;
    directive.whole = {first, lines.end};
    directive.body = {static_cast<uint32_t>(at_), static_cast<uint32_t>(at_)};
    if (directive.is_section) open_.push_back(file_.directives_.size());
    file_.directives_.push_back(std::move(directive));
  }

  /// A section that Apache skips may hold what is not closed, or closes what is not open.
  void close(const std::string& name, uint32_t end) {
    const auto is_it = [&](size_t one) { return file_.directives_[one].name == name; };
    if (std::ranges::none_of(open_, is_it)) return;
    while (!is_it(open_.back())) close(end);
    close(end);
  }
  void close(uint32_t end) {
    ApacheDirective& section = file_.directives_[open_.back()];
    section.body.end = end;
    section.next = static_cast<uint32_t>(file_.directives_.size());
    open_.pop_back();
  }

  ApacheFile& file_;
  const std::string_view text_;
  size_t at_ = 0;
  uint32_t line_ = 0;
  std::string logical_;
  std::vector<size_t> open_;
};

ApacheFile::ApacheFile(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {
  if (text_.size() > apache_file_limit)
    throw Error(Exit::bad_input,
                path_ + ": has more than " + std::to_string(apache_file_limit >> 20) + " MiB");
  ApacheReader(*this).read();
}

const ApacheDirective* ApacheFile::at_line(uint32_t line, std::string_view name) const {
  const auto found = std::ranges::lower_bound(directives_, line, {}, &ApacheDirective::line);
  return found != directives_.end() && found->line == line && found->name == name ? &*found : nullptr;
}

std::string with_variables(std::string_view text, const Lookup& value_of) {
  std::string result;
  size_t at = 0;
  for (;;) {
    const size_t start = text.find("${", at);
    const size_t end = start == text.npos ? text.npos : text.find('}', start);
    if (end == text.npos) return result.append(text.substr(at));
    const auto value = value_of(text.substr(start + 2, end - start - 2));
    result += text.substr(at, start - at);
    result += value ? std::string_view(*value) : text.substr(start, end + 1 - start);
    at = end + 1;
  }
}

std::vector<std::string> apache_words(std::string_view value) {
  std::vector<std::string> words;
  for (size_t at = 0;;) {
    while (at < value.size() && is_blank(value[at])) ++at;
    if (at == value.size()) return words;
    const char first = value[at];
    if (first == '"' || first == '\'') {
      words.push_back(quoted_word(value, ++at, first));
    } else {
      const size_t end = std::min(value.find_first_of(blanks, at), value.size());
      words.emplace_back(value.substr(at, end - at));
      at = end;
    }
  }
}

}  // namespace certo::webserver
