// The arguments of one command, parsed.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace certo::console {

struct Command;

class Args {
 public:
  bool has(std::string_view flag) const;   // "--force"
  bool says(std::string_view flag) const;  // has it, and not only from certo.conf
  std::optional<std::string> find(std::string_view flag) const;
  std::string get(std::string_view flag, std::string_view otherwise = {}) const;
  std::vector<std::string> all(std::string_view flag) const;        // in the order given
  const std::vector<std::string>& words() const { return words_; }  // positionals
  /// Long flags and their values in the order given, for options that count for those behind them.
  const std::vector<std::pair<std::string, std::string>>& given() const { return values_; }

  void add(std::string flag, std::string value) { values_.emplace_back(std::move(flag), std::move(value)); }
  void add_default(std::string flag, std::string value);  // from certo.conf
  void add_word(std::string word) { words_.push_back(std::move(word)); }

 private:
  std::vector<std::pair<std::string, std::string>> values_;  // long flag, value
  std::vector<std::string> words_;
  std::set<std::string, std::less<>> defaults_;  // flags that only certo.conf has
};

/// Reads what follows the command's name. Throws Error{usage} with the nearest flag as hint.
/// With --help among them the number of words is not checked.
Args parse(const Command& command, const std::vector<std::string>& arguments);

/// Moves options in front of the command's name (`certo --home DIR list`) after it, so that they may
/// stand on either side. Nothing when there is no command.
std::vector<std::string> command_first(const std::vector<std::string>& arguments);

}  // namespace certo::console
