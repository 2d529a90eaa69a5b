// The arguments of one command, parsed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "console/option.h"

namespace certo::console {

struct Command;
struct Subcommand;

/// For --config, which other clients have.
inline constexpr const char* config_hint =
    "'certo apply FILE' carries out a file that declares certificates: certo help apply";

/// An option as it was given; "" is the value of a switch.
struct Given {
  Option option;
  std::string value;
  bool is_default = false;  // from CERTO_… or certo.conf
};

class Args {
 public:
  bool has(const Option& option) const;
  bool says(const Option& option) const;  // has it, and not only from CERTO_… or certo.conf
  std::optional<std::string> find(const Option& option) const;
  std::string get(const Option& option, std::string_view otherwise = {}) const;
  std::vector<std::string> all(const Option& option) const;         // in the order given
  const std::vector<std::string>& words() const { return words_; }  // positionals, without the sub-command
  const Subcommand* subcommand() const { return subcommand_; }      // nullptr: none was given
  /// In the order given, for options that apply to those that follow them.
  const std::vector<Given>& given() const { return given_; }

  void add(const Option& option, std::string value) { given_.push_back({option, std::move(value)}); }
  void add_default(const Option& option, std::string value) {
    add(option, std::move(value));
    given_.back().is_default = true;
  }
  void add_word(std::string word) { words_.push_back(std::move(word)); }
  std::vector<std::string> take_words() { return std::exchange(words_, {}); }
  void remove(const Option& option);
  /// Makes the first word the sub-command of that name; false if there is none.
  bool choose(const std::vector<Subcommand>& subcommands);

 private:
  std::vector<Given> given_;
  std::vector<std::string> words_;
  const Subcommand* subcommand_ = nullptr;
};

/// Reads what follows the command's name. Throws Error{usage} with the nearest flag or sub-command as hint.
/// With --help among them the number of words is not checked.
Args parse(const Command& command, const std::vector<std::string>& arguments);

/// Options that may stand before the command's name: what says which CA, account and state folder is meant.
std::vector<OptionSet> leading_sets();

/// Moves such options in front of the command's name (`certo --home DIR list`) after it, so that they may
/// stand on either side. Nothing when there is no command.
std::vector<std::string> command_first(const std::vector<std::string>& arguments);

}  // namespace certo::console
