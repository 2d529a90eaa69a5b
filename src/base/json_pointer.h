// JSON pointers (RFC 6901), and the line of a text in which the value of a pointer is: base/json keeps no
// positions, and the author of a file needs the line.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace certo {

/// The steps of "/a/b~1c/0": "a", "b/c", "0"; none for "", the whole document. Nothing if it is not a
/// pointer.
std::optional<std::vector<std::string>> pointer_steps(std::string_view pointer);
/// `pointer` and one step more.
std::string pointer_to(std::string_view pointer, std::string_view step);
/// The value there, or nullptr. Precondition: `pointer` is a pointer.
const Json* follow(const Json& json, std::string_view pointer);

/// The lines of a JSON text, which may be damaged.
class JsonLines {
 public:
  explicit JsonLines(std::string_view text);

  /// Line of a member's key or of an item, from 1; if there is no such value, that of what encloses it.
  size_t line_of(std::string_view pointer) const;
  /// Line of the first character that breaks the grammar, or of a key that occurs twice.
  std::optional<size_t> fault() const { return fault_; }

  /// Values by number, 0 is the whole document. A tree: a copy of the whole pointer for each value would
  /// take memory that grows with the square of the text.
  struct Tree {
    std::vector<size_t> lines = {1};
    std::map<std::pair<size_t, std::string>, size_t> children;  // by parent and step
  };

 private:
  Tree tree_;
  std::optional<size_t> fault_;
};

}  // namespace certo
