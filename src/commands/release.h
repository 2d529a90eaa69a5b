// A release of certo as its server lists it: SHA256SUMS, which gives versions and architectures by the
// names of the files (certo-0.2.0-x86_64, certo-provider-host-0.2.0-x86_64, certo-0.2.0-x86_64.tar.gz, …),
// and SHA256SUMS.sig, the signature over all of its text. Its first line has the date of the signature.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "base/time.h"

namespace certo::commands {

struct Release {
  std::string version;                      // "0.2.0"
  Time signed_at{};                         // when the list was signed
  std::map<std::string, std::string> sums;  // of a file's name: SHA-256, hex
};

/// The architecture of this program: "x86_64", "aarch64" or "armhf"; "" if there are no releases for it.
std::string_view architecture();

/// Throws Error{protocol} unless the first line is "# signed <RFC 3339>", each other line is "<sha256>
/// <name>", as sha256sum writes it, and all files are of one version.
Release parse_release(std::string_view sums);

/// A list is signed again before it is this old, so an older one is from somebody who holds new ones back.
inline constexpr Seconds longest_signed = std::chrono::days(180);
/// Throws Error{protocol} for a list that is older.
void require_fresh(const Release& release, Time now);

/// Throws Error{config} if `key` is not a SubjectPublicKeyInfo in base64, and Error{protocol} if it has not
/// signed this text.
void require_signature(std::string_view sums, std::string_view signature, std::string_view key);

/// Negative, zero or positive: "0.9.0" is before "0.10.0". Throws Error{protocol} for anything but digits
/// and dots.
int compare_versions(std::string_view a, std::string_view b);

}  // namespace certo::commands
