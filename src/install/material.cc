#include "install/material.h"

#include <span>

#include "base/text.h"
#include "crypto/pkcs12.h"
#include "os/file.h"
#include "os/trust.h"

namespace certo::install {

Material live_material(const store::Entry& entry) {
  const auto live = entry.live();
  if (!live) throw Error(Exit::bad_input, "there is no certificate to install yet", "'certo renew' gets it");
  Material material{live->version, {}, live->chain};
  const std::string path = live->folder + "/key.pem";
  if (const auto text = os::read_trusted_if(path, os::of_state))
    material.key = crypto::PrivateKey::from_pem(*text, path);
  return material;
}

void require_sound(const Material& material, Time now) {
  const std::vector<crypto::Certificate>& chain = material.chain;
  if (material.key && chain.front().spki != material.key->public_key().spki)
    throw Error(Exit::bad_input, "the certificate is for another key than the one given",
                "nothing was installed; give the key that its CSR was made with");
  for (size_t i = 1; i < chain.size(); ++i)
    if (!crypto::is_signed_by(chain[i - 1], chain[i]))
      throw Error(Exit::bad_input, "the chain is broken: number " + std::to_string(i) +
                                       " is not signed by number " + std::to_string(i + 1) + ", " +
                                       chain[i].subject);
  if (chain.front().not_after <= now)
    throw Error(Exit::bad_input, "the certificate expired at " + rfc3339(chain.front().not_after));
}

std::string content(const Material& material, Part part, std::string_view password) {
  const std::span<const crypto::Certificate> chain(material.chain);
  if (holds_key(part) && !material.key)
    throw Error(Exit::bad_input,
                "certo does not have the private key, because the certificate was issued from a CSR; a " +
                    std::string(name(part)) + " needs the key");
  switch (part) {
    case Part::certificate: return crypto::pem(chain.first(1));
    case Part::key: return material.key->pkcs8_pem();
    case Part::chain: return crypto::pem(chain.subspan(1));
    case Part::fullchain: return crypto::pem(chain);
    // The key first: HAProxy takes any order, Postfix only this one.
    case Part::pem: return material.key->pkcs8_pem() + crypto::pem(chain);
    case Part::pfx:
      return std::string(
          as_text(crypto::pkcs12(*material.key, chain, name_to_ask_for(chain.front()), password)));
    case Part::folder: break;
  }
  throw Error(Exit::bug, "a folder has no content");
}

std::string read_password(const std::string& file) {
  if (file.empty()) return {};
  const std::string text = os::read_private(file, os::of_settings, 4096);
  std::string line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::string name_to_ask_for(const crypto::Certificate& leaf) {
  for (const crypto::Identifier& one : leaf.identifiers)
    if (one.type == "dns") return one.is_wildcard() ? "www." + one.base() : one.value;
  return leaf.identifiers.empty() ? "localhost" : leaf.identifiers.front().value;
}

}  // namespace certo::install
