// Log in at OpenStack's identity service, by https://docs.openstack.org/api-ref/identity/v3/index.html and,
// for its version 2.0, https://docs.openstack.org/keystone/pike/contributor/identity-v2-api-ref.html. Other
// clouds have taken it over.
#pragma once

#include <string>

#include "sdk/provider.hpp"

namespace certo::sdk {

struct Keystone {
  std::string token;  // for the header X-Auth-Token
  Json catalog;       // the services and where they are; null if the reply has none

  std::string header() const { return "X-Auth-Token: " + token; }
};

/// The password method: {"methods":["password"],"password":{"user":…}}.
Json keystone_password(Json user);

/// Version 3: `url` is that of the tokens. A null `scope` is left out. Throws Failure{config} with the
/// service's words if it refuses.
Keystone keystone_login(const Host& host, const std::string& url, Json identity, Json scope);

/// Version 2.0: `auth` is the member of that name.
Keystone keystone_v2_login(const Host& host, const std::string& url, Json auth);

/// The public URL of the service of this type (version 3) in the region, or in any if it is "". Without a
/// slash at its end. Throws Failure{config}.
std::string keystone_endpoint(const Keystone& keystone, const std::string& type, const std::string& region);

/// What an OpenStack service explains: {"message":…} or {"error":{"message":…}}. "" if it does not.
std::string openstack_words(const Reply& reply);

/// Throws for everything but a success, with those words. Statuses below 500 may be `allowed`, too.
void require_openstack(const Reply& reply, int allowed = 0);

}  // namespace certo::sdk
