// Options that several commands take one by one. Options that always go together are a set
// (console/option_sets.h). An option of one command only is in the file of that command, in this namespace.
#pragma once

#include "console/option.h"

namespace certo::console::flag {

inline constexpr Option domain{"-d,--domain", Value::text, "NAME",
                               "a name or address that the certificate is for", repeated};
/// One certificate of the store.
inline constexpr Option certificate =
    Option{"-d,--domain", Value::text, "NAME", "the certificate's name in the store"};
inline constexpr Option cert_name{"--cert-name", Value::certificate, "NAME",
                                  "its name in the store (default: the first -d)"};
inline constexpr Option key_type{"-k,--key-type", Value::key_type, "TYPE",
                                 "ec-256 (default), ec-384, rsa-2048, rsa-3072, rsa-4096"};
inline constexpr Option key{"--key", Value::file, "FILE", "the private key"};
inline constexpr Option csr{"--csr", Value::file, "FILE", "the CSR"};
inline constexpr Option profile{"--profile", Value::text, "NAME", "the CA's certificate profile"};
inline constexpr Option preferred_chain{"--preferred-chain", Value::text, "CN",
                                        "the chain that this issuer, by common name, is part of"};
inline constexpr Option output{"-o,--output", Value::file, "FILE", "write there, whole or not at all"};
inline constexpr Option force{"-f,--force", Value::none, nullptr, "also what is not due"};
inline constexpr Option yes{"-y,--yes", Value::none, nullptr, "without asking"};
inline constexpr Option dry_run{"--dry-run", Value::none, nullptr,
                                "a rehearsal at the CA's test server; nothing is kept"};
inline constexpr Option exit_2{"--exit-2", Value::none, nullptr, "exit 2 when nothing was due"};
inline constexpr Option no_present{"--no-present", Value::none, nullptr,
                                   "the records are there already ('certo present'); only wait"};

}  // namespace certo::console::flag
