#include "provider/script_output.h"

#include <algorithm>

#include "base/text.h"

namespace certo::provider {
namespace {

constexpr size_t most_lines = 4, longest_line = 300;

/// "jq" for "host.sh: 12: jq" (dash), "host.sh: line 12: jq" (busybox, bash).
std::string last_word(std::string_view text) {
  const size_t colon = text.rfind(": ");
  return std::string(trim(colon == text.npos ? text : text.substr(colon + 2)));
}

}  // namespace

std::vector<std::string> last_errors(std::string_view text) {
  std::vector<std::string> lines;
  for (const std::string& whole : split(text, '\n')) {
    std::string line(trim(whole).substr(0, longest_line));
    while (line.ends_with('.') || line.ends_with(':')) line.pop_back();
    if (line.empty()) continue;
    std::erase(lines, line);
    lines.push_back(std::move(line));
  }
  if (lines.size() > most_lines) lines.erase(lines.begin(), lines.end() - most_lines);
  return lines;
}

std::optional<std::string> missing_command(std::string_view errors) {
  for (const std::string& line : split(errors, '\n')) {
    for (const std::string_view end : {": command not found", ": not found"}) {
      if (!line.ends_with(end)) continue;
      const std::string word = last_word(std::string_view(line).substr(0, line.size() - end.size()));
      if (word.find_first_of(" \t'\"=") == word.npos && !word.empty()) return word;
    }
  }
  return std::nullopt;
}

std::pair<std::string, std::string> absent_words(const std::string& command) {
  if (command.starts_with('_'))
    return {"it calls " + command + ", which is not one of acme.sh's helpers for such scripts",
            "it may be made for a newer acme.sh: please report it, with the name of the script"};
  return {"it needs the program " + command + ", which is not on this machine", "install " + command};
}

}  // namespace certo::provider
