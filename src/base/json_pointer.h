// JSON pointers (RFC 6901), and where in a text a pointed-to value stands: base/json keeps no positions, and
// a person who writes a file wants to hear the line.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace certo {

/// The steps of "/a/b~1c/0": "a", "b/c", "0"; none for "", the whole document. Nothing when it is no pointer.
std::optional<std::vector<std::string>> pointer_steps(std::string_view pointer);
/// `pointer` and one step more.
std::string pointer_to(std::string_view pointer, std::string_view step);
/// What stands there, or nullptr. Precondition: `pointer` is one.
const Json* follow(const Json& json, std::string_view pointer);

/// The lines of a JSON text, which may be damaged.
class JsonLines {
 public:
  explicit JsonLines(std::string_view text);

  /// Line of a member's key or of an item, from 1; of what is around it where there is no such value.
  size_t line_of(std::string_view pointer) const;
  /// Line of the first character that does not belong there, or of a key that occurs twice.
  std::optional<size_t> fault() const { return fault_; }

 private:
  std::map<std::string, size_t, std::less<>> lines_;
  std::optional<size_t> fault_;
};

}  // namespace certo
