// The files of acme.sh's scripts for DNS services (dnsapi/dns_NAME.sh): how certo finds them, and what one
// says of itself in its info block:
//
//   dns_example_info='Example DNS
//   Site: example.com
//   Options:
//    EXAMPLE_Token API token
//    EXAMPLE_Zone Zone. Optional.
//   OptionsAlt:
//    EXAMPLE_Key API key
//   '
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provider/catalog.h"
#include "provider/descriptor.h"

namespace certo::provider {

struct ScriptInfo {
  std::string title, site, docs;
  /// Those of the info block, those that the script reads from what acme.sh saved, and CA_BUNDLE and CA_PATH.
  std::vector<Setting> settings;
};

/// Text that is not of this form has no title, and the settings that the script reads.
ScriptInfo parse_script(std::string_view text);

/// Whether a script may have a variable of this name from outside. PATH, LD_PRELOAD and others are the
/// machine's.
bool is_for_scripts(const std::string& variable);

/// "dns_example": what certo takes for a script if nothing else has that name.
bool is_script_name(const std::string& name);

/// The folders with scripts: `of_providers`, then acme.sh's own, of this user first.
std::vector<std::string> script_folders(const std::vector<std::string>& of_providers);

/// The path of NAME.sh in the first folder that has one. The name is one word.
std::optional<std::string> find_script(const std::string& name, const std::vector<std::string>& folders);

/// dns_NAME.sh in the folders, each name once. They are not read.
std::vector<Listed> list_scripts(const std::vector<std::string>& folders);

/// The text of a trusted script. Throws Error{config}.
std::string read_script(const std::string& path);

}  // namespace certo::provider
