// Orders, authorizations and certificates (RFC 8555 sections 7.4 and 7.5): each function is
// one request, or several in parallel, and checks everything in the answer.
#pragma once

#include <string>
#include <vector>

#include "acme/client.h"
#include "crypto/certificate.h"

namespace certo::acme {

struct OrderRequest {
  std::vector<Identifier> identifiers;
  std::string profile;   // draft-ietf-acme-profiles; "" for the CA's default
  std::string replaces;  // RFC 9773; the order is sent without it if the CA refuses it
  std::optional<Time> not_before{}, not_after{};
};

/// False for "".
bool has_profile(const Directory& directory, const std::string& profile);
/// "it has: a, b"
std::string profiles_offered(const Directory& directory);
/// Throws Error{config} if the CA does not have it. "" is the CA's default.
void require_profile(const Directory& directory, const std::string& profile);

/// newOrder. Throws Error{protocol} if the order is for another set of identifiers than requested, or has
/// more authorizations than names.
Order new_order(Client& client, const OrderRequest& request);

/// Reads the order again. Identifiers must still be `order`'s. `retry_after` receives the header's value.
Order read_order(Client& client, const Order& order, std::optional<Seconds>* retry_after = nullptr);

/// Reads the authorizations in parallel, and checks that each is for a requested name.
void read_authorizations(Client& client, Order& order);

/// Deactivates the authorizations that have this status, so that the CA does not use them for a new order
/// (section 7.5.2). Failures are ignored. Returns how many were deactivated.
size_t deactivate_authorizations(Client& client, const Order& order, AuthorizationStatus status);

/// Tells the CA that the challenges are ready to be validated, in parallel.
void answer(Client& client, const std::vector<Url>& challenges);

/// Who made the CSR: certo, with its own key, or the user (--csr).
enum class CsrFrom { certo, user };

/// Sends the CSR (7.4). The key must be on disk already.
Order finalize(Client& client, const Order& order, std::span<const uint8_t> csr, CsrFrom from);

/// Downloads the certificate: the default chain, or the first that `preferred_chain` means; at most ten
/// alternates. Warns and returns the default if none matches. `preferred_chain` is the common name of an
/// issuer in it, the SHA-256 fingerprint of a certificate in it or an authority key identifier (both
/// hexadecimal, with or without colons), or "shortest".
std::vector<crypto::Certificate> download(Client& client, const Order& order,
                                          const std::string& preferred_chain);

/// The signer: the account that it was issued to, or the certificate's key, which is then the client's.
enum class RevokedBy { account, certificate_key };
/// Revokes (7.6); `reason` of RFC 5280 section 5.3.1, -1 for none.
void revoke(Client& client, std::span<const uint8_t> certificate, int reason,
            RevokedBy by = RevokedBy::account);

}  // namespace certo::acme
