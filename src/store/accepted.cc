#include "store/accepted.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "store/lifetime.h"

namespace certo::store {
namespace {

bool has_address(const std::vector<crypto::Identifier>& identifiers) {
  return std::ranges::find(identifiers, "ip", &crypto::Identifier::type) != identifiers.end();
}

const Profile* find_profile(const Server& server, const std::string& name) {
  const auto found = std::ranges::find(server.profiles, name, &Profile::name);
  return found == server.profiles.end() ? nullptr : &*found;
}

/// The profile of an order, if the table has it; the first one is the CA's default.
const Profile* profile_of(const Server& server, const Request& request) {
  if (server.profiles.empty()) return nullptr;
  for (const std::string& asked : {request.profile, request.preferred_profile})
    if (!asked.empty()) return find_profile(server, asked);
  const std::string chosen = profile_for(server, request.identifiers);
  return chosen.empty() ? &server.profiles.front() : find_profile(server, chosen);
}

std::string names_of(const std::vector<Profile>& profiles) {
  std::vector<std::string> names;
  for (const Profile& one : profiles) names.push_back(one.name);
  return join(names, ", ");
}

void require_addresses(const Server& server, const Profile& profile) {
  if (profile.addresses) return;
  std::vector<Profile> others = server.profiles;
  std::erase_if(others, [](const Profile& one) { return !one.addresses; });
  throw Error(Exit::usage,
              "the profile " + profile.name + " of " + server.title + " is for names, and not for addresses",
              others.empty() ? "another CA may certify it: --server URL"
                             : "for addresses: --profile " + names_of(others));
}

void require_count(const Server& server, const Profile& profile, size_t count) {
  if (profile.names == 0 || count <= profile.names) return;
  std::vector<Profile> others = server.profiles;
  std::erase_if(others, [&](const Profile& one) { return one.names < count; });
  throw Error(Exit::usage,
              std::to_string(count) + " names are too many for one certificate: the profile " + profile.name +
                  " of " + server.title + " allows " + std::to_string(profile.names),
              "make more than one certificate of them" +
                  (others.empty() ? "" : ", or take another profile: --profile " + names_of(others)));
}

}  // namespace

std::string profile_for(const Server& server, const std::vector<crypto::Identifier>& identifiers) {
  if (!has_address(identifiers) || server.profiles.empty() || server.profiles.front().addresses) return {};
  const auto found = std::ranges::find(server.profiles, true, &Profile::addresses);
  return found == server.profiles.end() ? "" : found->name;
}

void require_accepted(const Server& server, const Request& request) {
  if (is_public_directory(request.directory)) crypto::require_public(request.identifiers);
  if (request.must_staple && server.refuses_must_staple)
    throw Error(Exit::usage, "--must-staple: " + server.title + " has ended OCSP, and refuses it",
                "omit it; a CA of your own may take it: --server URL");
  const Profile* const profile = profile_of(server, request);
  if (!profile) return;
  if (has_address(request.identifiers)) require_addresses(server, *profile);
  require_count(server, *profile, request.identifiers.size());
  if (request.renew_before.empty() || profile->lifetime == Seconds(0)) return;
  if (parse_renew_before(request.renew_before).of(profile->lifetime) >= profile->lifetime)
    throw Error(Exit::usage,
                "--renew-before " + request.renew_before + ": certificates of the profile " + profile->name +
                    " of " + server.title + " are valid for " + spoken_duration(profile->lifetime.count()),
                "give a shorter time, or a share of the lifetime, as in 33%");
}

}  // namespace certo::store
