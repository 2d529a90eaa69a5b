// Certificates, CSRs, keys and orders for inspect, list and info: in rows for a person
// and as JSON.
#pragma once

#include <string>
#include <vector>

#include "acme/document.h"
#include "base/json.h"
#include "base/time.h"
#include "crypto/certificate.h"
#include "crypto/csr.h"

namespace certo::commands {

using Rows = std::vector<std::vector<std::string>>;  // for columns()

std::vector<std::string> values(const std::vector<crypto::Identifier>& identifiers);
/// The same for a person: "xn--bcher-kva.example (bücher.example)".
std::vector<std::string> shown(const std::vector<crypto::Identifier>& identifiers);
std::string shown(const std::string& name);
Json to_json(const std::vector<std::string>& texts);

/// "2027-02-19T02:22:00Z (89 days)", "… (3 days ago)".
std::string with_distance(Time time, Time now);
/// SHA-256 of the public key, hex: the same for a key, its CSR and its certificate.
std::string key_fingerprint(const Bytes& spki);

Rows rows(const crypto::Certificate& certificate, Time now);
Json to_json(const crypto::Certificate& certificate);
Rows rows(const crypto::Csr& csr);
Json to_json(const crypto::Csr& csr);
Rows rows(const acme::Document& document);

}  // namespace certo::commands
