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
      // Those of others: pypi.org/project/certbot-dns-NAME. Without settings, only the service is known.
      {"acmedns", "acmedns", {}},
      {"azure", "azuredns", {}},
      {"bunny", "bunny", {{"api_key", "BUNNY_API_KEY"}}},
      {"desec", "desec", {{"token", "DESEC_TOKEN"}}},
      {"duckdns", "duckdns", {{"token", "DUCKDNS_TOKEN"}}},
      {"gandi", "gandiv5", {{"token", "GANDIV5_PERSONAL_ACCESS_TOKEN"}, {"api_key", "GANDIV5_API_KEY"}}},
      {"godaddy", "godaddy", {{"key", "GODADDY_API_KEY"}, {"secret", "GODADDY_API_SECRET"}}},
      {"hetzner", "hetzner", {{"api_token", "HETZNER_API_TOKEN"}}},
      {"infomaniak", "infomaniak", {{"token", "INFOMANIAK_ACCESS_TOKEN"}}},
      {"ionos", "ionos", {{"prefix", "IONOS_PREFIX"}, {"secret", "IONOS_SECRET"}}},
      {"namecheap", "namecheap", {{"username", "NAMECHEAP_API_USER"}, {"api_key", "NAMECHEAP_API_KEY"}}},
      {"netcup",
       "netcup",
       {{"customer_id", "NETCUP_CUSTOMER_NUMBER"},
        {"api_key", "NETCUP_API_KEY"},
        {"api_password", "NETCUP_API_PASSWORD"}}},
      {"porkbun", "porkbun", {{"key", "PORKBUN_API_KEY"}, {"secret", "PORKBUN_SECRET_API_KEY"}}},
      {"powerdns", "pdns", {{"api_url", "PDNS_API_URL"}, {"api_key", "PDNS_API_KEY"}}},
      {"scaleway", "scaleway", {{"application_token", "SCALEWAY_SECRET_KEY"}}},
      {"vultr", "vultr", {{"key", "VULTR_API_KEY"}}},
      // By acme.sh's names, which certo's own providers have, too.
      {"active24", "dns_active24", {}},
      {"aliyun", "dns_ali", {}},
      {"clouddns", "dns_clouddns", {}},
      {"cloudns", "dns_cloudns", {}},
      {"constellix", "dns_constellix", {}},
      {"corenetworks", "dns_cn", {}},
      {"cpanel", "dns_cpanel", {}},
      {"ddnss", "dns_ddnss", {}},
      {"directadmin", "dns_da", {}},
      {"dnsmadeeasy", "dns_me", {}},
      {"dnspod", "dns_dp", {}},
      {"domeneshop", "dns_domeneshop", {}},
      {"dynu", "dns_dynu", {}},
      {"edgedns", "dns_edgedns", {}},
      {"exoscale", "dns_exoscale", {}},
      {"freedns", "dns_freedns", {}},
      {"he", "dns_he", {}},
      {"huaweicloud", "dns_huaweicloud", {}},
      {"inwx", "dns_inwx", {}},
      {"ispconfig", "dns_ispconfig", {}},
      {"joker", "dns_joker", {}},
      {"leaseweb", "dns_leaseweb", {}},
      {"loopia", "dns_loopia", {}},
      {"mijn-host", "dns_mijnhost", {}},
      {"mythicbeasts", "dns_mythic_beasts", {}},
      {"netlify", "dns_netlify", {}},
      {"njalla", "dns_njalla", {}},
      {"oci", "dns_oci", {}},
      {"one", "dns_one", {}},
      {"plesk", "dns_pleskxml", {}},
      {"regru", "dns_regru", {}},
      {"selectel", "dns_selectel", {}},
      {"servercow", "dns_servercow", {}},
      {"simply", "dns_simply", {}},
      {"tencentcloud", "dns_tencent", {}},
      {"timeweb", "dns_timeweb", {}},
      {"transip", "dns_transip", {}},
      {"variomedia", "dns_variomedia", {}},
      {"websupport", "dns_websupport", {}},
      {"wedos", "dns_wedos", {}},
      {"yandexcloud", "dns_yc", {}},
  };
  return table;
}

const CertbotPlugin* find_certbot_plugin(std::string_view name) {
  const auto row = std::ranges::find(certbot_plugins(), name, &CertbotPlugin::name);
  return row == certbot_plugins().end() ? nullptr : &*row;
}

std::string certbot_plugin_name(std::string_view word) {
  std::string name = lower(word);
  std::ranges::replace(name, '_', '-');
  // The authenticator of a package is "PACKAGE:dns-NAME" in old lines.
  name.erase(0, name.rfind(':') + 1);
  for (const std::string_view before : {"certbot-plugin-", "certbot-dns-", "dns-"})
    if (name.starts_with(before)) return name.substr(before.size());
  return "";
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
