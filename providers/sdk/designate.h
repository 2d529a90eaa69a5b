// OpenStack's DNS service, version 2, by https://docs.openstack.org/api-ref/dns/dns-api-v2-index.html; clouds
// that have their own service of this kind differ in details.
#pragma once

#include <string>

#include "sdk/keystone.h"

namespace certo::sdk {

struct Designate {
  const Host& host;
  std::string url;  // "https://dns.example/v2"
  std::string token_header;
  std::string zone_filter;  // "&type=private"; ""
  bool repeats_name;        // an update must have the name and the type of the record set
  uint32_t least_ttl;
};

/// A change replaces whole record sets, so they are read first.
void change_designate(const Designate& api, Records records, Change change);

}  // namespace certo::sdk
