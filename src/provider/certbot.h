// certbot's DNS plugins: what they are called here, and their credentials files: INI with lines such as
// dns_cloudflare_api_token = 0123abcd.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace certo::provider {

struct CertbotPlugin {
  const char *name, *provider;                                // "nsone", "ns1"
  std::vector<std::pair<const char*, const char*>> settings;  // theirs without "dns_NAME_", and ours
  const char* file_setting = nullptr;                         // the file is the value of this setting
};

/// certbot's own plugins and those of others, by the name without "dns-".
const std::vector<CertbotPlugin>& certbot_plugins();
const CertbotPlugin* find_certbot_plugin(std::string_view name);

/// "hetzner" for "certbot-dns-hetzner", "dns-hetzner" or "certbot-dns-hetzner:dns-hetzner"; "" for other
/// words.
std::string certbot_plugin_name(std::string_view word);

/// Does `text` look like a credentials file of certbot?
bool is_certbot_file(std::string_view text);

/// The settings in a credentials file, by certo's names. Settings that certo does not need are left out.
std::map<std::string, std::string> certbot_settings(const CertbotPlugin& plugin, std::string_view text);
/// The same for the plugin that the lines themselves name; nullopt if certo does not know it.
std::optional<std::map<std::string, std::string>> certbot_settings(std::string_view text);

}  // namespace certo::provider
