// Which limit of the CA a refusal is about. RFC 8555 section 6.6 has one error type for all of them, and only
// the text says what is limited. It decides what has to wait: one certificate, or all new orders.
#pragma once

#include <string>
#include <string_view>

namespace certo::acme {

enum class Limited {
  identifier_set,  // certificates for exactly these names
  domain,          // certificates for one registered domain
  identifier,      // validations of one name by this account
  account,         // newOrder of this account
  address,         // newAccount from this address
  unknown,
};

struct Limit {
  Limited kind = Limited::unknown;
  std::string what;       // "certificates for exactly these names"; "" when unknown
  std::string hint;       // "" when unknown
  std::string subject{};  // the name or domain that the CA's text quotes; "" if it quotes none
};

/// `detail`: of a problem document with status 429.
Limit limit_in(std::string_view detail);
/// `subject`: the name or domain that it is about.
Limit limit_of(Limited kind, const std::string& subject);

}  // namespace certo::acme
