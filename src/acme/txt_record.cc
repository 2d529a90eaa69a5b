#include "acme/txt_record.h"

#include <span>

#include "acme/jws.h"
#include "acme/persist.h"
#include "crypto/hash.h"

namespace certo::acme {
namespace {

constexpr std::string_view challenge_label = "_acme-challenge.";
constexpr size_t label_bytes = 10;  // of the digest

/// RFC 4648 section 6 in lower case, of bytes that need no padding.
std::string base32(std::span<const uint8_t> bytes) {
  constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
  std::string text;
  uint32_t held = 0;
  int bits = 0;
  for (const uint8_t byte : bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(held >> (bits - 5)) & 31];
    held &= 31;  // fewer than five bits are left
  }
  return text;
}

}  // namespace

std::string account_label(const std::string& account_url) {
  const crypto::Sha256 digest = crypto::sha256(account_url);
  return "_" + base32(std::span(digest).first(label_bytes));
}

std::string presented_name(std::string_view type, const std::string& base, const std::string& account_url) {
  if (type == dns_01) return std::string(challenge_label) + base;
  if (type == dns_account_01) return account_label(account_url) + "." + std::string(challenge_label) + base;
  return {};
}

std::optional<DnsRecord> record_of(const Authorization& authorization, const Challenge& challenge,
                                   const Asker& asker) {
  const std::string& base = authorization.identifier.value;
  if (challenge.type == persist_type) {
    if (challenge.persist.issuers.empty() || !is_account_uri(asker.account)) return {};
    const PersistRecord record{.issuer = challenge.persist.issuers.front(),
                               .account_uri = challenge.persist.account_uris.empty()
                                                  ? asker.account
                                                  : challenge.persist.account_uris.front(),
                               .allows_wildcard = authorization.wildcard,
                               .until = {}};
    return DnsRecord{persist_name(base), to_text(record)};
  }
  std::string name = presented_name(challenge.type, base, asker.account);
  if (name.empty() || challenge.token.empty() || asker.thumbprint.empty()) return {};
  return DnsRecord{std::move(name), dns01_value(key_authorization(challenge.token, asker.thumbprint))};
}

}  // namespace certo::acme
