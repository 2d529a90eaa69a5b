// A provider in lego's words: its names for providers are certo's, except for those that it does not have.
#pragma once

#include <optional>
#include <string>

#include "provider/catalog.h"

namespace certo::commands {

/// "EXAMPLE_TOKEN=… lego --dns example -d example.com run"; nothing if lego does not have the provider.
std::optional<std::string> lego_line(const provider::Caged& caged);

}  // namespace certo::commands
