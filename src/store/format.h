// What all JSON files of the state tree share: the first member names kind and version,
// {"certo":"request/1",…}, and times are RFC 3339.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/time.h"

namespace certo::store {

/// An object that holds the first member only: {"certo":"request/1"}.
Json new_file(std::string_view format);

/// A newer certo wrote the file: it is not damaged, and this certo must not replace it.
struct NewerFormat : Error {
  using Error::Error;
};

/// Throws Error{bad_input} unless `json` is an object of `format`; NewerFormat if a newer certo wrote it.
void require_format(const Json& json, std::string_view format, const std::string& subject);

/// Throws Error{bad_input} for a member that is not in `known`, with the nearest one as hint: in a file
/// that a person edits, an unknown member must not be ignored silently.
void require_known_members(const Json& json, const std::vector<std::string>& known,
                           const std::string& subject);

/// Calls `read`. A value that is wrong use on the command line is bad input in a file, of the member `key`.
template <typename Read>
auto read_member(const Fields& fields, const char* key, const Read& read) {
  try {
    return read();
  } catch (const Error& error) {
    throw Error(Exit::bad_input, fields.subject() + ": \"" + key + "\": " + error.message, error.hint);
  }
}

/// Nothing if the member is absent; Error{bad_input} if it is not a time.
std::optional<Time> optional_time(const Fields& fields, std::string_view key);

}  // namespace certo::store
