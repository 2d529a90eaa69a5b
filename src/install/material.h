// A key and its chain, checked, and what each kind of target holds of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/certificate.h"
#include "crypto/key.h"
#include "install/targets.h"
#include "store/entry.h"

namespace certo::install {

struct Material {
  std::string version;                    // of the store; empty: it came by a pipe
  std::optional<crypto::PrivateKey> key;  // nothing if it is elsewhere: see store::Request::csr
  std::vector<crypto::Certificate> chain;

  const crypto::Certificate& leaf() const { return chain.front(); }
};

/// The live pair. Throws Error{bad_input} if there is none, or it is damaged.
Material live_material(const store::Entry& entry);
/// Throws Error{bad_input} unless the key, if there is one, belongs to the certificate, each certificate is
/// signed by the next, and the first has not expired.
void require_sound(const Material& material, Time now);

/// The content of the file for `part`, which must not be a folder. `password`: of a PFX. Throws
/// Error{bad_input} for a part that holds the key, if certo does not have the key.
std::string content(const Material& material, Part part, std::string_view password);
/// The first line of the file; empty for no file.
std::string read_password(const std::string& file);

/// The name to request from a server: the first DNS name (a wildcard's `*` becomes "www"), else the first
/// address.
std::string name_to_ask_for(const crypto::Certificate& leaf);

}  // namespace certo::install
