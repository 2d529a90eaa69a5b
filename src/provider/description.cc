#include "provider/description.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"

namespace certo::provider {
namespace {

constexpr int64_t format_version = 1;
constexpr int64_t longest_propagation = 3600;

/// Null if it is not JSON.
Json read(std::string_view text, const std::string& subject) {
  try {
    return parse_json(text, subject, Exit::config);
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

bool is_variable_name(std::string_view text) {
  const auto may_stand = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && !(text[0] >= '0' && text[0] <= '9') && std::ranges::all_of(text, may_stand);
}

Description parse_description(std::string_view text, const std::string& subject) {
  const Json json = read(text, subject);
  if (!json.find("certo-dns")) return {};

  const Fields fields(json, subject, Exit::config);
  if (const int64_t version = fields.integer("certo-dns"); version != format_version) {
    throw Error(Exit::config, subject + ": uses version " + std::to_string(version) + " of the protocol",
                "this certo supports version " + std::to_string(format_version));
  }
  Description description;
  description.batch = fields.boolean("batch", false);
  description.settings = fields.strings("settings");
  for (const std::string& name : description.settings) {
    if (is_variable_name(name)) continue;
    throw Error(Exit::config,
                fmt::format("{}: the setting '{}' is not the name of a variable", subject, name));
  }
  if (const auto seconds = fields.optional_integer("propagation")) {
    description.propagation = Seconds(std::clamp<int64_t>(*seconds, 0, longest_propagation));
  }
  return description;
}

}  // namespace certo::provider
