#include "provider/elsewhere.h"

namespace certo::provider {

std::span<const Elsewhere> elsewhere() {
  static constexpr Elsewhere table[] = {
      {"bluecatv2", "Bluecat v2", "no provider yet, and acme.sh has no script"},
      {"checkdomain", "Checkdomain", "no provider yet, and acme.sh has no script"},
      {"cloudru", "Cloud.ru", "no provider yet, and acme.sh has no script"},
      {"com35", "35.com", "no provider yet, and acme.sh has no script"},
      {"connbyte", "Connbyte", "no provider yet, and acme.sh has no script"},
      {"dns51", "51DNS", "no provider yet, and acme.sh has no script"},
      {"dns_1984hosting", "1984.hosting", {}},
      {"dns_alviy", "Alviy.com", {}},
      {"dns_artfiles", "ArtFiles", {}},
      {"dns_beget", "Beget.com", {}},
      {"dns_bh", "Best-Hosting.cz", {}},
      {"dns_bhosted", "bHosted.nl DNS API", {}},
      {"dns_cyon", "cyon.ch", {}},
      {"dns_durabledns", "DurableDNS.com", {}},
      {"dns_euserv", "EUserv", {}},
      {"dns_fornex", "Fornex", {}},
      {"dns_freedns", "FreeDNS", {}},
      {"dns_geoscaling", "GeoScaling.com", {}},
      {"googledomains", "Google Domains", "closed in 2023"},
      {"dns_he", "Hurricane Electric HE.net", {}},
      {"dns_infoblox_uddi", "Infoblox UDDI", {}},
      {"dns_ispconfig", "ISPConfig 3", {}},
      {"dns_knot", "Knot Server knsupdate", {}},
      {"dns_lexicon", "Lexicon DNS client", {}},
      {"linode-v3", "Linode.com (Old)", "its API was closed; use linode"},
      {"dns_maradns", "MaraDNS Server", {}},
      {"dns_mydevil", "MyDevil.net", {}},
      {"dns_nsd", "NLnetLabs NSD Server", {}},
      {"dns_one", "one.com", {}},
      {"dns_selfhost", "SelfHost.(de|eu)", {}},
      {"dns_sotoon", "Sotoon.ir", {}},
      {"dns_subreg", "Subreg.cz", {}},
      {"dns_virakcloud", "VirakCloud DNS API", {}},
      {"dns_west_cn", "West.cn", {}},
      {"dns_world4you", "World4You.com", {}},
      {"dynadot", "Dynadot", "no provider yet, and acme.sh has no script"},
      {"excedo", "Excedo", "no provider yet, and acme.sh has no script"},
      {"hyperone", "HyperOne", "no provider yet, and acme.sh has no script"},
      {"iijdpf", "IIJ DNS Platform Service", "no provider yet, and acme.sh has no script"},
      {"liquidweb", "Liquid Web", "no provider yet, and acme.sh has no script"},
      {"manageengine", "ManageEngine CloudDNS", "no provider yet, and acme.sh has no script"},
      {"mittwald", "Mittwald", "no provider yet, and acme.sh has no script"},
      {"namesurfer", "FusionLayer NameSurfer", "no provider yet, and acme.sh has no script"},
      {"nifcloud", "NIFCloud", "no provider yet, and acme.sh has no script"},
      {"octenium", "Octenium", "no provider yet, and acme.sh has no script"},
      {"shellrent", "Shellrent", "no provider yet, and acme.sh has no script"},
      {"syse", "Syse", "no provider yet, and acme.sh has no script"},
      {"todaynic", "TodayNIC", "no provider yet, and acme.sh has no script"},
      {"vinyldns", "VinylDNS", "no provider yet, and acme.sh has no script"},
      {"xinnet", "Xinnet", "no provider yet, and acme.sh has no script"},
  };
  return table;
}

const Elsewhere* find_elsewhere(std::string_view name) {
  for (const Elsewhere& one : elsewhere()) {
    if (one.name == name || one.name == "dns_" + std::string(name)) return &one;
  }
  return nullptr;
}

std::string hint_for(const Elsewhere& service) {
  if (!service.reason.empty()) return std::string(service.title) + ": " + std::string(service.reason);
  const std::string name(service.name);
  return std::string(service.title) + " works by acme.sh's script: --dns " + name + ", with " + name +
         ".sh of acme.sh; 'certo help dns-scripts' explains it";
}

}  // namespace certo::provider
