// What --help, `certo help`, the man page and the README's table show, all from the command table.
#pragma once

#include <string>

#include "console/command.h"

namespace certo::cli {

enum class Extent {
  brief,  // what most people need, on one screen of 80 columns
  all
};

std::string help_text(const console::Command& command, Extent extent);
std::string overview();      // `certo help`
std::string man_page();      // roff
std::string readme_table();  // markdown, for the README

}  // namespace certo::cli
