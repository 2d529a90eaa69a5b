// The order document: the content of the pipe and of order.json. It is a
// bookmark without secrets; only the CA knows the state of the order, and each stage reads it
// again first. RFC 8555's member names, plus what a DNS host needs to present records.
#pragma once

#include <string>

#include "acme/types.h"
#include "base/dns_record.h"

namespace certo::acme {

inline constexpr const char* order_format = "order/1";

/// A TXT record that a pending challenge asks for, dns-01 or dns-account-01: the `present` member.
struct ChallengeRecord : DnsRecord {
  Identifier identifier;  // a wildcard with its "*."
  std::string type;       // of the challenge
};

struct Document {
  std::string directory;  // URL
  std::string account;    // URL
  Order order;
  std::string csr_pem;  // "" when the order was opened by names only
  std::vector<ChallengeRecord>
      records;  // filled by parse_document: all that a host without the account key knows
};

/// `thumbprint` (RFC 7638) fills the `present` member of challenges of dns-01 and dns-account-01, and the
/// `record` member of dns-persist-01, which is not presented but stays; with "" these are left out.
Json to_json(const Document& document, const std::string& thumbprint);
/// Throws Error{bad_input}: not JSON, not an order document, of another version (with a hint), or a URL or
/// token or record that breaks its grammar.
Document parse_document(std::string_view text, const std::string& subject);

}  // namespace certo::acme
