#include "commands/lego_words.h"

#include <algorithm>
#include <string_view>

namespace certo::commands {
namespace {

/// Services that certo knows from acme.sh or from their own documentation.
constexpr std::string_view not_in_lego[] = {
    "dnspod",    "dnspodcom", "dynv6",    "firestorm", "hexonet", "ipprojects", "jokersvc",
    "kappernet", "kinghost",  "mgwm",     "misaka",    "nanelo",  "nm",         "nw",
    "opnsense",  "qc",        "rackcorp", "sitehost",  "udr",
};

/// Settings of which lego's name is not the first; "": lego does without.
struct Renamed {
  std::string_view ours, of_lego;
};
constexpr Renamed renamed[] = {
    {"ACMEDNS_USERNAME", "ACME_DNS_API_BASE"},
    {"ACMEDNS_PASSWORD", "ACME_DNS_STORAGE_PATH"},
    {"ACMEDNS_SUBDOMAIN", ""},
    {"CLOUDFLARE_API_TOKEN", "CLOUDFLARE_DNS_API_TOKEN"},
    {"DIGITALOCEAN_TOKEN", "DO_AUTH_TOKEN"},
    {"NAMECHEAP_CLIENT_IP", ""},
    {"OCI_PRIVATE_KEY_FILE", "OCI_PRIVATE_KEY_PATH"},
    {"SCALEWAY_SECRET_KEY", "SCW_SECRET_KEY"},
    {"TRANSIP_PRIVATE_KEY_FILE", "TRANSIP_PRIVATE_KEY_PATH"},
    {"YANDEX_CLOUD_KEY_FILE", "YANDEX_CLOUD_IAM_TOKEN"},
};

std::string variable(const std::string& setting) {
  const auto* const found = std::ranges::find(renamed, setting, &Renamed::ours);
  return found == std::end(renamed) ? setting : std::string(found->of_lego);
}

}  // namespace

std::optional<std::string> lego_line(const provider::Caged& caged) {
  const std::string& name = caged.descriptor.name;
  if (caged.found_by != provider::FoundBy::built_in) return std::nullopt;
  if (std::ranges::find(not_in_lego, name) != std::end(not_in_lego)) return std::nullopt;
  std::string line;
  for (const provider::Setting& setting : caged.descriptor.settings) {
    const std::string wanted = setting.group == 1 ? variable(setting.name) : "";
    if (!wanted.empty()) line += wanted + "=… ";
  }
  return line + "lego --dns " + name + " -d example.com run";
}

}  // namespace certo::commands
