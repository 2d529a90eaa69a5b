// certbot's DNS plugins: what they are called here, and the settings in their credentials files.
#pragma once

#include <map>
#include <optional>
#include <string>

namespace certo::imports {

struct DnsPlugin {
  std::string provider;                       // of certo
  std::map<std::string, std::string> values;  // of its settings
  std::string left;                           // a sentence for the report; may be ""
};

/// `name` is the plugin's without "dns-", `file` is the value of dns_NAME_credentials or "". Returns nullopt
/// if certo does not know the plugin. Throws Error{bad_input} for a file that cannot be read.
std::optional<DnsPlugin> dns_plugin(const std::string& name, const std::string& file);

}  // namespace certo::imports
