// A command is one row, from which dispatch, help, man page, README table and completion follow.
#pragma once

#include <string>
#include <vector>

#include "base/exit.h"
#include "console/args.h"
#include "console/flags.h"
#include "console/option.h"
#include "console/option_sets.h"

namespace certo::console {

enum class Group { porcelain, plumbing, other };

inline constexpr int any_number = -1;

/// The positional arguments of a command, all of one kind.
struct Word {
  Value kind = Value::none;  // none: the command takes no words
  const char* usage = "";    // "[NAME…]"
  int least = 0, most = 0;   // `most` may be any_number
};

/// `certo hooks list`: a sub-command, chosen by the first word. It takes the options of the command, too.
struct Subcommand {
  const char* name;
  const char* summary;
  Word word{};
  std::vector<Option> options{};  // only sub-commands with the same list take these
  Exit (*run)(const Args&);
};

struct Command {
  const char* name;
  Group group;
  const char* summary;  // one line, for the table
  Word word{};
  const char* input = "-";  // what stdin is, for the table; "-" for nothing
  const char* output = "-";
  std::vector<Option> options{};         // its own
  std::vector<const OptionSet*> sets{};  // those that it shares with others; global_options is implied
  // Sets that it takes only from CERTO_… and certo.conf, because an account may be missing. They must not be
  // typed, because a renewal keeps its CA and account.
  std::vector<const OptionSet*> defaults_only{};
  std::vector<const char*> examples{};  // "certo issue -d example.com --webroot /var/www   # comment"
  const char* description = "";         // paragraphs for --help and the man page
  Exit (*run)(const Args&) = nullptr;   // nullptr: only its sub-commands run
  bool store = true;                    // it uses the state tree, so certo.conf applies
  std::vector<Subcommand> subcommands{};
};

/// The options of a command as --help shows them: its own, those of its sub-commands, then the sets.
std::vector<OptionSet> option_sets(const Command& command);
bool takes(const Command& command, const OptionSet& set);
bool takes(const Command& command, const Option& option);

/// The words that may follow the command's name: "[NAME…]", "install|remove|status"; "" for none.
std::string usage(const Command& command);

}  // namespace certo::console
