#include "sdk/jwt.h"

namespace certo::sdk {

std::string compact_jws(const Host& host, const std::string& private_key, std::string_view header,
                        std::string_view payload) {
  const std::string signed_part = base64url(as_bytes(header)) + "." + base64url(as_bytes(payload));
  return signed_part + "." + base64url(host.sign(private_key, signed_part));
}

std::string rs256_jwt(const Host& host, const std::string& private_key, const std::string& key_id,
                      const Json& claims) {
  Json header = Json::object();
  header.set("alg", "RS256").set("typ", "JWT");
  if (!key_id.empty()) header.set("kid", key_id);
  return compact_jws(host, private_key, to_json(header), to_json(claims));
}

}  // namespace certo::sdk
