// The TXT record of a dns-01 challenge (RFC 8555 section 8.4): what every room from the order to the DNS
// service means by a record.
#pragma once

#include <compare>
#include <string>

namespace certo {

struct DnsRecord {
  std::string name;   // "_acme-challenge.example.com"
  std::string value;  // 43 characters of base64url

  auto operator<=>(const DnsRecord&) const = default;
};

}  // namespace certo
