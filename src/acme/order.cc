#include "acme/order.h"

#include <algorithm>
#include <array>

#include "acme/read.h"
#include "base/log.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "net/retry_after.h"

namespace certo::acme {
namespace {

constexpr size_t certificate_limit = 256 << 10;
constexpr size_t most_alternates = 10;

Json body_of(const net::HttpReply& reply, const char* subject) {
  return parse_json(reply.body, subject, Exit::protocol);
}

/// The order in a CA's answer, checked against the request.
Order checked_order(const net::HttpReply& reply, Url url, const std::vector<Identifier>& asked) {
  const Json json = body_of(reply, "the order");
  Order order = parse_order(json, std::move(url), "the order", Exit::protocol);
  if (!crypto::same_set(order.identifiers, asked))
    throw Error(Exit::protocol, "the CA's order is for other names than requested");
  order.identifiers = asked;  // in the user's order
  for (const std::string& text : Fields(json, "the order", Exit::protocol).strings("authorizations"))
    order.authorization_urls.push_back(net::parse_url(text, "the order: authorization", Exit::protocol));
  if (order.authorization_urls.size() > asked.size())
    throw Error(Exit::protocol, "the CA's order has more authorizations than names");
  if (order.status == OrderStatus::pending && order.authorization_urls.empty())
    throw Error(Exit::protocol, "the CA's order is pending, but has no authorizations");
  return order;
}

Json order_payload(const OrderRequest& request, bool with_replaces) {
  Json names = Json::array();
  for (const Identifier& identifier : request.identifiers) {
    Json one = Json::object();
    one.set("type", identifier.type).set("value", identifier.value);
    names.push(std::move(one));
  }
  Json payload = Json::object();
  payload.set("identifiers", std::move(names));
  if (!request.profile.empty()) payload.set("profile", request.profile);
  if (request.not_before) payload.set("notBefore", rfc3339(*request.not_before));
  if (request.not_after) payload.set("notAfter", rfc3339(*request.not_after));
  if (with_replaces) payload.set("replaces", request.replaces);
  return payload;
}

Order send_order(Client& client, const OrderRequest& request, bool with_replaces) {
  const net::HttpReply reply = client.post({.url = client.directory().new_order,
                                            .payload = to_json(order_payload(request, with_replaces)),
                                            .step = Step::new_order});
  Url url = linked_url(reply, reply.header("location"), "the order's URL");
  Order order = checked_order(reply, std::move(url), request.identifiers);
  if (with_replaces) order.replaces = request.replaces;  // some CAs do not repeat it
  return order;
}

/// URLs of the alternate chains (RFC 8555 section 7.4.2, RFC 8288).
std::vector<Url> alternates(const net::HttpReply& reply) {
  std::vector<Url> urls;
  for (const std::string& target : links(reply, "alternate"))
    if (urls.size() < most_alternates) urls.push_back(linked_url(reply, target, "the alternate chain"));
  return urls;
}

/// "AB:CD:…" or "abcd…" as "abcd…"; "" for other texts.
std::string as_digest(const std::string& text) {
  constexpr size_t least = 32;  // hexadecimal digits: the shortest key identifier that CAs make
  std::string digest = lower(text);
  std::erase(digest, ':');
  const bool is_hex = digest.find_first_not_of("0123456789abcdef") == digest.npos;
  return is_hex && digest.size() >= least ? digest : "";
}

bool is_meant(const std::vector<crypto::Certificate>& chain, const std::string& preferred) {
  const std::string digest = as_digest(preferred);
  return std::ranges::any_of(chain, [&](const crypto::Certificate& one) {
    if (one.issuer_cn == preferred) return true;
    return !digest.empty() && (hex(one.authority_key_id) == digest ||
                               hex(crypto::sha256(std::span<const uint8_t>(one.der))) == digest);
  });
}

/// Nothing if certo cannot read a certificate in it; the default chain may do.
std::optional<std::vector<crypto::Certificate>> alternate(Client& client, const Url& url) {
  try {
    return crypto::parse_chain(client.read(url, certificate_limit).body, "the alternate chain",
                               Exit::protocol);
  } catch (const Error& error) {
    if (error.code != Exit::bad_input) throw;
    log::verbose(error.message);
    return {};
  }
}

/// RFC 9444 lets a CA validate a domain above the name. certo never offers that.
Error not_requested(const Identifier& wanted, const std::vector<Identifier>& asked) {
  const std::string what = "the CA wants proof for " + wanted.value;
  for (const Identifier& one : asked)
    if (one.base().ends_with("." + wanted.value))
      return Error(Exit::protocol,
                   what + ", a domain above " + one.value + ", which was not offered (RFC 9444)");
  return Error(Exit::protocol, what + ", which was not requested");
}

}  // namespace

bool has_profile(const Directory& directory, const std::string& profile) {
  return std::ranges::any_of(directory.profiles, [&](const auto& one) { return one.first == profile; });
}

std::string profiles_offered(const Directory& directory) {
  std::vector<std::string> offered;
  for (const auto& [name, description] : directory.profiles) offered.push_back(name);
  return offered.empty() ? "it has none" : "it has: " + join(offered, ", ");
}

void require_profile(const Directory& directory, const std::string& profile) {
  if (profile.empty() || has_profile(directory, profile)) return;
  throw Error(Exit::config, "this CA has no profile '" + profile + "'",
              directory.profiles.empty() ? "it has no profiles at all; leave --profile out"
                                         : profiles_offered(directory));
}

Order new_order(Client& client, const OrderRequest& request) {
  const Directory& directory = client.directory();
  require_profile(directory, request.profile);
  const bool with_replaces = !request.replaces.empty() && directory.renewal_info.has_value();
  // The authorizations will be read in parallel; their nonces come while the order is waited for.
  if (request.identifiers.size() > 1) client.prefetch_nonces(request.identifiers.size() + 1);
  try {
    return send_order(client, request, with_replaces);
  } catch (const Refusal& refusal) {
    // The CA may know of another replacement (RFC 9773 section 5); the certificate matters more.
    const std::string& type = refusal.problem.type;
    constexpr std::array reasons = {"alreadyReplaced", "malformed", "serverInternal", "unauthorized"};
    if (!with_replaces || std::ranges::find(reasons, type) == reasons.end()) throw;
    log::verbose("the CA does not accept this order as a replacement (" + refusal.message +
                 "); ordering without it");
    return send_order(client, request, false);
  }
}

Order read_order(Client& client, const Order& order, std::optional<Seconds>* suggested) {
  const net::HttpReply reply = client.read(order.url);
  if (suggested) *suggested = net::retry_after(reply.header("retry-after"), now());
  Order fresh = checked_order(reply, order.url, order.identifiers);
  fresh.authorizations = order.authorizations;
  if (fresh.profile.empty()) fresh.profile = order.profile;
  if (fresh.replaces.empty()) fresh.replaces = order.replaces;  // some CAs leave it out of later answers
  return fresh;
}

void read_authorizations(Client& client, Order& order) {
  std::vector<Post> posts;
  for (const Url& url : order.authorization_urls) posts.push_back({.url = url, .payload = ""});
  std::vector<net::HttpReply> replies = client.post_all(posts);
  order.authorizations.clear();
  for (size_t i = 0; i < replies.size(); ++i) {
    Authorization authorization = parse_authorization(body_of(replies[i], "the authorization"), posts[i].url,
                                                      "the authorization", Exit::protocol);
    auto covers = [&](const Identifier& asked) {
      return asked.type == authorization.identifier.type && asked.base() == authorization.identifier.base();
    };
    if (std::ranges::none_of(order.identifiers, covers))
      throw not_requested(authorization.identifier, order.identifiers);
    if (authorization.identifier.is_wildcard()) {  // some CAs repeat the "*." here
      authorization.wildcard = true;
      authorization.identifier.value = authorization.identifier.base();
    }
    order.authorizations.push_back(std::move(authorization));
  }
  require_own_tokens(order.authorizations, "the order", Exit::protocol);
}

size_t deactivate_authorizations(Client& client, const Order& order, AuthorizationStatus status) {
  size_t count = 0;
  for (const Authorization& authorization : order.authorizations) {
    if (authorization.status != status) continue;
    try {
      client.post({.url = authorization.url, .payload = R"({"status":"deactivated"})"});
      ++count;
    } catch (const Error& error) {
      log::verbose(error.message);
    }
  }
  return count;
}

void answer(Client& client, const std::vector<Url>& challenges) {
  std::vector<Post> posts;
  for (const Url& url : challenges) posts.push_back({.url = url, .payload = "{}"});
  client.post_all(posts);
}

Order finalize(Client& client, const Order& order, std::span<const uint8_t> csr, CsrFrom from) {
  Json payload = Json::object();
  payload.set("csr", base64url(csr));
  const net::HttpReply reply =
      client.post({.url = order.finalize,
                   .payload = to_json(payload),
                   .step = from == CsrFrom::user ? Step::finalize_given : Step::finalize});
  Order fresh = checked_order(reply, order.url, order.identifiers);
  fresh.authorizations = order.authorizations;
  return fresh;
}

std::vector<crypto::Certificate> download(Client& client, const Order& order,
                                          const std::string& preferred_chain) {
  if (!order.certificate) throw Error(Exit::protocol, "the order is valid, but the CA names no certificate");
  const net::HttpReply reply = client.read(*order.certificate, certificate_limit);
  std::vector<crypto::Certificate> chain =
      crypto::parse_chain(reply.body, "the CA's certificate", Exit::protocol);
  const bool is_shortest = preferred_chain == "shortest";
  if (preferred_chain.empty() || (!is_shortest && is_meant(chain, preferred_chain))) return chain;
  for (const Url& url : alternates(reply)) {
    std::optional<std::vector<crypto::Certificate>> other = alternate(client, url);
    if (!other) continue;
    if (!is_shortest && is_meant(*other, preferred_chain)) return *std::move(other);
    if (is_shortest && other->size() < chain.size()) chain = *std::move(other);
  }
  if (!is_shortest)
    log::warn("the CA offers no chain from '" + preferred_chain + "'; its default chain is used");
  return chain;
}

void revoke(Client& client, std::span<const uint8_t> certificate, int reason, RevokedBy by) {
  const Directory& directory = client.directory();
  if (!directory.revoke_cert) throw Error(Exit::failed, "this CA cannot revoke certificates over ACME");
  Json payload = Json::object();
  payload.set("certificate", base64url(certificate));
  if (reason >= 0) payload.set("reason", reason);
  client.post({.url = *directory.revoke_cert,
               .payload = to_json(payload),
               .with_jwk = by == RevokedBy::certificate_key,
               .step = Step::revoke});
}

}  // namespace certo::acme
