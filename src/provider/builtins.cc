#include "provider/builtins.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "provider/descriptor.h"
#include "recipe/carried.h"

// One entry for each file providers/*.cc.
// clang-format off
#define CERTO_BUILTINS(each) \
  each(acmedns) each(alidns) each(aliesa) each(allinkl) each(azuredns) \
  each(baiducloud) each(bluecat) each(clouddns) each(cloudflare) each(conoha) each(conohav3) \
  each(constellix) each(cpanel) each(designate) each(dnshomede) each(dnsmadeeasy) each(dnspod) \
  each(dnspodcom) each(dnsupdate) each(duckdns) each(edgedns) each(edgeone) each(exoscale) \
  each(gcloud) each(gname) each(hexonet) each(hostingde) each(httpnet) each(httpreq) each(huaweicloud) \
  each(hurricane) each(infoblox) each(inwx) each(ipv64) each(jdcloud) each(joker) each(jokersvc) \
  each(lightsail) each(loopia) each(mailinabox) each(myaddr) each(namecheap) each(nearlyfreespeech) \
  each(netcup) each(nicmanager) each(nicru) each(oraclecloud) each(otc) each(ovh) each(pdns) \
  each(plesk) each(rackspace) each(rimuhosting) each(route53) each(selectelv2) each(tencentcloud) \
  each(transip) each(ucloud) each(udr) each(volcengine) each(wedos) each(yandexcloud) \
  each(zonomi)
// clang-format on

#define CERTO_DECLARE(name) extern "C" const certo_provider* certo_builtin_##name();
CERTO_BUILTINS(CERTO_DECLARE)

namespace certo::provider {

std::span<const certo_provider* const> builtins() {
#define CERTO_ROW(name) certo_builtin_##name(),
  static const certo_provider* const table[] = {CERTO_BUILTINS(CERTO_ROW)};
  return table;
}

std::vector<std::string> builtin_names() {
  std::vector<std::string> names;
  for (const certo_provider* provider : builtins()) names.emplace_back(provider->name);
  for (std::string& name : recipe::carried_names()) names.push_back(std::move(name));
  return names;
}

const certo_provider* find_builtin(std::string_view name) {
  for (const certo_provider* provider : builtins()) {
    if (provider->name == name || std::ranges::count(split(provider->aliases, ' '), name) > 0)
      return provider;
  }
  return nullptr;
}

bool is_of_built_in(const std::string& variable) {
  static const std::set<std::string> all = [] {
    std::set<std::string> names;
    const auto add = [&](const Descriptor& descriptor) {
      for (const Setting& setting : settings_of(descriptor)) {
        names.insert(setting.name);
        names.insert(setting.aliases.begin(), setting.aliases.end());
      }
    };
    for (const certo_provider* provider : builtins()) add(describe(*provider, provider->name));
    for (const recipe::Recipe& one : recipe::carried_descriptions()) add(describe(one));
    return names;
  }();
  return all.contains(variable);
}

}  // namespace certo::provider
