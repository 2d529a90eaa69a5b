// A value in a recipe's text that knows its place, so that an error message can name the line.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/json_pointer.h"

namespace certo::recipe {

class Node {
 public:
  struct Source {
    std::string subject;  // the file's name
    JsonLines lines;
    int64_t version = 1;  // of the format
  };

  Node(const Source& source, const Json& json, std::string pointer)
      : source_(&source), json_(&json), pointer_(std::move(pointer)) {}

  /// Throws Error{bad_input}: "<subject>:<line>: <pointer>: <what>".
  [[noreturn]] void fail(const std::string& what, const std::string& hint = {}) const;

  const Json& json() const { return *json_; }
  int64_t version() const { return source_->version; }

  // For objects. Each fails if the value does not have the type.
  std::optional<Node> find(std::string_view key) const;
  Node at(std::string_view key) const;
  /// Fails at the first member that is not `known`, and suggests the nearest that is. Members that are
  /// `newer` are known from version 2 on.
  void require_known(std::initializer_list<std::string_view> known,
                     std::initializer_list<std::string_view> newer = {}) const;
  std::vector<std::pair<std::string, Node>> members() const;

  std::string text() const;
  /// Text that is used as it is. Fails from version 2 on if it has a placeholder, which nothing would
  /// replace.
  std::string plain() const;
  int64_t integer() const;  // not negative
  std::vector<Node> items() const;
  std::vector<std::string> texts() const;  // of an array, or of a string as the only one
  std::string pointer() const;             // a string that is a JSON pointer
  bool boolean() const;

 private:
  const Source* source_;
  const Json* json_;
  std::string pointer_;
};

}  // namespace certo::recipe
