// What a script of the user says when it fails, in words for a message.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace certo::provider {

/// The last few lines of `text`, each once.
std::vector<std::string> last_errors(std::string_view text);

/// The command that sh did not find, from what it says on stderr.
std::optional<std::string> missing_command(std::string_view errors);

/// The fault if `command` is missing, and the hint: a helper of acme.sh that nobody knows, or a
/// program.
std::pair<std::string, std::string> absent_words(const std::string& command);

}  // namespace certo::provider
