// certo status --ct: asks a search service for certificates of our names that the store does not have.
#pragma once

#include "commands/context.h"
#include "status/model.h"

namespace certo::console {

namespace flag {

inline constexpr Option ct_url{
    "--ct-url", Value::text, "URL",
    "the search service of --ct: an https URL with {name}, which answers as crt.sh does (default: crt.sh)",
    rare};

}  // namespace flag

inline constexpr Option ct_rows[] = {flag::ct_url};
inline constexpr OptionSet ct_options{
    .title = "Certificate Transparency", .options = ct_rows, .has_defaults = true};

}  // namespace certo::console

namespace certo::commands {

/// Adds what it finds to the overview. A service that is down is a finding. Says which names it sends. Throws
/// Error{usage} for a URL that is none.
void ask_ct(const Args& args, const store::Home& home, status::Overview& overview);

}  // namespace certo::commands
