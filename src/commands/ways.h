// Which name is proven which way: the way options of a command line and the names between them.
#pragma once

#include <optional>

#include "commands/commands.h"
#include "store/request.h"

namespace certo::commands {

/// Each -d belongs to the next of --webroot, --standalone and --dns behind it; those behind the last one
/// belong to it, and it is the usual way. A single way is that of all names, wherever it stands. What
/// refines a way (--listen, --propagation, …) counts for all ways whose method has it.
/// Nothing when no way is given; with --no-present it is then dns without a provider.
/// Error{usage} for a way without names beside another, for a name with two ways, and for an option of
/// a method that is not chosen.
std::optional<store::Ways> ways(const Args& args);

bool has_dns(const store::Ways& ways);

}  // namespace certo::commands
