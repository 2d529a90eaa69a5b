// What all JSON files of the state tree share: the first member names kind and version,
// {"certo":"request/1",…}, and times are RFC 3339.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/time.h"

namespace certo::store {

/// An object that holds the first member only: {"certo":"request/1"}.
Json new_file(std::string_view format);

/// Throws Error{bad_input} unless `json` is an object of `format`; with a hint where a newer certo wrote it.
void require_format(const Json& json, std::string_view format, const std::string& subject);

/// Throws Error{bad_input} for a member that is not in `known`, with the nearest one as hint: in a file
/// that a person edits, a member that is silently ignored is a wish that is silently ignored.
void require_known_members(const Json& json, const std::vector<std::string>& known,
                           const std::string& subject);

/// Nothing when the member is absent; Error{bad_input} when it is no time.
std::optional<Time> optional_time(const Fields& fields, std::string_view key);

}  // namespace certo::store
