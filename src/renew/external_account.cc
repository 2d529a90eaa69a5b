#include "renew/external_account.h"

#include <algorithm>

#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "net/url.h"

namespace certo::renew {
namespace {

constexpr size_t longest_reply = 64 << 10;
constexpr const char* by_hand = "--eab-kid KID and --eab-hmac-file FILE";

/// application/x-www-form-urlencoded, of one field.
std::string field(std::string_view name, std::string_view value) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text = std::string(name) + "=";
  for (const unsigned char c : value) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          c == '-' || c == '.' || c == '_' || c == '~';
    if (is_plain)
      text += static_cast<char>(c);
    else
      text += {'%', digits[c >> 4], digits[c & 15]};
  }
  return text;
}

std::string address_of(const ExternalApplicant& applicant) {
  constexpr std::string_view scheme = "mailto:";
  return applicant.contact.empty() ? "" : applicant.contact.front().substr(scheme.size());
}

net::HttpRequest request_for(const store::Server& server, const ExternalApplicant& applicant) {
  net::HttpRequest request;
  request.method = "POST";
  request.body_limit = longest_reply;
  const bool is_by_key = !applicant.api_key.empty() && !server.eab_by_api_key.empty();
  // The key is in the query, as the CA documents it; queries are not logged.
  const std::string url =
      is_by_key ? server.eab_by_api_key + "?" + field("access_key", applicant.api_key) : server.eab_by_email;
  request.url = net::parse_url(url, server.title + ": the URL for external accounts", Exit::bad_input);
  if (is_by_key) return request;
  request.headers = {"Content-Type: application/x-www-form-urlencoded"};
  request.body = field("email", address_of(applicant));
  return request;
}

/// {"success":false,"error":{"code":2900,"type":"invalid_email"}}
std::string reason_in(const Json& json, int status) {
  const Json* const error = json.find("error");
  const Json* const type = error ? error->find("type") : nullptr;
  return type && type->is_string() ? type->string() : "HTTP status " + std::to_string(status);
}

}  // namespace

bool gives_external_account(const store::Server& server, const ExternalApplicant& applicant) {
  return (!server.eab_by_api_key.empty() && !applicant.api_key.empty()) ||
         (!server.eab_by_email.empty() && !applicant.contact.empty());
}

acme::ExternalBinding external_account_of(net::Transport& http, const store::Server& server,
                                          const ExternalApplicant& applicant, const Deadline& deadline) {
  const log::Waiting live("asking " + server.title + " for an external account");
  const std::string subject = server.title + ": the external account";
  net::HttpRequest request = request_for(server, applicant);
  request.timeout = std::min(request.timeout, deadline.left());
  const net::HttpReply reply = http.send(std::move(request)).get();
  const std::string other = std::string("make an external account on its site, then give ") + by_hand;
  if (reply.status >= 500)
    throw Error(Exit::unreachable, subject + ": HTTP status " + std::to_string(reply.status), other);
  const Json json = parse_json(reply.body, subject, Exit::protocol);
  const Fields fields(json, subject, Exit::protocol);
  if (!fields.boolean("success", false))
    throw Error(Exit::config, subject + " was refused: " + reason_in(json, reply.status),
                applicant.api_key.empty() ? "check --email; or " + other : "check the API key; or " + other);
  const std::string kid = fields.string("eab_kid");
  const std::optional<Bytes> key = from_base64url(fields.string("eab_hmac_key"));
  if (kid.empty() || !key || key->empty())
    throw Error(Exit::protocol, subject + " has no key identifier or no HMAC key", other);
  log::verbose(server.title + " gave an external account: " + kid);
  return {.kid = kid, .hmac_key = std::string(as_text(*key))};
}

std::string external_account_hint(const store::Server* server) {
  if (!server || (server->eab_hint.empty() && server->eab_by_email.empty()))
    return std::string("get the key identifier and HMAC key on its site, then give ") + by_hand;
  const std::string how = server->eab_hint.empty() ? "" : server->eab_hint + ", then give " + by_hand;
  if (server->eab_by_email.empty()) return how;
  return "give --email ADDR or --eab-api-key-file FILE, and certo gets one; or " + how;
}

}  // namespace certo::renew
