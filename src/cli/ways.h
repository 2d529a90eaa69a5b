// Which name is proven which way: the way options of a command line and the names between them.
#pragma once

#include <optional>

#include "cli/command.h"
#include "store/request.h"

namespace certo::cli {

/// Each -d belongs to the next of --webroot, --standalone and --dns behind it, and those behind the
/// last one belong to the last, which is the usual way. A single way is that of all names, wherever it
/// stands. What refines a way (--listen, --propagation, …) counts for all ways whose method has it. Nothing
/// when no way is given. With --no-present the usual way may have no method. Error{usage} for a way without
/// names beside another, a name with two ways, or an option of a method that is not chosen.
std::optional<store::Ways> ways(const Args& args);

/// For commands that know one way only. Error{usage} for several.
std::optional<store::Way> only_way(const Args& args);

}  // namespace certo::cli
