// The file of 'certo apply': certificates as they should be. Each is what request.json holds, with the name
// of the certificate and with short names of CAs.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "store/request.h"

namespace certo::commands {

struct Declared {
  std::string name;  // of the certificate; the first identifier if the file has no "name"
  store::Request request;
};

/// `directory_of`: the URL of a CA by its short name or URL, and of the default CA by "". Throws
/// Error{bad_input} with the line of an unknown member, and for a name that occurs twice.
std::vector<Declared> read_declared(std::string_view text, const std::string& subject,
                                    const std::function<std::string(const std::string&)>& directory_of);

}  // namespace certo::commands
