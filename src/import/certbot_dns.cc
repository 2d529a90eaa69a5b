#include "import/certbot_dns.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "import/ini.h"
#include "os/file.h"
#include "os/terminal.h"

namespace certo::imports {
namespace {

struct Pair {
  const char *theirs, *ours;  // theirs without "dns_NAME_"
};
struct Row {
  const char *plugin, *provider;
  std::vector<Pair> settings;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> table = {
      {"cloudflare",
       "cloudflare",
       {{"api_token", "CLOUDFLARE_API_TOKEN"},
        {"email", "CLOUDFLARE_EMAIL"},
        {"api_key", "CLOUDFLARE_API_KEY"}}},
      {"digitalocean", "digitalocean", {{"token", "DIGITALOCEAN_TOKEN"}}},
      {"dnsimple", "dnsimple", {{"token", "DNSIMPLE_OAUTH_TOKEN"}}},
      {"google", "gcloud", {}},  // the file is the account's own
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

std::string expanded(const std::string& path) {
  return path.starts_with("~/") ? os::home_folder() + path.substr(1) : path;
}

}  // namespace

std::optional<DnsPlugin> dns_plugin(const std::string& name, const std::string& file) {
  const auto row = std::ranges::find_if(rows(), [&](const Row& one) { return name == one.plugin; });
  if (row == rows().end()) return {};
  DnsPlugin plugin{row->provider, {}, {}};
  if (file.empty()) return plugin;
  const std::string path = expanded(file);
  if (name == "google") {
    plugin.values["GCE_SERVICE_ACCOUNT_FILE"] = path;
    plugin.left = path + ": must stay where it is, gcloud reads it at each renewal";
    return plugin;
  }
  const Ini ini = Ini::parse(os::read_file(path));
  for (const Pair& pair : row->settings) {
    const std::string value = ini.value("", "dns_" + name + "_" + pair.theirs);
    if (!value.empty()) plugin.values[pair.ours] = value;
  }
  // The default algorithms of certbot and certo differ.
  if (name == "rfc2136" && plugin.values.contains("DNSUPDATE_TSIG_KEY"))
    plugin.values.try_emplace("DNSUPDATE_TSIG_ALGORITHM", "hmac-md5");
  if (const auto algorithm = plugin.values.find("DNSUPDATE_TSIG_ALGORITHM"); algorithm != plugin.values.end())
    algorithm->second = lower(algorithm->second);
  return plugin;
}

}  // namespace certo::imports
