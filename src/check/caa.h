// Whether CAA records allow the CA to issue (RFC 8659), to this account and by this method (RFC 8657).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "net/dns.h"

namespace certo::check {

struct CaaQuestion {
  std::vector<std::string> issuers;        // the CA's names; empty: not known
  std::optional<std::string> account_uri;  // "": there is no account yet; nothing: not known
  std::string method;                      // "dns-01"; "": not known
  bool is_wildcard = false;
};

struct CaaVerdict {
  /// The worst is the last.
  enum class State {
    no_restriction,
    allowed,
    issuer_unknown,   // it depends on the CA's name, which certo does not know
    account_unknown,  // it depends on the account, which certo does not know
    other_method,
    other_account,
    other_issuer,
    nobody,    // issue ";"
    critical,  // a critical property that CAs do not know
  };
  State state = State::no_restriction;
  std::string property{};  // that decides: `issue "ca.example; validationmethods=dns-01"`
};

/// `set`: the relevant set, which is that of the name or of the first ancestor that has one.
CaaVerdict decide(const std::vector<net::DnsCaa>& set, const CaaQuestion& question);

}  // namespace certo::check
