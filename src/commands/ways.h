// How each name is proven: the method options of a command line and the names before them.
#pragma once

#include <optional>

#include "commands/commands.h"
#include "store/request.h"

namespace certo::commands {

/// Each -d belongs to the next option of a method (--webroot, --standalone, --dns, …) after it. Those after
/// the last one belong to it, and it is the usual way. A single method is for all names, wherever it is
/// given. The options of a method (--listen, --propagation, …) apply to all ways with that method. Nothing if
/// no method is given; with --no-present it is then dns without a provider. Throws Error{usage} for several
/// methods without names between them, for a name with two ways, and for an option of a method that is not
/// chosen.
std::optional<store::Ways> ways(const Args& args);

/// Throws Error{usage} for a wildcard or an address that its method cannot prove.
void require_provable(const std::vector<crypto::Identifier>& identifiers, const store::Ways& ways);

/// "how should the names be proven?", with the options that can prove them all.
Error no_way_given(const std::vector<crypto::Identifier>& identifiers);

bool has_dns(const store::Ways& ways);

}  // namespace certo::commands
