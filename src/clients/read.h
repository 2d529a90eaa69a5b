// A command line, read by the table of one client.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "clients/table.h"

namespace certo::clients {

struct Given {
  const Term* term;
  std::string flag;   // as it is written there
  std::string value;  // "" if it takes none
};

struct Reading {
  const Client* client;
  const Verb* verb;
  std::string verb_word;  // as it is written there; "" for a line without one
  std::vector<Given> given;
  std::vector<std::string> words;  // after the verb
};

/// Nothing if the client does not know a word of the line.
std::optional<Reading> read_as(const Client& client, const std::vector<std::string>& arguments);

}  // namespace certo::clients
