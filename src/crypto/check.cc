// The check of a CA's answer: implements a part of crypto/certificate.h.
#include <mbedtls/x509_crt.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "crypto/certificate.h"
#include "crypto/mbed.h"

namespace certo::crypto {

namespace {

constexpr auto clock_skew = std::chrono::hours(1);

[[noreturn]] void refuse(const std::string& why, const std::string& hint = {}) {
  throw Error(Exit::protocol, "the CA's certificate " + why, hint);
}

/// Some CAs add www.example.com to example.com or the reverse, and the base of a wildcard.
bool goes_with(const Identifier& extra, const Identifier& asked) {
  if (extra.type != "dns" || asked.type != "dns") return false;
  return asked.value == "www." + extra.value || asked.value == "*." + extra.value ||
         extra.value == "www." + asked.value;
}

std::vector<Identifier> check_names(const Certificate& leaf, const std::vector<Identifier>& wanted) {
  const std::set<Identifier> asked(wanted.begin(), wanted.end());
  const std::set<Identifier> given(leaf.identifiers.begin(), leaf.identifiers.end());
  for (const Identifier& one : asked) {
    if (!given.contains(one)) refuse("lacks " + one.value);
  }
  std::vector<Identifier> extra;
  std::ranges::set_difference(given, asked, std::back_inserter(extra));
  for (const Identifier& one : extra) {
    const bool harmless = std::ranges::any_of(asked, [&](const auto& name) { return goes_with(one, name); });
    if (!harmless) refuse("names " + one.value + ", which was not requested");
  }
  return extra;
}

void check_use(const Certificate& leaf) {
  if (leaf.is_ca) refuse("is one of a CA (CA:TRUE)");
  if (!leaf.is_for_servers) refuse("is not for TLS servers (no serverAuth in its extended key usage)");
}

/// `what` begins the sentence: "" for the leaf, "comes with a chain whose number 2 ".
void check_dates(const Certificate& one, Time now, const std::string& what = {}) {
  const std::string hint = "it is " + rfc3339(now) + " on this machine: is its clock right?";
  if (one.not_before > now + clock_skew) refuse(what + "is valid only from " + rfc3339(one.not_before), hint);
  if (one.not_after <= now) refuse(what + "expired at " + rfc3339(one.not_after), hint);
}

void check_issuer(const Certificate& issuer, size_t number, const Wanted& wanted, Time now) {
  const std::string what =
      "comes with a chain whose number " + std::to_string(number) + ", " + issuer.subject + ", ";
  check_dates(issuer, now, what);
  if (issuer.has_weak_key && !wanted.allows_weak_issuers)
    refuse(
        what + "has a weak key, " + issuer.key_description,
        "for a private CA: an entry with \"weak_keys\": true in servers.json of the state folder allows it");
}

bool same(const mbedtls_x509_buf& a, const mbedtls_x509_buf& b) {
  return std::ranges::equal(std::span(a.p, a.len), std::span(b.p, b.len));
}

/// A version 1 certificate has no extensions that could say so. Only a root, which signs itself, may be one.
bool is_old_root(const mbedtls_x509_crt& issuer) {
  return issuer.version == 1 && same(issuer.issuer_raw, issuer.subject_raw);
}

bool may_sign(mbedtls_x509_crt& issuer) {
  if (is_old_root(issuer)) return true;
  return mbedtls_x509_crt_get_ca_istrue(&issuer) == 1 &&
         mbedtls_x509_crt_check_key_usage(&issuer, MBEDTLS_X509_KU_KEY_CERT_SIGN) == 0;
}

}  // namespace

std::vector<Identifier> check_chain(const std::vector<Certificate>& chain, const Wanted& wanted, Time now) {
  if (chain.empty() || wanted.identifiers.empty())
    throw Error(Exit::bug, "nothing to check a certificate against");

  const Certificate& leaf = chain.front();
  if (leaf.spki != wanted.spki) refuse("is for another key than ours");
  std::vector<Identifier> extra = check_names(leaf, wanted.identifiers);
  check_dates(leaf, std::max(now, wanted.starts));
  check_use(leaf);
  for (size_t i = 1; i < chain.size(); ++i) {
    if (!is_signed_by(chain[i - 1], chain[i])) {
      refuse("comes with a broken chain: number " + std::to_string(i) + " is not signed by number " +
             std::to_string(i + 1) + ", " + chain[i].subject);
    }
    check_issuer(chain[i], i + 1, wanted, now);
  }
  return extra;
}

bool is_signed_by(const Certificate& child, const Certificate& issuer) {
  mbed::Crt below, above;
  if (mbed::parse(*below.get(), child.der) != 0 || mbed::parse(*above.get(), issuer.der) != 0) return false;
  if (!same(below->issuer_raw, above->subject_raw) || !may_sign(*above.get())) return false;
  // mbedTLS has no getters for a signature; its own verification would also check trust and dates.
  const mbedtls_x509_buf& signature = below->MBEDTLS_PRIVATE(sig);
  return mbed::verifies(above->pk, below->MBEDTLS_PRIVATE(sig_pk), below->MBEDTLS_PRIVATE(sig_opts),
                        below->MBEDTLS_PRIVATE(sig_md), {below->tbs.p, below->tbs.len},
                        {signature.p, signature.len});
}

}  // namespace certo::crypto
