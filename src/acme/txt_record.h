// The TXT record that a challenge asks for: its name and its value, by type.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "acme/types.h"
#include "base/dns_record.h"

namespace certo::acme {

inline constexpr std::string_view dns_01 = "dns-01";
inline constexpr std::string_view dns_account_01 = "dns-account-01";

/// Whom the CA asks: parts of the records depend on the account.
struct Asker {
  std::string account;     // URL
  std::string thumbprint;  // of its key (RFC 7638)
};

/// Of dns-account-01 (draft-ietf-acme-dns-account-label): the label by which the records of two accounts do
/// not meet, "_ujmmovf2vn55tgye".
std::string account_label(const std::string& account_url);

/// The name of the record that is added for a challenge of this type and removed later: "" for other types.
std::string presented_name(std::string_view type, const std::string& base, const std::string& account_url);

/// The record of a challenge; nothing if its type has none or something is missing in it. That of
/// dns-persist-01 stays: it allows a wildcard if the authorization is for one.
std::optional<DnsRecord> record_of(const Authorization& authorization, const Challenge& challenge,
                                   const Asker& asker);

}  // namespace certo::acme
