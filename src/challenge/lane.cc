#include "challenge/lane.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "os/file.h"
#include "os/lock.h"

namespace certo::challenge {
namespace {

constexpr Millis kLongestCall = Seconds(120);
constexpr size_t kLongestName = 200;  // a file's name ends at 255 bytes

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

}  // namespace

std::string lane_name(const std::string& provider) {
  std::string name;
  for (const char c : provider) {
    const bool stays = is_plain(c) || (c == '.' && !name.empty());
    const uint8_t byte[] = {static_cast<uint8_t>(c)};
    name += stays ? std::string(1, c) : "%" + hex(byte);
  }
  if (name.size() <= kLongestName) return name;
  const crypto::Sha256 digest = crypto::sha256(provider);
  return name.substr(0, kLongestName - 2 * digest.size()) + hex(digest);
}

Lane::Lane(const store::Home& home, const store::Way& way, Millis lock_timeout)
    : home_(home), way_(way), lock_timeout_(lock_timeout) {}

void Lane::present(const std::vector<DnsRecord>& records, const Deadline& deadline) const {
  const Millis left = std::min(deadline.left(), kLongestCall);
  if (left == Millis(0)) throw Error(Exit::unreachable, "no time was left to add the DNS records");
  const auto found = provider(left);
  const os::Lock lock(lock_path(found->name()), lock_timeout_);
  found->present(records);
}

void Lane::cleanup(const std::vector<DnsRecord>& records) const {
  const auto found = provider(kLongestCall);
  const os::Lock lock(lock_path(found->name()), lock_timeout_);
  found->cleanup(records);
}

std::unique_ptr<provider::Provider> Lane::provider(Millis deadline) const {
  return provider::find({.spec = way_.provider,
                         .environment = way_.provider_env,
                         .deadline = deadline,
                         .resolver = way_.resolver,
                         .zone = way_.zone,
                         .providers_folder = home_.providers(),
                         .credentials = way_.credentials,
                         .credentials_folder = home_.credentials(),
                         .keep = way_.keep_settings});
}

std::string Lane::lock_path(const std::string& provider) const {
  os::make_folder(home_.lanes(), 0700);
  return home_.lanes() + "/" + lane_name(provider);
}

}  // namespace certo::challenge
