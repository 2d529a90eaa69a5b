// One option of the command line. The parser, help, man page and completion use its row, and commands look
// the option up by it.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace certo::console {

/// The kind of a value or a word, for completion.
enum class Value {
  none,
  text,
  file,
  folder,
  key_type,
  server,
  provider,
  certificate,
  shell,
  topic,  // a command or a topic of 'certo help'
  name,   // any name; those of the certificates in the store are offered
  list_order,
  web_server,  // of 'certo thumbprint'
  reason,      // of a revocation
  format,      // of 'certo convert'
  client,      // of 'certo import'
  hook,        // one that comes with certo
  hook_kind,
  moment,  // of a notification
  scheduler
};

enum Trait : unsigned {
  repeated = 1,  // may be given several times
  rare = 2,      // shown by --help --all and the man page only
  emptied = 4,   // a file or folder, of which '' removes what is stored; other options for those refuse ''
};

struct Option {
  const char* flags;    // "-k,--key-type"
  Value value;          // none: a switch
  const char* metavar;  // "TYPE"; nullptr for a switch
  const char* help;     // one line, no full stop
  unsigned traits = 0;  // of Trait

  constexpr bool is_switch() const { return value == Value::none; }
  constexpr bool is_repeated() const { return (traits & repeated) != 0; }
  constexpr bool may_be_empty() const {
    return (value != Value::file && value != Value::folder) || (traits & emptied) != 0;
  }
  constexpr bool is_rare() const { return (traits & rare) != 0; }
  constexpr std::string_view name() const {  // "--key-type"
    const std::string_view all = flags;
    return all.substr(all.find("--"));
  }
  /// The same option with the help text for one command.
  constexpr Option with_help(const char* text, unsigned more_traits = 0) const {
    return {flags, value, metavar, text, traits | more_traits};
  }
};

/// The same flag; its help may differ from command to command.
constexpr bool operator==(const Option& a, const Option& b) { return a.name() == b.name(); }

/// Options that belong together, under one title in --help.
struct OptionSet {
  const char* title;
  std::span<const Option> options;
  const char* introduction = "";  // of its section in the man page
  bool has_defaults = false;      // CERTO_… and certo.conf set its options in commands that take them
};

std::string long_flag(const Option& option);         // "--key-type"
std::string short_flag(const Option& option);        // "-k", or ""
std::string environment_name(const Option& option);  // "CERTO_KEY_TYPE"

}  // namespace certo::console
