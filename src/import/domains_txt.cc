#include "import/domains_txt.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace certo::imports {
namespace {

/// The words of a line; '>' is one, also without blanks around it.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::exchange(word, {}));
  };
  for (const char c : line) {
    if (c == '#' && word.empty()) break;
    if (c == ' ' || c == '\t' || c == '\r' || c == '>') {
      end_word();
      if (c == '>') words.emplace_back(1, c);
    } else {
      word += c;
    }
  }
  end_word();
  return words;
}

}  // namespace

std::vector<DomainsLine> parse_domains(std::string_view text, const std::string& subject) {
  std::vector<DomainsLine> lines;
  size_t number = 0;
  for (const std::string& line : split(std::string(text), '\n')) {
    ++number;
    std::vector<std::string> words = words_of(line);
    if (words.empty()) continue;
    DomainsLine one{.number = number};
    const auto arrow = std::ranges::find(words, ">");
    const auto fail = [&](const std::string& what) {
      throw Error(Exit::bad_input, subject + ": line " + std::to_string(number) + ": " + what,
                  "a line has the names of one certificate, and perhaps '> NAME' at its end");
    };
    if (arrow == words.begin()) fail("it has no name");
    if (arrow != words.end() && (words.end() - arrow != 2 || words.back() == ">"))
      fail("one word must follow '>'");
    if (arrow != words.end()) one.alias = words.back();
    for (auto word = words.begin(); word != arrow; ++word) {
      one.names.push_back(word->starts_with("ip:") ? word->substr(3) : *word);
      if (one.names.back().empty()) fail("an address must follow 'ip:'");
    }
    lines.push_back(std::move(one));
  }
  if (lines.empty())
    throw Error(Exit::bad_input, subject + " names no certificate",
                "each line has the names of one certificate");
  return lines;
}

}  // namespace certo::imports
