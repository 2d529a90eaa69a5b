// Version folders of a certificate: their names and what makes one complete.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "crypto/certificate.h"

namespace certo::store {

/// The time in a name like "20261121T022200Z-4f1c22aa"; nothing for any other name.
std::optional<Time> version_time(const std::string& name);

/// Names of the version folders in `folder`, oldest first.
std::vector<std::string> versions(const std::string& folder);

/// Time and serial. It sorts after every version in `folder`, whatever the clock does, because the name shows
/// which version is newer. So two names in one second differ, too.
std::string new_version(const std::string& folder, const crypto::Certificate& leaf);

/// Writes cert.pem, chain.pem and, last, fullchain.pem: only with it the pair is complete.
void write_chain(const std::string& folder, const std::vector<crypto::Certificate>& chain);

/// The file with the key of the certificate in `folder`: key.pem, or csr.pem if certo does not have the key.
std::string key_file(const std::string& folder);
/// Its public half. Throws Error{bad_input}.
Bytes certified_spki(const std::string& folder);

/// The chain in `folder`. Throws Error{bad_input} unless it parses and is for that key.
std::vector<crypto::Certificate> read_pair(const std::string& folder);
/// The same; nothing instead of bad_input.
std::optional<std::vector<crypto::Certificate>> read_pair_if_sound(const std::string& folder);

}  // namespace certo::store
