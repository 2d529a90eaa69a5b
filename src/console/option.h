// One option of the command line. Its row is what parses it, and what help, man page and completion show.
#pragma once

#include <string>
#include <vector>

namespace certo::console {

/// What a value is, for completion.
enum class Value { none, text, file, folder, key_type, server, provider, certificate, shell };

struct Option {
  const char* flags;    // "-k,--key-type"
  Value value;          // none: a switch
  const char* metavar;  // "TYPE"; nullptr for a switch
  const char* help;     // one line, no full stop
  bool repeated = false;
};

/// Options that belong together, under one title in --help.
struct OptionSet {
  const char* title;
  const std::vector<Option>& options;
};

std::string long_flag(const Option& option);         // "--key-type"
std::string short_flag(const Option& option);        // "-k", or ""
std::string environment_name(const Option& option);  // "CERTO_KEY_TYPE"

}  // namespace certo::console
