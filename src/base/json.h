// JSON (RFC 8259): a tree, a strict reader on top of simdjson, and a writer.
//
// Everything read is untrusted. The reader refuses more than 1 MiB (unless told otherwise), nesting
// deeper than 32, duplicate keys, NUL in a string, invalid UTF-8 and trailing
// bytes. Members keep their order, so that a file that is read and written again
// keeps its shape, unknown members included.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"

namespace certo {

class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  Json() = default;  // null
  Json(std::nullptr_t) {}
  Json(bool value) : value_(value) {}
  Json(int value) : value_(static_cast<int64_t>(value)) {}
  Json(int64_t value) : value_(value) {}
  Json(double value) : value_(value) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}

  static Json array() { return Json(Array{}); }
  static Json object() { return Json(Object{}); }

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  bool is_integer() const { return std::holds_alternative<int64_t>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }

  /// Precondition: the value has this type.
  bool boolean() const { return std::get<bool>(value_); }
  int64_t integer() const { return std::get<int64_t>(value_); }
  double number() const;  // an integer counts as a number
  const std::string& string() const { return std::get<std::string>(value_); }
  const Array& items() const { return std::get<Array>(value_); }
  const Object& members() const { return std::get<Object>(value_); }
  Array& items() { return std::get<Array>(value_); }
  Object& members() { return std::get<Object>(value_); }

  /// The member, or nullptr if there is none or this is not an object.
  const Json* find(std::string_view key) const;
  /// Sets or replaces a member; this becomes an object when it is null.
  Json& set(std::string_view key, Json value);
  void erase(std::string_view key);
  void push(Json value);  // appends to an array; null becomes one

  bool operator==(const Json&) const = default;

 private:
  std::variant<std::monostate, bool, int64_t, double, std::string, Array, Object> value_;
};

/// Reads one document. Throws Error{on_error}: "<subject> is not JSON: …".
/// `on_error` is Exit::protocol for a CA's text and Exit::bad_input for ours.
Json parse_json(std::string_view text, const std::string& subject, Exit on_error,
                size_t size_limit = 1 << 20);

std::string to_json(const Json& value);         // one line, no spaces
std::string to_pretty_json(const Json& value);  // two spaces of indent and a final newline

/// Typed, checked access to an object's members: the way to read a document whose
/// shape is known. A wrong type or a missing member throws Error{on_error} that
/// names subject and member. A member that is null counts as absent.
class Fields {
 public:
  Fields(const Json& object, std::string subject, Exit on_error);  // throws unless an object

  std::string string(std::string_view key) const;
  std::optional<std::string> optional_string(std::string_view key) const;
  int64_t integer(std::string_view key) const;
  std::optional<int64_t> optional_integer(std::string_view key) const;
  bool boolean(std::string_view key, bool otherwise) const;
  const Json::Array& array(std::string_view key) const;
  const Json::Array* optional_array(std::string_view key) const;
  std::vector<std::string> strings(std::string_view key) const;            // absent: empty
  std::vector<std::string> string_or_strings(std::string_view key) const;  // a string is a list of one
  const Json* optional_object(std::string_view key) const;

  const std::string& subject() const { return subject_; }

 private:
  const Json* find(std::string_view key) const;
  [[noreturn]] void wrong(std::string_view key, const char* expected) const;

  const Json& object_;
  std::string subject_;
  Exit on_error_;
};

}  // namespace certo
