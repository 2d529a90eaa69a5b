#include "challenge/lane.h"

#include <algorithm>

#include "base/error.h"
#include "os/file.h"
#include "os/lock.h"
#include "provider/reference.h"

namespace certo::challenge {
namespace {

constexpr Millis kLongestCall = Seconds(120);

}  // namespace

Lane::Lane(const store::Home& home, const store::Way& way, Millis lock_timeout)
    : home_(home), way_(way), lock_timeout_(lock_timeout) {}

void Lane::present(const std::vector<DnsRecord>& records, const Deadline& deadline) const {
  // Another run may hold the lane for as long as the deadline allows, and what is left then is the
  // provider's.
  const os::Lock lock(lock_path(), std::min(lock_timeout_, deadline.left()));
  const Millis left = std::min(deadline.left(), kLongestCall);
  if (left == Millis(0)) throw Error(Exit::unreachable, "no time was left to add the DNS records");
  provider(left)->present(records);
}

void Lane::cleanup(const std::vector<DnsRecord>& records) const {
  const os::Lock lock(lock_path(), lock_timeout_);
  provider(kLongestCall)->cleanup(records);
}

std::vector<std::string> Lane::missing_in_cron() const {
  return provider::missing_in_cron(choice(kLongestCall));
}

std::unique_ptr<provider::Provider> Lane::provider(Millis deadline) const {
  return provider::find(choice(deadline));
}

provider::Choice Lane::choice(Millis deadline) const {
  return {.spec = way_.provider,
          .environment = way_.provider_env,
          .deadline = deadline,
          .resolver = way_.resolver,
          .zone = way_.zone,
          .state_folder = home_.path(),
          .providers_folder = home_.providers(),
          .credentials = way_.credentials,
          .credentials_folder = home_.credentials(),
          .keep = way_.keep_settings};
}

std::string Lane::lock_path() const {
  os::make_folder(home_.lanes(), 0700);
  return home_.lanes() + "/" + provider::file_name_of(provider()->name());
}

}  // namespace certo::challenge
