// dns-persist-01: a TXT record that stays, and that allows one account of a CA to get certificates for the
// name. The draft still changes (a hash instead of the account's URI is proposed), so all that certo knows
// about the format is in this file.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/dns_record.h"
#include "base/json.h"
#include "base/time.h"

namespace certo::acme {

/// The version of the format that certo writes and reads.
inline constexpr const char* persist_format = "draft-ietf-acme-dns-persist-01";
inline constexpr const char* persist_type = "dns-persist-01";

/// What a CA accepts in a record: one of its names, and one of the URIs of the account.
struct PersistOffer {
  std::vector<std::string> issuers;       // empty: not known
  std::vector<std::string> account_uris;  // the one that the CA asks for is the first

  bool operator==(const PersistOffer&) const = default;
};

/// "ISSUER; accounturi=URI[; policy=wildcard][; persistUntil=SECONDS]", the issue-value of RFC 8659 section
/// 4.2.
struct PersistRecord {
  std::string issuer;  // lower case, without a final dot
  std::string account_uri;
  bool allows_wildcard = false;
  std::optional<Time> until;  // the last moment at which the CA accepts it; nothing: for ever

  bool operator==(const PersistRecord&) const = default;
};

/// "_validation-persist.example.com" for the name without "*.".
std::string persist_name(const std::string& base);
std::string to_text(const PersistRecord& record);
/// Nothing if it is not of the form, or if it has a parameter twice. Unknown parameters are skipped.
std::optional<PersistRecord> parse_persist_record(std::string_view text);

/// The line of a zone file: `NAME. IN TXT "first string" "second string"`.
std::string zone_line(const DnsRecord& record);

/// The domain names in a list of a CA ("issuer-domain-names", "caaIdentities") in lower case; none if one of
/// them is not a domain name or if there are more than ten.
std::vector<std::string> issuer_names(const Json* list);
/// Whether it can be the URI of an account in a record, also between quotation marks: printable ASCII without
/// blanks, ';', '"' and '\', at most 1,000 bytes.
bool is_account_uri(std::string_view text);

/// What the TXT values of a name mean for an order.
struct PersistVerdict {
  enum class State { good, expired, no_wildcard, other_account, other_issuer, malformed, missing };
  State state = State::missing;
  std::optional<PersistRecord> record;  // that the state is about; nothing if malformed or missing
  std::string value;                    // its text
};
/// The best of `values`; of good ones the one that lasts longest.
PersistVerdict judge(const std::vector<std::string>& values, const PersistOffer& offer, bool is_for_wildcard,
                     Time now);
/// "it is for another account, https://ca.example/acct/1"; "" if it is good.
std::string explain(const PersistVerdict& verdict, const PersistOffer& offer);

}  // namespace certo::acme
