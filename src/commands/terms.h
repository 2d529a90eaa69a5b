// The options of 'certo issue' that are about the certificate and its renewals, besides names, key type and
// ways.
#pragma once

#include "commands/context.h"
#include "store/entry.h"

namespace certo::console::flag {

inline constexpr Option reuse_key{"--reuse-key", Value::none, nullptr, "renewals keep the key", rare};
inline constexpr Option new_key{"--new-key", Value::none, nullptr,
                                "each renewal makes a new key (default); ends --reuse-key", rare};
inline constexpr Option allow_subset{
    "--allow-subset", Value::none, nullptr,
    "leave out names that the CA does not validate, now and in renewals; the exit code is 1 then", rare};
inline constexpr Option no_allow_subset{"--no-allow-subset", Value::none, nullptr, "end --allow-subset",
                                        rare};
inline constexpr Option no_must_staple{"--no-must-staple", Value::none, nullptr, "end --must-staple", rare};
inline constexpr Option deactivate_authorizations{
    "--deactivate-authorizations", Value::none, nullptr,
    "deactivate the authorizations of the names after each issue, so that the next one proves them again",
    rare};
inline constexpr Option keep_authorizations{"--keep-authorizations", Value::none, nullptr,
                                            "end --deactivate-authorizations", rare};

}  // namespace certo::console::flag

namespace certo::commands {

/// Profile, dates, chain, renewal and key. `known`: the request is that of a stored certificate. Throws
/// Error{usage} for values and combinations that make no sense.
void choose_terms(const Args& args, bool known, store::Request& request);

/// Throws Error{usage} if the live certificate, which stays, is not valid for longer than --renew-before.
void require_shorter(const store::Entry& entry, const store::Request& request);

}  // namespace certo::commands
