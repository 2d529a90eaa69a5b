#include "acme/read.h"

#include <set>

#include "base/text.h"

namespace certo::acme {
namespace {

constexpr size_t most_challenges = 50;  // of one authorization

constexpr OrderStatus order_statuses[] = {OrderStatus::pending, OrderStatus::ready, OrderStatus::processing,
                                          OrderStatus::valid, OrderStatus::invalid};
constexpr AuthorizationStatus authorization_statuses[] = {
    AuthorizationStatus::pending,     AuthorizationStatus::valid,   AuthorizationStatus::invalid,
    AuthorizationStatus::deactivated, AuthorizationStatus::expired, AuthorizationStatus::revoked};

template <typename Status, size_t count>
Status read_status(const Fields& fields, const Status (&known)[count], Exit on_error) {
  const std::string text = fields.string("status");
  for (const Status status : known)
    if (text == name(status)) return status;
  throw Error(on_error, fields.subject() + ": unknown status '" + text + "'");
}

/// The types whose token is specified. In any other type that a CA offers, a token is kept if it has the same
/// form.
bool requires_token(const std::string& type) {
  return type == "http-01" || type == "dns-01" || type == "tls-alpn-01";
}

/// A challenge of a type that certo does not know may have another shape; it is passed over then.
bool is_usable(const Json& challenge) {
  const auto is_text = [&](const char* key) {
    const Json* const value = challenge.find(key);
    return value && value->is_string();
  };
  return !is_text("type") || requires_token(challenge.find("type")->string()) ||
         (is_text("url") && is_text("status"));
}

/// Without issuers if the challenge is not of the format that certo knows: it may be another one that is
/// used.
PersistOffer read_persist_offer(const Json& json) {
  PersistOffer offer{issuer_names(json.find("issuer-domain-names")), {}};
  const Json* const account = json.find("accounturi");
  if (!account || account->is_null()) return offer;
  if (!account->is_string() || !is_account_uri(account->string())) return {};
  offer.account_uris.push_back(account->string());
  return offer;
}

std::optional<Problem> optional_problem(const Fields& fields) {
  const Json* error = fields.optional_object("error");
  return error ? std::optional(parse_problem(*error)) : std::nullopt;
}

}  // namespace

Identifier parse_identifier(const Json& json, const std::string& subject, Exit on_error) {
  const Fields fields(json, subject + ": identifier", on_error);
  const std::string type = fields.string("type");
  const std::string value = fields.string("value");
  if (type != "dns" && type != "ip")
    throw Error(on_error, subject + ": certo does not know identifiers of type '" + type +
                              "', and did not ask for '" + value + "'");
  try {
    Identifier identifier = crypto::identifier(value);
    if (identifier.type == type) return identifier;
  } catch (const Error&) {  // the message below fits better
  }
  throw Error(on_error, subject + ": '" + value + "' is not an identifier of type '" + type + "'");
}

Url linked_url(const net::HttpReply& reply, std::string_view reference, const std::string& subject) {
  if (reference.empty()) throw Error(Exit::protocol, subject + " is missing in the CA's reply");
  return net::resolve_url(net::parse_url(reply.url, subject, Exit::protocol), reference, subject,
                          Exit::protocol);
}

std::vector<std::string> links(const net::HttpReply& reply, std::string_view relation) {
  const std::string plain = "rel=" + std::string(relation), quoted = "rel=\"" + std::string(relation) + '"';
  std::vector<std::string> targets;
  for (const std::string& header : reply.all("link")) {
    for (const std::string& link : split(header, ',')) {
      const std::string_view text = trim(link);
      const size_t end = text.find('>');
      if (!text.starts_with('<') || end == text.npos) continue;
      const std::string parameters = lower(text.substr(end));
      const bool is_it =
          parameters.find(quoted) != parameters.npos || parameters.find(plain) != parameters.npos;
      if (is_it) targets.emplace_back(text.substr(1, end - 1));
    }
  }
  return targets;
}

Challenge parse_challenge(const Json& json, const std::string& subject, Exit on_error) {
  const Fields fields(json, subject + ": challenge", on_error);
  Challenge challenge;
  challenge.type = fields.string("type");
  challenge.url = net::parse_url(fields.string("url"), fields.subject() + ": url", on_error);
  challenge.status = fields.string("status");
  challenge.validated = fields.optional_string("validated").value_or("");
  challenge.error = optional_problem(fields);
  if (challenge.type == persist_type) challenge.persist = read_persist_offer(json);
  const Json* const token = json.find("token");
  const bool is_sound = token && token->is_string() && is_token(token->string());
  if (is_sound) challenge.token = token->string();
  if (!requires_token(challenge.type) || is_sound) return challenge;
  challenge.token = fields.string("token");
  throw Error(on_error, fields.subject() + ": the token '" + challenge.token +
                            "' is not of the form that RFC 8555 allows");
}

Authorization parse_authorization(const Json& json, Url url, const std::string& subject, Exit on_error) {
  const Fields fields(json, subject, on_error);
  Authorization authorization;
  authorization.url = std::move(url);
  authorization.status = read_status(fields, authorization_statuses, on_error);
  authorization.wildcard = fields.boolean("wildcard", false);
  authorization.expires = fields.optional_string("expires").value_or("");
  const Json* identifier = fields.optional_object("identifier");
  if (!identifier) throw Error(on_error, subject + ": no identifier");
  authorization.identifier = parse_identifier(*identifier, subject, on_error);
  // Nothing is left to be done for a valid one, and some CAs leave its challenges out.
  const Json* const given = json.find("challenges");
  if (authorization.status == AuthorizationStatus::valid && (!given || given->is_null()))
    return authorization;
  const Json::Array& challenges = fields.array("challenges");
  if (challenges.size() > most_challenges) throw Error(on_error, subject + ": more than 50 challenges");
  for (const Json& challenge : challenges)
    if (is_usable(challenge))
      authorization.challenges.push_back(parse_challenge(challenge, subject, on_error));
  return authorization;
}

void require_own_tokens(const std::vector<Authorization>& authorizations, const std::string& subject,
                        Exit on_error) {
  std::set<std::string> taken;
  for (const Authorization& authorization : authorizations) {
    if (authorization.status != AuthorizationStatus::pending) continue;
    std::set<std::string> own;  // the challenges of one authorization may share theirs
    for (const Challenge& challenge : authorization.challenges)
      if (!challenge.token.empty()) own.insert(challenge.token);
    for (const std::string& token : own)
      if (!taken.insert(token).second)
        throw Error(on_error, subject + ": the token '" + token + "' occurs in two authorizations");
  }
}

Order parse_order(const Json& json, Url url, const std::string& subject, Exit on_error) {
  const Fields fields(json, subject, on_error);
  Order order;
  order.url = std::move(url);
  order.status = read_status(fields, order_statuses, on_error);
  order.expires = fields.optional_string("expires").value_or("");
  order.profile = fields.optional_string("profile").value_or("");
  order.replaces = fields.optional_string("replaces").value_or("");
  order.error = optional_problem(fields);
  for (const Json& identifier : fields.array("identifiers"))
    order.identifiers.push_back(parse_identifier(identifier, subject, on_error));
  order.finalize = net::parse_url(fields.string("finalize"), subject + ": finalize", on_error);
  if (std::optional<std::string> certificate = fields.optional_string("certificate"))
    order.certificate = net::parse_url(*certificate, subject + ": certificate", on_error);
  return order;
}

}  // namespace certo::acme
