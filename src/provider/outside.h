// The outside world of a provider's child: HTTP and DNS over the network, and the clock.
#pragma once

#include <string>

#include "net/dns.h"
#include "os/signals.h"
#include "provider/call.h"

namespace certo::provider {

class Network : public Outside {
 public:
  /// `resolvers`: of --resolver. `limit`: of each DNS message, and of a search for a
  /// zone.
  Network(const std::vector<std::string>& resolvers, Millis limit);

  net::Pending send(net::HttpRequest request) override { return http_.send(std::move(request)); }
  Time now() override { return certo::now(); }
  Millis now_ms() override;
  void wait(Seconds time) override { os::sleep_for(time); }
  std::string zone(const std::string& name) override;
  Bytes dns(const std::string& server, const Bytes& message) override;

 private:
  net::Http http_;
  net::Resolver resolver_;
  Millis limit_;
};

}  // namespace certo::provider
