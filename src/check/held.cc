// A certificate in the store that covers the names already.
#include <algorithm>

#include "base/text.h"
#include "check/checks.h"
#include "store/entry.h"

namespace certo::check {
namespace {

constexpr const char* in_store = "the store";

bool covers_all(const std::vector<crypto::Identifier>& held, const std::vector<crypto::Identifier>& wanted) {
  return std::ranges::all_of(wanted, [&](const crypto::Identifier& one) {
    return std::ranges::any_of(held,
                               [&](const crypto::Identifier& other) { return crypto::covers(other, one); });
  });
}

}  // namespace

Findings check_held(const Scene& scene) {
  const auto& wanted = scene.request.identifiers;
  std::string until;
  const auto holds_it = [&](const std::string& name, const store::Request& request) {
    if (name == scene.certificate || request.directory != scene.request.directory ||
        !covers_all(request.identifiers, wanted))
      return false;
    const std::optional<store::Live> live = store::Entry(scene.home, name).live();
    if (!live || live->chain.front().not_after <= now() ||
        !covers_all(live->chain.front().identifiers, wanted))
      return false;
    until = rfc3339(live->chain.front().not_after);
    return true;
  };
  const std::string subject =
      wanted.size() == 1 ? wanted.front().value : std::to_string(wanted.size()) + " names";
  const std::optional<std::string> name = store::find_entry(scene.home, holds_it);
  if (!name) return {good(subject, in_store, "no other certificate covers it")};
  return {warning(subject, in_store, "the certificate " + *name + " covers it already, until " + until,
                  "use that one, unless a second one is what you want: CAs limit how many they issue")};
}

}  // namespace certo::check
