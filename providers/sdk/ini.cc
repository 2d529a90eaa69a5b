#include "sdk/ini.h"

#include "base/text.h"

namespace certo::sdk {

std::optional<IniSection> ini_section(std::string_view file, const std::string& wanted) {
  std::optional<IniSection> section;
  bool is_wanted = false;
  for (const std::string& line : split(file, '\n')) {
    const std::string_view text = trim(line);
    if (text.starts_with('[')) {
      is_wanted = text.ends_with(']') && trim(text.substr(1, text.size() - 2)) == wanted;
      if (is_wanted && !section) section.emplace();
      continue;
    }
    // A line that begins with white space belongs to a setting of several lines, and ours have one.
    const bool is_setting =
        !text.empty() && text.front() != '#' && text.front() != ';' && line.front() == text.front();
    const size_t equals = text.find('=');
    if (!is_wanted || !is_setting || equals == text.npos) continue;
    (*section)[lower(trim(text.substr(0, equals)))] = std::string(trim(text.substr(equals + 1)));
  }
  return section;
}

}  // namespace certo::sdk
