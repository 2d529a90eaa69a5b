#include "acme/document.h"

#include "acme/read.h"
#include "acme/txt_record.h"
#include "base/text.h"

namespace certo::acme {
namespace {

Json identifier_json(const Identifier& identifier) {
  Json json = Json::object();
  json.set("type", identifier.type).set("value", identifier.value);
  return json;
}

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json list_of(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push(text);
  return list;
}

Json challenge_json(const Authorization& authorization, const Challenge& challenge, const Asker& asker) {
  Json json = Json::object();
  json.set("type", challenge.type).set("url", challenge.url.text);
  if (!challenge.token.empty()) json.set("token", challenge.token);
  json.set("status", challenge.status);
  if (!challenge.persist.issuers.empty()) {
    json.set("issuer-domain-names", list_of(challenge.persist.issuers));
    if (!challenge.persist.account_uris.empty())
      json.set("accounturi", challenge.persist.account_uris.front());
  }
  if (asker.thumbprint.empty()) return json;
  if (const std::optional<DnsRecord> record = record_of(authorization, challenge, asker)) {
    Json member = Json::object();
    member.set("name", record->name).set("type", "TXT").set("value", record->value);
    json.set(challenge.type == persist_type ? "record" : "present", std::move(member));
  }
  return json;
}

Json authorization_json(const Authorization& authorization, const Asker& asker) {
  Json challenges = Json::array();
  for (const Challenge& challenge : authorization.challenges)
    challenges.push(challenge_json(authorization, challenge, asker));
  Json json = Json::object();
  json.set("url", authorization.url.text)
      .set("status", name(authorization.status))
      .set("wildcard", authorization.wildcard);
  json.set("identifier", identifier_json(authorization.identifier)).set("challenges", std::move(challenges));
  return json;
}

/// The record of a challenge. Its name follows from the identifier and the account; a document with another
/// name would make a DNS host write elsewhere in its zones.
std::optional<ChallengeRecord> parse_record(const Json& challenge, const Authorization& authorization,
                                            const std::string& account, const std::string& subject) {
  const Json* present = challenge.find("present");
  if (!present) return {};
  const Fields fields(*present, subject + ": present", Exit::bad_input);
  const Identifier& identifier = authorization.identifier;
  const std::string type = Fields(challenge, subject, Exit::bad_input).string("type");
  ChallengeRecord record{{fields.string("name"), fields.string("value")}, identifier, type};
  if (authorization.wildcard) record.identifier.value.insert(0, "*.");
  std::optional<Bytes> digest = from_base64url(record.value);
  const std::string name = presented_name(type, identifier.value, account);
  if (name.empty() || record.name != name || !digest || digest->size() != 32)
    throw Error(Exit::bad_input, subject + ": '" + record.name + "' with '" + record.value +
                                     "' is not a record of " + type + " for " + identifier.value);
  return record;
}

constexpr const char* origin = "an order document comes from 'certo order'";

Json parse_whole(std::string_view text, const std::string& subject) {
  try {
    return parse_json(text, subject, Exit::bad_input);
  } catch (Error& error) {
    error.hint = origin;
    throw;
  }
}

void check_format(const Json& json, const std::string& subject) {
  const Json* format = json.find("certo");
  if (!format || !format->is_string() || !format->string().starts_with("order/"))
    throw Error(Exit::bad_input, subject + " is not an order document", origin);
  if (format->string() != order_format)
    throw Error(Exit::bad_input, subject + " is an order document of another version, " + format->string(),
                "this certo reads " + std::string(order_format) + "; open a new order with 'certo order'");
}

}  // namespace

Json to_json(const Document& document, const std::string& thumbprint) {
  const Order& order = document.order;
  Json identifiers = Json::array();
  for (const Identifier& identifier : order.identifiers) identifiers.push(identifier_json(identifier));
  Json authorizations = Json::array();
  for (const Authorization& authorization : order.authorizations)
    authorizations.push(authorization_json(authorization, {document.account, thumbprint}));

  Json json = Json::object();
  json.set("certo", order_format).set("directory", document.directory).set("account", document.account);
  json.set("url", order.url.text)
      .set("status", name(order.status))
      .set("expires", text_or_null(order.expires));
  json.set("identifiers", std::move(identifiers)).set("profile", text_or_null(order.profile));
  json.set("replaces", text_or_null(order.replaces)).set("finalize", order.finalize.text);
  json.set("certificate", order.certificate ? Json(order.certificate->text) : Json());
  json.set("csr", text_or_null(document.csr_pem)).set("authorizations", std::move(authorizations));
  return json;
}

Document parse_document(std::string_view text, const std::string& subject) {
  const Json json = parse_whole(text, subject);
  check_format(json, subject);
  const Fields fields(json, subject, Exit::bad_input);
  Document document;
  document.directory =
      net::parse_url(fields.string("directory"), subject + ": directory", Exit::bad_input).text;
  document.account = net::parse_url(fields.string("account"), subject + ": account", Exit::bad_input).text;
  document.csr_pem = fields.optional_string("csr").value_or("");
  Url url = net::parse_url(fields.string("url"), subject + ": url", Exit::bad_input);
  document.order = parse_order(json, std::move(url), subject, Exit::bad_input);
  const Json::Array& authorizations = fields.array("authorizations");
  if (authorizations.size() > document.order.identifiers.size())
    throw Error(Exit::bad_input, subject + ": it has more authorizations than names", origin);
  for (const Json& item : authorizations) {
    Url at = net::parse_url(Fields(item, subject, Exit::bad_input).string("url"), subject + ": authorization",
                            Exit::bad_input);
    document.order.authorization_urls.push_back(at);
    Authorization authorization = parse_authorization(item, std::move(at), subject, Exit::bad_input);
    if (authorization.status == AuthorizationStatus::pending)
      for (const Json& challenge : item.find("challenges")->items())
        if (std::optional<ChallengeRecord> record =
                parse_record(challenge, authorization, document.account, subject))
          document.records.push_back(std::move(*record));
    document.order.authorizations.push_back(std::move(authorization));
  }
  require_own_tokens(document.order.authorizations, subject, Exit::bad_input);
  return document;
}

}  // namespace certo::acme
