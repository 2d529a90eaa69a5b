#include "renew/terms.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "store/accepted.h"
#include "store/lifetime.h"

namespace certo::renew {
namespace {

std::string profile_of(const store::Home& home, const store::Request& request,
                       const acme::Directory& directory) {
  if (!request.profile.empty())
    return request.profile;  // acme::new_order refuses one that the CA does not have
  if (acme::has_profile(directory, request.preferred_profile)) return request.preferred_profile;
  std::string chosen = store::profile_for(
      store::server_of(home, directory.url.text).value_or(store::Server{}), request.identifiers);
  if (!acme::has_profile(directory, chosen)) chosen.clear();
  if (!request.preferred_profile.empty())
    log::warn("the CA has no profile '" + request.preferred_profile + "'" +
              acme::profiles_offered(directory) + "; " +
              (chosen.empty() ? "its default" : "'" + chosen + "'") + " is used");
  else if (!chosen.empty())
    log::say("the profile '" + chosen + "' is used, because the CA's default is not for addresses");
  return chosen;
}

}  // namespace

acme::OrderRequest order_for(const store::Home& home, const store::Request& request,
                             const acme::Directory& directory, Time now) {
  acme::OrderRequest order{.identifiers = request.identifiers,
                           .profile = profile_of(home, request, directory),
                           .replaces = "",
                           .not_before = {},
                           .not_after = {}};
  if (!request.not_after.empty()) {
    order.not_after = store::parse_date(request.not_after, now);
    if (*order.not_after <= now)
      throw Error(
          Exit::config,
          "the certificate was requested until " + rfc3339(*order.not_after) + ", which has passed",
          "'certo issue -d NAME --not-after DATE' sets another end, --not-after '' leaves it to the CA");
  }
  // A date is for the first certificate. A renewal after it begins at once.
  if (!request.not_before.empty()) {
    const Time start = store::parse_date(request.not_before, now);
    if (start > now) order.not_before = start;
  }
  return order;
}

}  // namespace certo::renew
