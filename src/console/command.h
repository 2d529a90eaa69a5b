// What a command is: one row, from which dispatch, help, man page, README table and completion follow.
#pragma once

#include <vector>

#include "base/exit.h"
#include "console/args.h"
#include "console/option.h"

namespace certo::console {

enum class Group { porcelain, plumbing, other };

struct Command {
  const char* name;
  Group group;
  const char* summary;  // one line, for the table
  const char* usage;    // positionals: "[NAME…]", or ""; the word also tells completion what they are
  const char* input;    // what stdin is, for the table; "-" for nothing
  const char* output;
  std::vector<Option> options;        // its own; the shared sets below are added
  bool network = false;               // --server, --staging, --ca-bundle, -4, -6, --account…, --agree-tos
  std::vector<const char*> examples;  // "certo issue -d example.com --webroot /var/www   # comment"
  const char* description;            // paragraphs for --help and the man page; may be ""
  Exit (*run)(const Args&);
  int words_least = 0, words_most = 0;  // positionals; -1: any number
  bool way = false;                     // --webroot, --standalone, --dns, …: the third shared set
  bool store = true;                    // it looks at the state tree, so certo.conf counts
  bool hooks = false;                   // --pre-hook, --deploy-hook, …
  bool notify = false;                  // --notify
  bool targets = false;                 // --key-file, --reloadcmd, …: the fourth
};

/// The options of a command as --help shows them: its own, then the shared sets that it takes.
std::vector<OptionSet> option_sets(const Command& command);

}  // namespace certo::console
