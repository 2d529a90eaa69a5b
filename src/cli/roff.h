// Text in the man macros.
#pragma once

#include <string>
#include <string_view>

namespace certo::cli {

/// Text for roff: nothing in it is a request, and a hyphen stays one that can be copied to a shell.
std::string roff(std::string_view text);
std::string bold(std::string_view text);
std::string italic(std::string_view text);

std::string section(std::string_view title);  // the title in capitals
std::string item(const std::string& tag, std::string_view text);
std::string paragraphs(std::string_view text);
std::string verbatim(std::string_view lines);  // unchanged, indented

}  // namespace certo::cli
