// renewal/NAME.conf of certbot: how certbot renews one certificate.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/ini.h"
#include "import/found.h"

namespace certo::imports {

/// The directory URL of the CA.
std::string certbot_server(const Ini& conf);

/// The provider with its account for each plugin and credentials file: of two accounts at one service each
/// has its settings under a name of its own.
class CertbotProviders {
 public:
  /// The value for Way::provider; "" if certo does not know the plugin.
  std::string provider(const std::string& plugin, const std::string& file);

  std::vector<FoundSettings> settings;
  std::vector<std::string> left;

 private:
  std::map<std::pair<std::string, std::string>, std::string> known_;
};

/// The certificate of `conf`, the content of renewal/<name>.conf below `folder`. Throws Error if it cannot be
/// imported.
FoundCertificate read_certbot_renewal(const std::string& folder, const std::string& name, const Ini& conf,
                                      CertbotProviders& providers);

}  // namespace certo::imports
