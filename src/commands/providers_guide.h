// What a person must know to use a DNS provider: its settings, the rights that they need, and lines to paste.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "provider/catalog.h"

namespace certo::commands {

/// The settings of a provider or script: for people, and as JSON.
std::string settings_text(const std::vector<provider::Setting>& settings);
Json settings_json(const std::vector<provider::Setting>& settings);

/// For `certo providers NAME`.
std::string guide(const provider::Caged& caged);
/// The same in Markdown, with a heading of the second level.
std::string markdown_guide(const provider::Caged& caged);
Json to_json(const provider::Caged& caged);

}  // namespace certo::commands
