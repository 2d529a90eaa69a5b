#include "commands/terms.h"

#include <algorithm>

#include "base/text.h"
#include "store/lifetime.h"

namespace certo::commands {
namespace {

/// Calls `read` with the value of the option, which is stored as it was typed; '' removes it.
template <typename Read>
void take_text(const Args& args, const Option& option, bool is_given, std::string& member, const Read& read) {
  if (!is_given) return;
  member = args.get(option);
  if (member.empty()) return;
  try {
    read(member);
  } catch (const Error& error) {
    throw error.within(std::string(option.name()));
  }
}

/// A switch that is stored, and the one that ends it.
struct Switch {
  const Option& on;
  const Option& off;
  bool store::Request::*member;
};
constexpr Switch switches[] = {
    {flag::must_staple, flag::no_must_staple, &store::Request::must_staple},
    {flag::allow_subset, flag::no_allow_subset, &store::Request::allow_subset},
    {flag::reuse_key, flag::new_key, &store::Request::reuse_key},
    {flag::deactivate_authorizations, flag::keep_authorizations, &store::Request::deactivate_authorizations},
};

void take_switches(const Args& args, store::Request& request) {
  for (const Switch& one : switches) {
    const bool is_on = args.has(one.on), is_off = args.has(one.off);
    if (is_on && is_off)
      throw Error(Exit::usage,
                  std::string(one.on.name()) + " and " + std::string(one.off.name()) + " together",
                  "leave one of them out");
    if (is_on || is_off) request.*one.member = is_on;
  }
}

void require_order_of_dates(const store::Request& request) {
  if (request.not_after.empty()) return;
  const Time start = request.not_before.empty() ? now() : store::parse_date(request.not_before, now());
  const Time end = store::parse_date(request.not_after, now());
  if (end <= std::max(start, now()))
    throw Error(Exit::usage, "--not-after: " + rfc3339(end) + " is not after the certificate's beginning",
                "for example: --not-after +7d");
}

/// A CSR fixes the key and the extensions.
void refuse_with_csr(const store::Request& request) {
  if (request.csr.empty()) return;
  const std::pair<bool, const Option&> options[] = {{request.must_staple, flag::must_staple},
                                                    {request.allow_subset, flag::allow_subset},
                                                    {request.reuse_key, flag::reuse_key}};
  for (const auto& [is_wanted, option] : options)
    if (is_wanted)
      throw Error(Exit::usage, std::string(option.name()) + " does not go with --csr",
                  "the CSR fixes the names, the key and the extensions");
}

}  // namespace

void choose_terms(const Args& args, bool known, store::Request& request) {
  if (args.has(flag::profile) && args.has(flag::preferred_profile))
    throw Error(Exit::usage, "--profile and --preferred-profile together",
                "--profile: the CA must have it; --preferred-profile: its default if it does not");
  if (args.has(flag::profile) || args.has(flag::preferred_profile)) {
    request.profile = args.get(flag::profile);
    request.preferred_profile = args.get(flag::preferred_profile);
  }
  if (args.has(flag::preferred_chain)) request.preferred_chain = args.get(flag::preferred_chain);
  const auto as_date = [](const std::string& text) { store::parse_date(text, now()); };
  take_text(args, flag::not_before, args.has(flag::not_before), request.not_before, as_date);
  take_text(args, flag::not_after, args.has(flag::not_after), request.not_after, as_date);
  take_text(args, flag::renew_before, known ? args.says(flag::renew_before) : args.has(flag::renew_before),
            request.renew_before, store::parse_renew_before);
  take_switches(args, request);
  require_order_of_dates(request);
  refuse_with_csr(request);
}

void require_shorter(const store::Entry& entry, const store::Request& request) {
  if (request.renew_before.empty()) return;
  const std::optional<store::Live> live = entry.live();
  if (!live) return;
  const Seconds lifetime = live->chain.front().not_after - live->chain.front().not_before;
  if (store::parse_renew_before(request.renew_before).of(lifetime) < lifetime) return;
  throw Error(Exit::usage,
              "--renew-before " + request.renew_before + ": the certificate is valid for " +
                  spoken_duration((lifetime + Seconds(1)).count()) + " only",
              "give a shorter time, or a share of the lifetime, as in 33%");
}

}  // namespace certo::commands
