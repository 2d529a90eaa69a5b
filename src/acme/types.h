// The objects of RFC 8555 section 7.1, as certo reads them from a CA. Everything in
// them was checked when it was read: URLs are https, tokens match their grammar,
// identifiers are the requested ones.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "acme/persist.h"
#include "acme/problem.h"
#include "base/json.h"
#include "base/time.h"
#include "crypto/name.h"
#include "net/url.h"

namespace certo::acme {

using crypto::Identifier;
using net::Url;

struct Directory {  // 7.1.1
  Url url;
  Url new_nonce, new_account, new_order;
  std::optional<Url> revoke_cert, key_change, renewal_info;  // renewalInfo: RFC 9773
  std::string terms_of_service, website;
  std::vector<std::pair<std::string, std::string>>
      profiles;                             // name and description (draft-ietf-acme-profiles)
  std::vector<std::string> caa_identities;  // 9.7.6; empty if they are not usable
  bool external_account_required = false;
  Json json;  // as the CA sent it, for the cache
};
/// Throws Error{protocol}.
Directory parse_directory(const Url& url, const Json& json);

struct Account {  // 7.1.2
  std::string url;
  std::string status;
  std::vector<std::string> contact;
  bool terms_agreed = false;
};

struct Challenge {   // 8
  std::string type;  // "http-01", "dns-01", …
  Url url;
  std::string token;  // is_token() holds for the types that certo can fulfil; empty for others
  std::string status;
  std::optional<Problem> error;
  std::string validated;
  PersistOffer persist{};  // of dns-persist-01; without issuers if it is not of the format that certo knows
};

enum class AuthorizationStatus { pending, valid, invalid, deactivated, expired, revoked };
const char* name(AuthorizationStatus status);

struct Authorization {  // 7.1.4
  Url url;
  AuthorizationStatus status = AuthorizationStatus::pending;
  Identifier identifier;  // never with "*."
  bool wildcard = false;
  std::string expires;
  std::vector<Challenge> challenges;
};

enum class OrderStatus { pending, ready, processing, valid, invalid };
const char* name(OrderStatus status);

struct Order {  // 7.1.3
  Url url;
  OrderStatus status = OrderStatus::pending;
  std::string expires;
  std::vector<Identifier> identifiers;
  std::string profile;   // "" if none was requested
  std::string replaces;  // RFC 9773 certificate identifier, or ""
  Url finalize;
  std::optional<Url> certificate;
  std::vector<Url> authorization_urls;
  std::vector<Authorization> authorizations;  // those that have been read
  std::optional<Problem> error;
};

}  // namespace certo::acme
