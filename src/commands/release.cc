#include "commands/release.h"

#include <algorithm>
#include <compare>

#include "base/error.h"
#include "base/text.h"
#include "crypto/signature.h"

namespace certo::commands {
namespace {

Error damaged(const std::string& what) {
  return Error(Exit::protocol, "SHA256SUMS: " + what, "nothing was changed; try again later");
}

bool is_digest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

std::vector<int64_t> numbers(std::string_view version) {
  std::vector<int64_t> list;
  for (const std::string& part : split(version, '.')) {
    const auto one = number(part, 0, UINT32_MAX);
    if (!one) throw damaged("'" + std::string(version) + "' is not a version");
    list.push_back(*one);
  }
  return list;
}

/// "0.2.0" of "certo-0.2.0-x86_64.tar.gz" and of "certo-provider-host-0.2.0-x86_64"; "" of another file.
std::string version_in(std::string_view name) {
  for (const std::string_view start : {"certo-provider-host-", "certo-"}) {
    if (!name.starts_with(start)) continue;
    name.remove_prefix(start.size());
    return std::string(name.substr(0, name.find('-')));
  }
  return {};
}

}  // namespace

std::string_view architecture() {
#if defined(__x86_64__)
  return "x86_64";
#elif defined(__aarch64__)
  return "aarch64";
#elif defined(__arm__)
  return "armhf";
#else
  return "";
#endif
}

Release parse_release(std::string_view sums) {
  Release release;
  if (!sums.ends_with('\n')) throw damaged("it is truncated");
  sums.remove_suffix(1);
  constexpr std::string_view date = "# signed ";
  const std::string_view first = sums.substr(0, sums.find('\n'));
  const auto signed_at =
      first.starts_with(date) ? from_rfc3339(std::string(first.substr(date.size()))) : std::nullopt;
  if (!signed_at) throw damaged("it does not say when it was signed");
  release.signed_at = *signed_at;
  sums.remove_prefix(std::min(first.size() + 1, sums.size()));
  for (const std::string& line : split(sums, '\n')) {
    const std::string digest = line.substr(0, 64);
    if (!is_digest(digest) || line.size() < 67 || line.substr(64, 2) != "  ")
      throw damaged("this line is not in the format of sha256sum: " + line);
    const std::string name = line.substr(66);
    if (!release.sums.emplace(name, digest).second) throw damaged(name + " is listed twice");
    const std::string version = version_in(name);
    if (version.empty()) continue;
    numbers(version);
    if (release.version.empty()) release.version = version;
    if (release.version != version)
      throw damaged("it lists two versions, " + release.version + " and " + version);
  }
  if (release.version.empty()) throw damaged("it does not list certo");
  return release;
}

void require_fresh(const Release& release, Time now) {
  if (now - release.signed_at <= longest_signed) return;
  throw Error(Exit::protocol,
              "SHA256SUMS: it was signed on " + rfc3339(release.signed_at).substr(0, 10) +
                  ", which is more than " + std::to_string(longest_signed / std::chrono::days(1)) +
                  " days ago",
              "nothing was changed; the server, or somebody in between, offers an old list of releases");
}

void require_signature(std::string_view sums, std::string_view signature, std::string_view key) {
  const std::optional<Bytes> spki = from_base64(key);
  if (!spki || spki->empty()) {
    throw Error(Exit::config,
                "this certo was built without the public key of releases, so it cannot verify one",
                "upgrade it as it was installed: by the package manager, by install.sh, or from its source");
  }
  if (crypto::is_signed(sums, as_bytes(signature), *spki)) return;
  throw Error(
      Exit::protocol, "SHA256SUMS: the signature does not match the key that this certo was built with",
      "nothing was changed; the server, or somebody in between, offers files that are not from the project");
}

int compare_versions(std::string_view a, std::string_view b) {
  const std::strong_ordering order = numbers(a) <=> numbers(b);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

}  // namespace certo::commands
