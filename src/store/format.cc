#include "store/format.h"

#include <algorithm>

#include "base/text.h"

namespace certo::store {

namespace {

/// The number in "request/2" if `format` is "request/1"; nothing for another kind.
std::optional<int64_t> version_of(std::string_view text, std::string_view format) {
  const std::string_view kind = format.substr(0, format.find('/') + 1);
  if (!text.starts_with(kind)) return {};
  return number(text.substr(kind.size()), 0, INT64_MAX);
}

}  // namespace

Json new_file(std::string_view format) {
  Json json = Json::object();
  json.set("certo", format);
  return json;
}

void require_format(const Json& json, std::string_view format, const std::string& subject) {
  const Json* member = json.find("certo");
  const std::string found = member && member->is_string() ? member->string() : "";
  if (found == format) return;
  const auto version = version_of(found, format);
  if (version && *version > *version_of(format, format))
    throw NewerFormat(Exit::bad_input, subject + ": written by a newer certo (" + found + ")",
                      "upgrade certo");
  throw Error(Exit::bad_input,
              subject + ": it does not begin with \"certo\": \"" + std::string(format) + "\"");
}

void require_known_members(const Json& json, const std::vector<std::string>& known,
                           const std::string& subject) {
  for (const auto& [key, value] : json.members()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const auto meant = nearest(key, known);
    throw Error(Exit::bad_input, subject + ": unknown member \"" + key + "\"",
                meant ? "did you mean \"" + *meant + "\"?" : "known are: " + join(known, ", "));
  }
}

std::optional<Time> optional_time(const Fields& fields, std::string_view key) {
  const auto text = fields.optional_string(key);
  if (!text) return {};
  const auto time = from_rfc3339(*text);
  if (!time)
    throw Error(Exit::bad_input,
                fields.subject() + ": \"" + std::string(key) + "\" is not a time like 2026-12-01T00:00:00Z");
  return time;
}

}  // namespace certo::store
