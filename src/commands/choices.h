// The words that a value may be, for completion. Each list is next to the code that reads the words.
#pragma once

#include <string>
#include <vector>

namespace certo::commands {

std::vector<std::string> revocation_reasons();  // revocation.cc
std::vector<std::string> clients();             // import.cc
std::vector<std::string> formats();             // convert.cc
std::vector<std::string> list_orders();         // list.cc
std::vector<std::string> web_servers();         // thumbprint.cc

}  // namespace certo::commands
