// argv to Args, by CLI11: an App is built from the command's row, and its exceptions become ours.
#include "console/args.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>
#include <map>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "console/command.h"
#include "console/option_sets.h"

namespace certo::console {
namespace {

Error usage_error(const Command& command, const std::string& what, std::string hint = {}) {
  if (hint.empty()) hint = std::string("see: certo ") + command.name + " --help";
  return Error(Exit::usage, std::string(command.name) + ": " + what, hint);
}

const Option* find_option(const std::vector<OptionSet>& sets, std::string_view flag) {
  for (const OptionSet& set : sets) {
    for (const Option& option : set.options) {
      if (long_flag(option) == flag || short_flag(option) == flag) return &option;
    }
  }
  return nullptr;
}

bool looks_like_flag(const std::string& word) { return word.size() > 1 && word[0] == '-'; }

[[noreturn]] void throw_unknown(const Command& command, const std::string& word) {
  const std::string flag = word.substr(0, word.find('='));
  std::vector<std::string> known;
  for (const OptionSet& set : option_sets(command)) {
    for (const Option& option : set.options) known.push_back(long_flag(option));
  }
  const std::optional<std::string> near = nearest(flag, known);
  throw usage_error(command, "there is no option " + flag, near ? "did you mean " + *near + "?" : "");
}

/// What CLI11 would let pass: it takes the next argument for an empty value, and a flag for a value.
void check_spelling(const Command& command, const std::vector<OptionSet>& sets,
                    const std::vector<std::string>& arguments) {
  const Option* open = nullptr;  // waits for its value
  for (const std::string& argument : arguments) {
    if (argument == "--" && !open) return;
    const size_t equals = argument.find('=');
    const Option* option = find_option(sets, argument.substr(0, equals));
    if (open && option && argument.starts_with("--")) {
      throw usage_error(command, long_flag(*open) + " needs a value, but " + argument + " follows");
    }
    const bool is_value = open != nullptr;
    open = nullptr;
    if (is_value || !option) continue;
    const bool is_switch = option->value == Value::none;
    if (equals == argument.npos) {
      if (!is_switch) open = option;
    } else if (argument.starts_with("--")) {
      if (is_switch) throw usage_error(command, long_flag(*option) + " takes no value");
      if (equals + 1 == argument.size())
        throw usage_error(command, long_flag(*option) + " has an empty value");
    }
  }
}

using Rows = std::map<const CLI::Option*, const Option*>;

Rows add_options(CLI::App& app, const std::vector<OptionSet>& sets) {
  Rows rows;
  for (const OptionSet& set : sets) {
    for (const Option& option : set.options) {
      CLI::Option* added =
          option.value == Value::none ? app.add_flag(option.flags) : app.add_option(option.flags);
      added->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
      rows.emplace(added, &option);
    }
  }
  return rows;
}

void run(CLI::App& app, const Command& command, const std::vector<std::string>& arguments) {
  try {
    app.parse(
        std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // CLI11 takes them from the back
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string_view what = error.what();
    throw usage_error(command, std::string(what.substr(0, what.find_first_of(": "))) + " needs a value");
  } catch (const CLI::ParseError& error) {
    throw usage_error(command, error.what());
  }
}

/// Values in the order in which they were given, across options.
void take_values(Args& args, const CLI::App& app, const Rows& rows) {
  std::map<const CLI::Option*, size_t> taken;
  for (const CLI::Option* given : app.parse_order()) {
    const Option& option = *rows.at(given);
    const std::string& value = given->results().at(taken[given]++);
    args.add(long_flag(option), option.value == Value::none ? std::string() : value);
  }
}

void take_words(Args& args, const CLI::App& app, const Command& command) {
  bool only_words = false;
  for (const std::string& word : app.remaining()) {
    if (only_words || !looks_like_flag(word)) {
      args.add_word(word);
    } else if (word == "--") {
      only_words = true;
    } else {
      throw_unknown(command, word);
    }
  }
}

void check_repeats(const Args& args, const Command& command, const std::vector<OptionSet>& sets) {
  for (const OptionSet& set : sets) {
    for (const Option& option : set.options) {
      if (option.repeated || option.value == Value::none) continue;
      const std::vector<std::string> values = args.all(long_flag(option));
      const bool differ =
          std::ranges::any_of(values, [&](const std::string& value) { return value != values[0]; });
      if (differ) throw usage_error(command, long_flag(option) + " is given twice, with different values");
    }
  }
}

void check_words(const Args& args, const Command& command) {
  if (args.has("--help")) return;
  const int count = static_cast<int>(args.words().size());
  if (count < command.words_least)
    throw usage_error(command, std::string("what is missing: ") + command.usage);
  if (command.words_most >= 0 && count > command.words_most) {
    const std::string& word = args.words()[static_cast<size_t>(command.words_most)];
    throw usage_error(command, "'" + word + "' is one word too many");
  }
}

}  // namespace

bool Args::has(std::string_view flag) const {
  return std::ranges::any_of(values_, [&](const auto& value) { return value.first == flag; });
}

bool Args::says(std::string_view flag) const { return has(flag) && !defaults_.contains(flag); }

void Args::add_default(std::string flag, std::string value) {
  defaults_.insert(flag);
  add(std::move(flag), std::move(value));
}

std::optional<std::string> Args::find(std::string_view flag) const {
  for (const auto& [name, value] : values_) {
    if (name == flag) return value;
  }
  return std::nullopt;
}

std::string Args::get(std::string_view flag, std::string_view otherwise) const {
  return find(flag).value_or(std::string(otherwise));
}

std::vector<std::string> Args::all(std::string_view flag) const {
  std::vector<std::string> found;
  for (const auto& [name, value] : values_) {
    if (name == flag) found.push_back(value);
  }
  return found;
}

Args parse(const Command& command, const std::vector<std::string>& arguments) {
  const std::vector<OptionSet> sets = option_sets(command);
  check_spelling(command, sets, arguments);

  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  const Rows rows = add_options(app, sets);
  run(app, command, arguments);

  Args args;
  take_values(args, app, rows);
  take_words(args, app, command);
  check_repeats(args, command, sets);
  check_words(args, command);
  return args;
}

std::vector<std::string> command_first(const std::vector<std::string>& arguments) {
  const std::vector<OptionSet> sets = {{"", global_options()}};
  auto word = arguments.begin();
  while (word != arguments.end() && looks_like_flag(*word)) {
    const Option* option = find_option(sets, word->substr(0, word->find('=')));
    const bool value_follows = option && option->value != Value::none && word->find('=') == word->npos;
    word += value_follows && word + 1 != arguments.end() ? 2 : 1;
  }
  if (word == arguments.end()) return {};
  std::vector<std::string> turned = {*word};
  turned.insert(turned.end(), arguments.begin(), word);
  turned.insert(turned.end(), word + 1, arguments.end());
  return turned;
}

}  // namespace certo::console
