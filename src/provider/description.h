// What an executable provider says of itself. `PROGRAM describe` may print
//
//   {"certo-dns":1,"batch":true,"settings":["EXAMPLE_TOKEN"],"propagation":60}
//
// Whatever else it does, it is taken for a program of the plain protocol, which knows
// `present NAME VALUE` and `cleanup NAME VALUE` and nothing more.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace certo::provider {

struct Description {
  bool batch = false;                 // takes all records of a call at once, as JSON on stdin
  std::vector<std::string> settings;  // names of the variables that it reads
  Seconds propagation{120};
};

/// The plain protocol where `text` is no description. Throws Error{config} for a description
/// of another version, and for one that is wrong.
Description parse_description(std::string_view text, const std::string& subject);

}  // namespace certo::provider
