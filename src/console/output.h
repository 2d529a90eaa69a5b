// Standard input and output, and the files that take their place.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/json.h"
#include "console/args.h"

namespace certo::console {

/// "-" or "": stdin. Refuses a terminal on stdin with a hint (Error{usage}).
std::string read_input(const std::string& path, size_t limit, const std::string& what);
/// `confidential`: a file that only its owner reads; `secret`: a key.
enum class Content { open, confidential, secret };
/// -o FILE (atomic, 0600 unless it is open) or stdout. Warns if a key goes to a world-readable file.
void write_output(const Args& args, std::string_view text, Content content = Content::open);
/// How often something was printed on stdout.
size_t times_printed();
void print(std::string_view text);   // stdout; Error{cannot_write} if it is closed
void print_json(const Json& value);  // pretty on a terminal, one line otherwise

}  // namespace certo::console
