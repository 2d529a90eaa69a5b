// --dns auto on the command line: certo recognizes the DNS service of each name, once, before anything is
// stored.
#pragma once

#include <string>
#include <vector>

#include "commands/commands.h"
#include "store/request.h"

namespace certo::commands {

bool is_automatic(const store::Way& way);

/// Puts a provider's name in the place of `auto`, for each of `identifiers`; names at different services get
/// different ways. Throws Error{config} or Error{usage} if no provider, or more than one, is possible.
void choose_services(const Args& args, store::Ways& ways, const std::vector<crypto::Identifier>& identifiers);

/// certo providers for NAME
Exit show_service(const Args& args);

}  // namespace certo::commands
