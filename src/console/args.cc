// argv to Args, by the command's row. No library does it, because those for C++ bring iostreams and locales
// with them, which are a tenth of a static program, and getopt_long takes abbreviated flags and empty values.
#include "console/args.h"

#include <algorithm>
#include <iterator>
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

/// What a command takes that its help does not show: --all with --help, and -d NAME for the name of a
/// certificate.
constexpr Option certificate_rows[] = {flag::certificate};
constexpr OptionSet certificate_options{.title = "", .options = certificate_rows};
constexpr Option help_rows[] = {flag::all};
constexpr OptionSet help_options{.title = "", .options = help_rows};

bool wants_help(const std::vector<std::string>& arguments) {
  return std::ranges::any_of(arguments,
                             [](const std::string& word) { return word == "--help" || word == "-h"; });
}

bool looks_like_flag(const std::string& word) { return word.size() > 1 && word[0] == '-'; }

[[noreturn]] void throw_unknown(const Command& command, const std::string& word) {
  const std::string flag = word.substr(0, word.find('='));
  std::vector<std::string> known;
  for (const OptionSet& set : option_sets(command)) {
    for (const Option& option : set.options) known.push_back(long_flag(option));
  }
  const std::vector<OptionSet> of_ca = {server_options, connection_options, account_options,
                                        registration_options};
  const bool is_of_ca = find_option(of_ca, flag) != nullptr;
  if (is_of_ca && !command.defaults_only.empty())
    throw usage_error(command, flag + " does not go with this command",
                      "a renewal keeps its CA and account; 'certo issue -d NAME …' changes them");
  if (is_of_ca) throw usage_error(command, flag + " does not go with this command");
  const std::string hint = flag == "--config" ? config_hint : did_you_mean(flag, known).value_or("");
  throw usage_error(command, "there is no option " + flag, hint);
}

/// One run over the arguments. Values and words go to Args in the order in which they are given.
class Reading {
 public:
  Reading(const Command& command, const std::vector<OptionSet>& sets,
          const std::vector<std::string>& arguments)
      : command_(command), sets_(sets), next_(arguments.begin()), end_(arguments.end()) {}

  Args run() {
    bool only_words = false;
    while (next_ != end_) {
      const std::string& argument = *next_++;
      if (only_words || !looks_like_flag(argument)) {
        args_.add_word(argument);
      } else if (argument == "--") {
        only_words = true;
      } else if (argument.starts_with("--")) {
        read_long(argument);
      } else {
        read_short(argument);
      }
    }
    return std::move(args_);
  }

 private:
  /// --flag, --flag VALUE or --flag=VALUE
  void read_long(const std::string& argument) {
    const size_t equals = argument.find('=');
    const Option& option = known(argument.substr(0, equals), argument);
    if (equals == argument.npos) {
      args_.add(option, option.is_switch() ? std::string() : following_value(option));
      return;
    }
    if (option.is_switch()) throw usage_error(command_, long_flag(option) + " takes no value");
    if (equals + 1 == argument.size()) throw usage_error(command_, long_flag(option) + " has an empty value");
    args_.add(option, argument.substr(equals + 1));
  }

  /// -f, -f VALUE, -fVALUE, or several switches after one dash: -vq
  void read_short(const std::string& argument) {
    for (size_t at = 1; at < argument.size(); ++at) {
      const std::string flag = {'-', argument[at]};
      const Option& option = known(flag, flag);
      const bool sticks = at + 1 < argument.size();
      if (option.is_switch()) {
        if (sticks && argument[at + 1] == '=') throw usage_error(command_, flag + " takes no value");
        args_.add(option, "");
        continue;
      }
      args_.add(option, sticks ? argument.substr(at + 1) : following_value(option));
      return;
    }
  }

  const Option& known(const std::string& flag, const std::string& argument) const {
    const Option* const option = find_option(sets_, flag);
    if (!option) throw_unknown(command_, argument);
    return *option;
  }

  /// A value may begin with a dash ("-"), but a flag of the command in its place means that it was forgotten.
  const std::string& following_value(const Option& option) {
    if (next_ == end_) throw usage_error(command_, long_flag(option) + " needs a value");
    const std::string& value = *next_++;
    if (value.starts_with("--") && find_option(sets_, value.substr(0, value.find('='))))
      throw usage_error(command_, long_flag(option) + " needs a value, but " + value + " follows");
    // No file or folder would be another one: an unset variable in a script must not lead there.
    if (value.empty() && !option.may_be_empty())
      throw usage_error(command_, long_flag(option) + " has an empty value");
    return value;
  }

  const Command& command_;
  const std::vector<OptionSet>& sets_;
  std::vector<std::string>::const_iterator next_;
  std::vector<std::string>::const_iterator end_;
  Args args_;
};

/// The name of a certificate may stand with -d and without, whichever of the two the command's row says.
void settle_certificates(Args& args, const Command& command, const std::vector<OptionSet>& sets) {
  const Option* option = find_option(sets, short_flag(flag::certificate));
  if (!option || option->value != Value::certificate) return;
  if (command.word.kind == Value::certificate) {
    for (const std::string& name : args.all(*option)) args.add_word(name);
    args.remove(*option);
  } else if (command.word.kind == Value::none && command.subcommands.empty()) {
    for (const std::string& word : args.take_words()) args.add(*option, word);
  }
}

void check_repeats(const Args& args, const Command& command, const std::vector<OptionSet>& sets) {
  for (const OptionSet& set : sets) {
    for (const Option& option : set.options) {
      if (option.is_repeated() || option.is_switch()) continue;
      const std::vector<std::string> values = args.all(option);
      const bool differ =
          std::ranges::any_of(values, [&](const std::string& value) { return value != values[0]; });
      if (differ) throw usage_error(command, long_flag(option) + " is given twice, with different values");
    }
  }
}

/// The first word, if the command has sub-commands. A command that has words of its own may come without one.
void choose_subcommand(Args& args, const Command& command) {
  if (command.subcommands.empty() || args.words().empty() || args.choose(command.subcommands)) return;
  if (command.run && command.word.kind != Value::none) return;
  const std::string& word = args.words().front();
  std::vector<std::string> known;
  for (const Subcommand& sub : command.subcommands) known.emplace_back(sub.name);
  const auto near = did_you_mean(word, known, std::string("'certo ") + command.name + " ", "'");
  throw usage_error(command, "there is no sub-command '" + word + "'",
                    near.value_or("one of: " + join(known, ", ")));
}

void check_subcommand_options(const Args& args, const Command& command) {
  const auto lists = [](const Subcommand* sub, const Option& option) {
    return sub && std::ranges::find(sub->options, option) != sub->options.end();
  };
  for (const Subcommand& sub : command.subcommands) {
    for (const Option& option : sub.options) {
      if (args.has(option) && !lists(args.subcommand(), option))
        throw usage_error(command, long_flag(option) + " belongs to '" + sub.name + "'");
    }
  }
}

void check_words(const Args& args, const Command& command) {
  const Subcommand* const sub = args.subcommand();
  const Word& word = sub ? sub->word : command.word;
  const std::string before = sub ? std::string(sub->name) + ": " : "";
  const int count = static_cast<int>(args.words().size());
  if (!sub && !command.run && !command.subcommands.empty() && count == 0)
    throw usage_error(command, "the sub-command is missing: " + usage(command));
  if (count < word.least) throw usage_error(command, before + word.usage + " is missing");
  if (word.most != any_number && count > word.most) {
    const std::string& extra = args.words()[static_cast<size_t>(word.most)];
    const bool is_name = takes(command, flag::domain) && extra.find('.') != extra.npos;
    throw usage_error(command, before + "'" + extra + "' is one argument too many",
                      is_name ? "a name is given with -d: -d " + extra : "");
  }
}

}  // namespace

bool Args::has(const Option& option) const {
  return std::ranges::any_of(given_, [&](const Given& one) { return one.option == option; });
}

bool Args::says(const Option& option) const {
  return std::ranges::any_of(given_,
                             [&](const Given& one) { return one.option == option && !one.is_default; });
}

std::optional<std::string> Args::find(const Option& option) const {
  for (const Given& one : given_) {
    if (one.option == option) return one.value;
  }
  return std::nullopt;
}

std::string Args::get(const Option& option, std::string_view otherwise) const {
  return find(option).value_or(std::string(otherwise));
}

std::vector<std::string> Args::all(const Option& option) const {
  std::vector<std::string> found;
  for (const Given& one : given_) {
    if (one.option == option) found.push_back(one.value);
  }
  return found;
}

void Args::remove(const Option& option) {
  std::erase_if(given_, [&](const Given& one) { return one.option == option; });
}

bool Args::choose(const std::vector<Subcommand>& subcommands) {
  const auto found =
      std::ranges::find_if(subcommands, [&](const Subcommand& sub) { return sub.name == words_.front(); });
  if (found == subcommands.end()) return false;
  subcommand_ = &*found;
  words_.erase(words_.begin());
  return true;
}

Args parse(const Command& command, const std::vector<std::string>& arguments) {
  std::vector<OptionSet> sets = option_sets(command);
  if (wants_help(arguments) && !find_option(sets, flag::all.name())) sets.push_back(help_options);
  if (command.word.kind == Value::certificate) sets.push_back(certificate_options);

  Args args = Reading(command, sets, arguments).run();
  settle_certificates(args, command, sets);
  check_repeats(args, command, sets);
  choose_subcommand(args, command);
  if (args.has(flag::help)) return args;
  check_subcommand_options(args, command);
  check_words(args, command);
  return args;
}

std::vector<OptionSet> leading_sets() {
  return {global_options, server_options, connection_options, account_options, registration_options};
}

std::vector<std::string> command_first(const std::vector<std::string>& arguments) {
  const std::vector<OptionSet> sets = leading_sets();
  auto word = arguments.begin();
  while (word != arguments.end() && looks_like_flag(*word)) {
    const Option* option = find_option(sets, word->substr(0, word->find('=')));
    const bool value_follows = option && !option->is_switch() && word->find('=') == word->npos;
    word += value_follows && word + 1 != arguments.end() ? 2 : 1;
  }
  if (word == arguments.end()) return {};
  std::vector<std::string> turned = {*word};
  turned.insert(turned.end(), arguments.begin(), word);
  turned.insert(turned.end(), word + 1, arguments.end());
  return turned;
}

}  // namespace certo::console
