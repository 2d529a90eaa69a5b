// The API that Websupport and Active24 share: https://rest.active24.cz/v2/docs/intro,
// https://rest.active24.cz/v2/docs#/DNS and, for services, https://rest.active24.cz/docs/v1.service
#pragma once

#include "sdk/values.h"

namespace certo::sdk {

/// A domain is a service of the account. Records are in the second version of the API, services in the first.
class Websupport : public ValueService {
 public:
  /// With the names of the settings that hold the key.
  Websupport(const Host& host, const char* key, const char* secret)
      : host_(host), key_(host.require(key)), secret_(host.require(secret)) {}

  std::optional<Zone> zone(const std::string& name) override;
  std::vector<Held> list(const Zone& zone, const std::string& name) override;
  void add(const Zone& zone, const Record& record) override;
  void remove(const Zone& zone, const std::string& name, const Held& held) override;

 private:
  Reply send(const std::string& method, const std::string& path, const std::string& query = "",
             const std::string& body = "", int missing = 0) const;

  const Host& host_;
  std::string key_, secret_;
  std::optional<Json::Array> services_;
};

}  // namespace certo::sdk
