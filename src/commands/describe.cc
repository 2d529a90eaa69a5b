#include "commands/describe.h"

#include "acme/ari.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "net/idn.h"

namespace certo::commands {

std::vector<std::string> values(const std::vector<crypto::Identifier>& identifiers) {
  std::vector<std::string> texts;
  for (const crypto::Identifier& identifier : identifiers) texts.push_back(identifier.value);
  return texts;
}

std::string shown(const std::string& name) {
  const std::string unicode = net::to_unicode(name);
  return unicode.empty() ? name : name + " (" + unicode + ")";
}

std::vector<std::string> shown(const std::vector<crypto::Identifier>& identifiers) {
  std::vector<std::string> texts;
  for (const crypto::Identifier& identifier : identifiers) texts.push_back(shown(identifier.value));
  return texts;
}

Json to_json(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push(text);
  return list;
}

std::string with_distance(Time time, Time now) {
  const long long seconds = (time - now).count();
  const std::string distance = seconds < 0 ? spoken_duration(-seconds) + " ago" : spoken_duration(seconds);
  return rfc3339(time) + " (" + distance + ")";
}

std::string key_fingerprint(const Bytes& spki) { return hex(crypto::sha256(std::span<const uint8_t>(spki))); }

Rows rows(const crypto::Certificate& certificate, Time now) {
  Rows rows = {
      {"names", join(shown(certificate.identifiers), ", ")},
      {"subject", certificate.subject},
      {"issuer", certificate.issuer},
      {"serial", certificate.serial_hex()},
      {"key", certificate.key_description},
      {"not before", with_distance(certificate.not_before, now)},
      {"not after", with_distance(certificate.not_after, now)},
      {"public key SHA-256", key_fingerprint(certificate.spki)},
      {"SHA-256", hex(crypto::sha256(std::span<const uint8_t>(certificate.der)))},
  };
  if (const auto id = acme::renewal_id(certificate); id && !certificate.is_ca)
    rows.push_back({"renewal id", *id});
  if (certificate.is_ca) rows.push_back({"CA", "yes"});
  std::erase_if(rows, [](const auto& row) { return row[1].empty(); });
  for (auto& row : rows) row[1] = printable(row[1], 16384);
  return rows;
}

Json to_json(const crypto::Certificate& certificate) {
  const auto id = acme::renewal_id(certificate);
  return Json(Json::Object{
      {"type", "certificate"},
      {"names", to_json(values(certificate.identifiers))},
      {"subject", certificate.subject},
      {"issuer", certificate.issuer},
      {"serial", certificate.serial_hex()},
      {"key_type", certificate.key_description},
      {"not_before", rfc3339(certificate.not_before)},
      {"not_after", rfc3339(certificate.not_after)},
      {"is_ca", certificate.is_ca},
      {"renewal_id", id && !certificate.is_ca ? Json(*id) : Json()},
      {"public_key_sha256", key_fingerprint(certificate.spki)},
      {"sha256", hex(crypto::sha256(std::span<const uint8_t>(certificate.der)))},
  });
}

Rows rows(const crypto::Csr& csr) {
  return {{"names", printable(join(shown(csr.identifiers), ", "), 16384)},
          {"key", csr.key_description},
          {"public key SHA-256", key_fingerprint(csr.spki)}};
}

Json to_json(const crypto::Csr& csr) {
  return Json(Json::Object{{"type", "csr"},
                           {"names", to_json(values(csr.identifiers))},
                           {"key_type", csr.key_description},
                           {"public_key_sha256", key_fingerprint(csr.spki)}});
}

Rows rows(const acme::Document& document) {
  const acme::Order& order = document.order;
  Rows rows = {{"names", join(shown(order.identifiers), ", ")},
               {"status", name(order.status)},
               {"url", order.url.text},
               {"directory", document.directory},
               {"account", document.account},
               {"expires", order.expires},
               {"profile", order.profile},
               {"CSR", document.csr_pem.empty() ? "" : "yes"}};
  if (order.error) rows.push_back({"error", acme::describe(*order.error)});
  for (const acme::Authorization& authorization : order.authorizations) {
    std::string text = (authorization.wildcard ? "*." : "") + authorization.identifier.value + ": " +
                       name(authorization.status);
    for (const acme::Challenge& challenge : authorization.challenges) {
      text += ", " + challenge.type + " " + challenge.status;
    }
    rows.push_back({"authorization", text});
  }
  std::erase_if(rows, [](const auto& row) { return row[1].empty(); });
  for (auto& row : rows) row[1] = printable(row[1], 16384);
  return rows;
}

}  // namespace certo::commands
