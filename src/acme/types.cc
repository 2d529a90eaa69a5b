#include "acme/types.h"

namespace certo::acme {
namespace {

std::optional<Url> optional_url(const Fields& fields, std::string_view key) {
  std::optional<std::string> text = fields.optional_string(key);
  if (!text) return {};
  return net::parse_url(*text, fields.subject() + ": " + std::string(key), Exit::protocol);
}

Url required_url(const Fields& fields, std::string_view key) {
  return net::parse_url(fields.string(key), fields.subject() + ": " + std::string(key), Exit::protocol);
}

}  // namespace

Directory parse_directory(const Url& url, const Json& json) {
  const Fields fields(json, "the directory " + url.text, Exit::protocol);
  Directory directory;
  directory.url = url;
  directory.new_nonce = required_url(fields, "newNonce");
  directory.new_account = required_url(fields, "newAccount");
  directory.new_order = required_url(fields, "newOrder");
  directory.revoke_cert = optional_url(fields, "revokeCert");
  directory.key_change = optional_url(fields, "keyChange");
  directory.renewal_info = optional_url(fields, "renewalInfo");
  directory.json = json;
  const Json* meta = fields.optional_object("meta");
  if (!meta) return directory;

  const Fields about(*meta, fields.subject() + ": meta", Exit::protocol);
  directory.terms_of_service = about.optional_string("termsOfService").value_or("");
  directory.website = about.optional_string("website").value_or("");
  if (const Json* caa = meta->find("caaIdentities"); caa && caa->is_array())
    for (const Json& one : caa->items())
      if (one.is_string()) directory.caa_identities.push_back(one.string());
  directory.external_account_required = about.boolean("externalAccountRequired", false);
  directory.caa_identities = issuer_names(meta->find("caaIdentities"));
  if (const Json* profiles = about.optional_object("profiles"))
    for (const auto& [name, description] : profiles->members())
      directory.profiles.emplace_back(name, description.is_string() ? description.string() : "");
  return directory;
}

const char* name(AuthorizationStatus status) {
  switch (status) {
    case AuthorizationStatus::pending: return "pending";
    case AuthorizationStatus::valid: return "valid";
    case AuthorizationStatus::invalid: return "invalid";
    case AuthorizationStatus::deactivated: return "deactivated";
    case AuthorizationStatus::expired: return "expired";
    case AuthorizationStatus::revoked: return "revoked";
  }
  return "";
}

const char* name(OrderStatus status) {
  switch (status) {
    case OrderStatus::pending: return "pending";
    case OrderStatus::ready: return "ready";
    case OrderStatus::processing: return "processing";
    case OrderStatus::valid: return "valid";
    case OrderStatus::invalid: return "invalid";
  }
  return "";
}

}  // namespace certo::acme
