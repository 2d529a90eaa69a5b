// Options that several commands take one by one. Options that always go together are a set
// (console/option_sets.h). An option of one command only is in the file of that command, in this namespace.
#pragma once

#include "console/option.h"

namespace certo::console::flag {

inline constexpr Option domain{"-d,--domain", Value::name, "NAME",
                               "a name or address that the certificate is for", repeated};
/// One certificate of the store.
inline constexpr Option certificate =
    Option{"-d,--domain", Value::certificate, "NAME", "the certificate's name in the store"};
inline constexpr Option cert_name{"--cert-name", Value::certificate, "NAME",
                                  "the certificate's name in the store (default: the first -d)", rare};
inline constexpr Option key_type{"-k,--key-type", Value::key_type, "TYPE",
                                 "ec-256 (default), ec-384, ec-521, rsa-2048, rsa-3072, rsa-4096"};
inline constexpr Option key{"--key", Value::file, "FILE", "the private key"};
inline constexpr Option csr{"--csr", Value::file, "FILE", "the CSR"};
inline constexpr Option profile{"--profile", Value::text, "NAME",
                                "the certificate profile of the CA; it must have it", rare};
inline constexpr Option preferred_profile{"--preferred-profile", Value::text, "NAME",
                                          "the same, but the CA's default if it does not have it", rare};
inline constexpr Option not_before{"--not-before", Value::text, "DATE",
                                   "ask for a certificate that begins then: 2026-12-01, a time, or +12h",
                                   rare};
inline constexpr Option not_after{"--not-after", Value::text, "DATE",
                                  "ask for one that ends then: +7d also counts for renewals", rare};
inline constexpr Option must_staple{"--must-staple", Value::none, nullptr,
                                    "ask for the TLS feature extension (OCSP must-staple); for private CAs",
                                    rare};
inline constexpr Option preferred_chain{
    "--preferred-chain", Value::text, "ISSUER",
    "choose the chain: by the common name of an issuer, a SHA-256 fingerprint, an authority key identifier, or 'shortest'",
    rare};
inline constexpr Option output{"-o,--output", Value::file, "FILE", "write to FILE, completely or not at all"};
inline constexpr Option all{"-a,--all", Value::none, nullptr,
                            "every certificate in the store; the same as no name"};
inline constexpr Option force{"-f,--force", Value::none, nullptr, "also renew what is not due"};
inline constexpr Option yes{"-y,--yes", Value::none, nullptr, "do not ask"};
inline constexpr Option dry_run{"--dry-run", Value::none, nullptr,
                                "rehearse at the CA's test server; nothing is stored"};
inline constexpr Option exit_2{"--exit-2", Value::none, nullptr, "exit with 2 if nothing was due", rare};
inline constexpr Option no_present{"--no-present", Value::none, nullptr,
                                   "the records exist already ('certo present'); only wait for them"};

}  // namespace certo::console::flag
