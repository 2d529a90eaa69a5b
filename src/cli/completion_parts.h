// What the completion scripts of the three shells share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "console/command.h"

namespace certo::cli {

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

/// Commands that print names, one in each line.
inline constexpr const char* list_names = "certo list --names 2> /dev/null";
inline constexpr const char* list_hooks = "certo hooks ready --names 2> /dev/null";

/// The possible words for a value of this kind, if they are known now; separated by spaces. `form`: as help
/// shows the value; a text may list its words there.
std::string choices(console::Value value, std::string_view form);
std::string quoted(std::string_view text);  // for bash and zsh
std::string provider_words();
std::string command_names(const char* separator);
std::string subcommand_names(const console::Command& command, const char* separator);
/// The options that are typed with `command`: the name of a certificate may stand after -d, too.
std::vector<console::OptionSet> typed_sets(const console::Command& command);

}  // namespace certo::cli
