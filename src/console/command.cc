#include "console/command.h"

#include <algorithm>
#include <span>

#include "base/text.h"

namespace certo::console {

std::vector<OptionSet> option_sets(const Command& command) {
  std::vector<OptionSet> sets;
  if (!command.options.empty()) sets.push_back({.title = "Options", .options = command.options});
  // A set refers to the command's own options, so an option that several sub-commands list is one of the
  // first.
  std::vector<Option> seen;
  for (const Subcommand& sub : command.subcommands) {
    for (const Option& option : sub.options) {
      if (std::ranges::find(seen, option) != seen.end()) continue;
      seen.push_back(option);
      sets.push_back({.title = "Options", .options = std::span(&option, 1)});
    }
  }
  for (const OptionSet* set : command.sets) sets.push_back(*set);
  sets.push_back(global_options);
  return sets;
}

bool takes(const Command& command, const OptionSet& set) {
  return &set == &global_options || std::ranges::find(command.sets, &set) != command.sets.end();
}

bool takes(const Command& command, const Option& option) {
  return std::ranges::any_of(option_sets(command), [&](const OptionSet& set) {
    return std::ranges::find(set.options, option) != set.options.end();
  });
}

std::string usage(const Command& command) {
  if (command.subcommands.empty()) return command.word.usage;
  std::vector<std::string> choices;
  std::string_view own = command.word.usage;  // "[NAME]": the brackets are those of the whole
  if (own.starts_with('[')) own = own.substr(1, own.size() - 2);
  bool has_words = !own.empty();
  if (has_words) choices.emplace_back(own);
  for (const Subcommand& sub : command.subcommands) {
    has_words = has_words || *sub.word.usage;
    choices.push_back(sub.name + (*sub.word.usage ? std::string(" ") + sub.word.usage : ""));
  }
  const std::string all = join(choices, has_words ? " | " : "|");
  return command.run ? "[" + all + "]" : all;
}

}  // namespace certo::console
