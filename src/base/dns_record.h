// The TXT record of a DNS challenge (RFC 8555 section 8.4): what every room from the order to the DNS service
// means by a record. Providers can write other types, too.
#pragma once

#include <compare>
#include <string>

namespace certo {

struct DnsRecord {
  static constexpr const char* txt = "TXT";

  std::string name;   // "_acme-challenge.example.com"
  std::string value;  // 43 characters of base64url; of other types: as a zone file has it
  std::string type = txt;

  auto operator<=>(const DnsRecord&) const = default;
};

}  // namespace certo
