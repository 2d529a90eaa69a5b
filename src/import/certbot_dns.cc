#include "import/certbot_dns.h"

#include "os/file.h"
#include "os/terminal.h"
#include "provider/certbot.h"

namespace certo::imports {
namespace {

std::string expanded(const std::string& path) {
  return path.starts_with("~/") ? os::home_folder() + path.substr(1) : path;
}

}  // namespace

std::optional<DnsPlugin> dns_plugin(const std::string& name, const std::string& file) {
  const provider::CertbotPlugin* const known = provider::find_certbot_plugin(name);
  if (!known) return {};
  DnsPlugin plugin{known->provider, {}, {}};
  if (file.empty()) return plugin;
  const std::string path = expanded(file);
  if (known->file_setting) {
    plugin.values[known->file_setting] = path;
    plugin.left = path + ": must stay where it is, " + plugin.provider + " reads it at each renewal";
    return plugin;
  }
  plugin.values = provider::certbot_settings(*known, os::read_file(path));
  return plugin;
}

}  // namespace certo::imports
