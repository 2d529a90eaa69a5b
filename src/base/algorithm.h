// The algorithms of keys and signatures that mbedTLS does not know, so that certo can name its limits. An OID
// is the content of its DER.
#pragma once

#include <string>
#include <string_view>

namespace certo {

/// What `unsupported_algorithm` calls the signature in a Merkle tree certificate.
inline constexpr const char* merkle_tree = "Merkle tree";
/// … and an RSA key that is only for RSASSA-PSS, or a signature by it.
inline constexpr const char* pss = "RSASSA-PSS";

/// "Ed25519", "ML-DSA-65", …; "" for one that is not in the table.
std::string_view unsupported_algorithm(std::string_view oid);
/// "1.2.840.10045.2.1"; "" for one that is too long for numbers.
std::string dotted_oid(std::string_view oid);

}  // namespace certo
