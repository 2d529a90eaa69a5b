#include "challenge/lane.h"

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/log.h"
#include "os/file.h"
#include "provider/reference.h"

namespace certo::challenge {
namespace {

constexpr Millis longest_call = Seconds(120);

/// "cloudflare: adding 2 records"
std::string doing(const std::string& provider, const char* what, size_t count) {
  return provider + ": " + what + " " + std::to_string(count) + (count == 1 ? " record" : " records");
}

}  // namespace

Lane::Lane(const store::Home& home, const store::Dns& way, Millis lock_timeout)
    : home_(home), way_(way), lock_timeout_(lock_timeout) {}

void Lane::present(const std::vector<DnsRecord>& records, const Deadline& deadline) const {
  const Deadline end = deadline.at_most(longest_call);
  std::unique_ptr<provider::Provider> found;
  std::optional<os::Lock> held;
  try {
    found = provider();
    held = lock(*found, end);
  } catch (const Error& error) {
    throw provider::Untouched(error);
  }
  const std::string what = doing(found->name(), "adding", records.size());
  log::verbose(what);
  const log::Waiting live(what);
  found->present(records);
}

void Lane::cleanup(const std::vector<DnsRecord>& records, const Deadline& deadline) const {
  const Deadline end = deadline.at_most(longest_call);
  const auto found = provider();
  const os::Lock held = lock(*found, end);
  const std::string what = doing(found->name(), "removing", records.size());
  log::verbose(what);
  const log::Waiting live(what);
  found->cleanup(records);
}

std::vector<std::string> Lane::missing_in_cron() const { return provider::missing_in_cron(choice()); }

std::unique_ptr<provider::Provider> Lane::provider() const { return provider::find(choice()); }

provider::Choice Lane::choice() const {
  return {.spec = way_.provider,
          .environment = way_.provider_env,
          .resolvers = way_.resolvers.servers,
          .zone = way_.zone,
          .state_folder = home_.path(),
          .providers_folder = home_.providers(),
          .credentials = way_.credentials,
          .credentials_folder = home_.credentials(),
          .keep = way_.keep_settings};
}

/// The provider's call has the time that the wait for the lock has left.
os::Lock Lane::lock(provider::Provider& provider, const Deadline& deadline) const {
  os::make_folder(home_.lanes(), 0700);
  const std::string path = home_.lanes() + "/" + provider::file_name_of(provider.name());
  os::Lock held(path, std::min(lock_timeout_, deadline.left()));
  if (deadline.passed())
    throw Error(Exit::unreachable, provider.name() + ": no time is left to change the DNS records",
                "--deadline SECONDS allows more");
  provider.limit(deadline.left());
  return held;
}

}  // namespace certo::challenge
