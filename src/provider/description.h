// What an executable provider says about itself. `PROGRAM describe` may print
//
//   {"certo-dns":1,"batch":true,"settings":["EXAMPLE_TOKEN"],"propagation":60}
//
// If it does anything else, certo uses the plain protocol, which is `present NAME VALUE` and
// `cleanup NAME VALUE`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace certo::provider {

struct Description {
  bool batch = false;                 // takes all records of a call at once, as JSON on stdin
  std::vector<std::string> settings;  // names of the variables that it asks for
  Seconds propagation{120};
};

/// Letters, digits and '_', and no digit first.
bool is_variable_name(std::string_view text);

/// The plain protocol if `text` is not a description. Throws Error{config} for a description of another
/// version, and for a wrong one.
Description parse_description(std::string_view text, const std::string& subject);

}  // namespace certo::provider
