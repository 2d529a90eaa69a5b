#include "provider/certbot.h"

#include <algorithm>

#include "base/ini.h"
#include "base/text.h"

namespace certo::provider {
namespace {

constexpr std::string_view start = "dns_";

}  // namespace

const std::vector<CertbotPlugin>& certbot_plugins() {
  static const std::vector<CertbotPlugin> table = {
      {"cloudflare",
       "cloudflare",
       {{"api_token", "CLOUDFLARE_API_TOKEN"},
        {"email", "CLOUDFLARE_EMAIL"},
        {"api_key", "CLOUDFLARE_API_KEY"}}},
      {"digitalocean", "digitalocean", {{"token", "DIGITALOCEAN_TOKEN"}}},
      {"dnsimple", "dnsimple", {{"token", "DNSIMPLE_OAUTH_TOKEN"}}},
      {"google", "gcloud", {}, "GCE_SERVICE_ACCOUNT_FILE"},
      {"linode", "linode", {{"key", "LINODE_TOKEN"}}},
      {"luadns", "luadns", {{"email", "LUADNS_API_USERNAME"}, {"token", "LUADNS_API_TOKEN"}}},
      {"nsone", "ns1", {{"api_key", "NS1_API_KEY"}}},
      {"ovh",
       "ovh",
       {{"endpoint", "OVH_ENDPOINT"},
        {"application_key", "OVH_APPLICATION_KEY"},
        {"application_secret", "OVH_APPLICATION_SECRET"},
        {"consumer_key", "OVH_CONSUMER_KEY"}}},
      {"rfc2136",
       "dnsupdate",
       {{"server", "DNSUPDATE_NAMESERVER"},
        {"port", "DNSUPDATE_PORT"},
        {"name", "DNSUPDATE_TSIG_KEY"},
        {"secret", "DNSUPDATE_TSIG_SECRET"},
        {"algorithm", "DNSUPDATE_TSIG_ALGORITHM"}}},
      {"route53", "route53", {}},  // takes what AWS's own tools take, as certo does
  };
  return table;
}

const CertbotPlugin* find_certbot_plugin(std::string_view name) {
  const auto row = std::ranges::find(certbot_plugins(), name, &CertbotPlugin::name);
  return row == certbot_plugins().end() ? nullptr : &*row;
}

bool is_certbot_file(std::string_view text) {
  for (const std::string& line : split(text, '\n'))
    if (trim(line).starts_with(start) && line.find('=') != line.npos) return true;
  return false;
}

std::map<std::string, std::string> certbot_settings(const CertbotPlugin& plugin, std::string_view text) {
  const Ini ini = Ini::parse(text);
  std::map<std::string, std::string> values;
  for (const auto& [theirs, ours] : plugin.settings) {
    const std::string value = ini.value("", std::string(start) + plugin.name + "_" + theirs);
    if (!value.empty()) values[ours] = value;
  }
  // The default algorithms of certbot and certo differ.
  if (values.contains("DNSUPDATE_TSIG_KEY")) values.try_emplace("DNSUPDATE_TSIG_ALGORITHM", "hmac-md5");
  if (const auto algorithm = values.find("DNSUPDATE_TSIG_ALGORITHM"); algorithm != values.end())
    algorithm->second = lower(algorithm->second);
  return values;
}

std::optional<std::map<std::string, std::string>> certbot_settings(std::string_view text) {
  for (const CertbotPlugin& plugin : certbot_plugins()) {
    auto values = certbot_settings(plugin, text);
    if (!values.empty()) return values;
  }
  return {};
}

}  // namespace certo::provider
