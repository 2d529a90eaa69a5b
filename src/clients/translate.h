// A command line of certbot, lego, dehydrated or uacme, in certo's words. certo does not run it: the person
// gets the line, and knows certo's words from then on.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace certo::clients {

struct Translation {
  std::string client;              // "certbot"
  std::string line;                // certo's, for a shell; "" if there is none
  std::vector<std::string> notes;  // what has no counterpart, and what to know
};

/// Is this word certo's own: a command, or an option of the command on this line?
using IsOurs = std::function<bool(const std::string&)>;

/// `adapters` is the folder of the programs that run other clients' hooks. Returns nullopt unless a client
/// knows every word of the line and certo does not. The client's name may be the first word.
std::optional<Translation> translate(const std::vector<std::string>& arguments, const IsOurs& is_ours,
                                     const std::string& adapters);

/// The error that answers such a line, with certo's line as its hint.
Error answer(const Translation& translation);

}  // namespace certo::clients
