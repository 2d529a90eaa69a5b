// Typed access to the members of an object whose shape is known.
// Implements a part of base/json.h.
#include "base/json.h"

namespace certo {

Fields::Fields(const Json& object, std::string subject, Exit on_error)
    : object_(object), subject_(std::move(subject)), on_error_(on_error) {
  if (!object.is_object()) throw Error(on_error_, subject_ + " is not a JSON object");
}

const Json* Fields::find(std::string_view key) const {
  const Json* found = object_.find(key);
  return found && !found->is_null() ? found : nullptr;
}

void Fields::wrong(std::string_view key, const char* expected) const {
  const std::string member = subject_ + ": \"" + std::string(key) + "\"";
  throw Error(on_error_, find(key) ? member + " is not " + expected : member + " is missing");
}

std::string Fields::string(std::string_view key) const {
  std::optional<std::string> found = optional_string(key);
  if (!found) wrong(key, "a string");
  return *std::move(found);
}

std::optional<std::string> Fields::optional_string(std::string_view key) const {
  const Json* found = find(key);
  if (!found) return std::nullopt;
  if (!found->is_string()) wrong(key, "a string");
  return found->string();
}

int64_t Fields::integer(std::string_view key) const {
  const std::optional<int64_t> found = optional_integer(key);
  if (!found) wrong(key, "an integer");
  return *found;
}

std::optional<int64_t> Fields::optional_integer(std::string_view key) const {
  const Json* found = find(key);
  if (!found) return std::nullopt;
  if (!found->is_integer()) wrong(key, "an integer");
  return found->integer();
}

bool Fields::boolean(std::string_view key, bool otherwise) const {
  const Json* found = find(key);
  if (!found) return otherwise;
  if (!found->is_bool()) wrong(key, "true or false");
  return found->boolean();
}

const Json::Array& Fields::array(std::string_view key) const {
  const Json::Array* found = optional_array(key);
  if (!found) wrong(key, "an array");
  return *found;
}

const Json::Array* Fields::optional_array(std::string_view key) const {
  const Json* found = find(key);
  if (!found) return nullptr;
  if (!found->is_array()) wrong(key, "an array");
  return &found->items();
}

std::vector<std::string> Fields::strings(std::string_view key) const {
  std::vector<std::string> found;
  const Json::Array* items = optional_array(key);
  if (!items) return found;
  for (const Json& item : *items) {
    if (!item.is_string()) wrong(key, "an array of strings");
    found.push_back(item.string());
  }
  return found;
}

std::vector<std::string> Fields::string_or_strings(std::string_view key) const {
  const Json* found = find(key);
  if (found && found->is_string()) return {found->string()};
  if (found && !found->is_array()) wrong(key, "a string or an array of strings");
  return strings(key);
}

const Json* Fields::optional_object(std::string_view key) const {
  const Json* found = find(key);
  if (found && !found->is_object()) wrong(key, "an object");
  return found;
}

}  // namespace certo
