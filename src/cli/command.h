// The command table. One row is dispatch, help, man page, README table and completion.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/exit.h"

namespace certo::cli {

/// What a value is, for completion.
enum class Value { none, text, file, folder, key_type, server, provider, certificate, shell };

struct Option {
  const char* flags;    // "-k,--key-type"
  Value value;          // none: a switch
  const char* metavar;  // "TYPE"; nullptr for a switch
  const char* help;     // one line, no full stop
  bool repeated = false;
};

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

const std::vector<const Command*>& commands();  // in the order of the README
const Command* find_command(std::string_view name);
const Command& command_named(std::string_view name);  // Error{usage} with the nearest name as hint
const std::vector<Option>& global_options();   // --home, --json, --log, -v, -q, …: every command has them
const std::vector<Option>& network_options();  // --server, --staging, --account, --email, …
const std::vector<Option>& way_options();      // --webroot, --standalone, --dns, …
const std::vector<Option>& hook_options();     // --pre-hook, --deploy-hook, …
const std::vector<Option>& notify_options();   // --notify
const std::vector<Option>& target_options();   // --key-file, --reloadcmd, --verify, …

std::string long_flag(const Option& option);   // "--key-type"
std::string short_flag(const Option& option);  // "-k", or ""

/// The options of a command as --help shows them: its own, then the shared sets that it takes.
struct OptionSet {
  const char* title;
  const std::vector<Option>& options;
};
std::vector<OptionSet> option_sets(const Command& command);

/// Reads what stands behind the command's name. Throws Error{usage} with the nearest flag as hint.
/// With --help among them the number of words is not checked.
Args parse(const Command& command, const std::vector<std::string>& arguments);

/// Takes options in front of the command's name (`certo --home DIR list`) behind it, so that they may
/// stand on either side. Nothing when there is no command.
std::vector<std::string> command_first(const std::vector<std::string>& arguments);

/// Adds what is not in `args` but set elsewhere: first the environment, then <home>/certo.conf.
/// Throws Error{config} with the line's number.
void add_defaults(Args& args, const Command& command);
/// Writes the line `key = value` into the certo.conf of `folder`, in place of those of the same key.
void set_default(const std::string& folder, const std::string& key, const std::string& value);
std::string environment_name(const Option& option);  // "CERTO_LOCK_TIMEOUT"

std::string help_text(const Command& command);
std::string overview();                          // `certo help`
std::string man_page();                          // roff
std::string completion(std::string_view shell);  // bash, zsh, fish; Error{usage}
std::string readme_table();                      // markdown, for the README

/// Runs `arguments` (argv without the program's name). Throws.
Exit dispatch(const std::vector<std::string>& arguments);

}  // namespace certo::cli
