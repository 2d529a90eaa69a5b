#include "store/way.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "store/format.h"

namespace certo::store {
namespace {

using Texts = std::vector<std::string>;
using TextMap = std::map<std::string, std::string>;

Json json_of(const std::string& value) { return Json(value); }
Json json_of(bool value) { return Json(value); }
Json json_of(const Propagation& value) { return Json(to_text(value)); }

Json json_of(const Texts& value) {
  Json json = Json::array();
  for (const std::string& text : value) json.push(text);
  return json;
}

Json json_of(const TextMap& value) {
  Json json = Json::object();
  for (const auto& [key, text] : value) json.set(key, text);
  return json;
}

Json json_of(const Resolvers& value) {
  return value.servers.size() == 1 ? Json(value.servers.front()) : json_of(value.servers);
}

void read(const Fields& fields, const char* key, std::string& value) {
  value = fields.optional_string(key).value_or("");
}

void read(const Fields& fields, const char* key, bool& value) { value = fields.boolean(key, value); }

void read(const Fields& fields, const char* key, Texts& value) { value = fields.strings(key); }

void read(const Fields& fields, const char* key, Propagation& value) {
  value =
      read_member(fields, key, [&] { return parse_propagation(fields.optional_string(key).value_or("")); });
}

void read(const Fields& fields, const char* key, TextMap& value) {
  const Json* json = fields.optional_object(key);
  if (!json) return;
  const Fields members(*json, fields.subject() + ": \"" + key + "\"", Exit::bad_input);
  for (const auto& [name, text] : json->members()) value[name] = members.string(name);
}

void read(const Fields& fields, const char* key, Resolvers& value) {
  value.servers = fields.string_or_strings(key);
}

std::string text_of(const Setting&, const std::string& value) { return value; }
std::string text_of(const Setting&, const Propagation& value) { return to_text(value); }
/// A switch that is off by default.
std::string text_of(const Setting& setting, bool value) {
  return value ? std::string(setting.option->name().substr(2)) : "";
}
std::string text_of(const Setting&, const Texts&) { return {}; }
std::string text_of(const Setting&, const TextMap&) { return {}; }
std::string text_of(const Setting&, const Resolvers&) { return {}; }

Texts names() {
  Texts names;
  for (const Method& method : methods) names.emplace_back(method.name);
  return names;
}

const Method& required_method(const std::string& name, const std::string& subject) {
  if (const Method* method = find_method(name)) return *method;
  const std::optional<std::string> near = nearest(name, names());
  throw Error(Exit::bad_input, subject + ": '" + name + "' is not a method of proving names",
              near ? "did you mean " + *near + "?" : "use one of: " + join(names(), ", "));
}

bool has_setting(const Method& method, const std::string& key) {
  return std::ranges::any_of(method.settings, [&](const Setting& setting) { return setting.key == key; });
}

/// Throws for members that no method has.
void check_members(const Json& json, const Method& method, Texts known, const std::string& subject) {
  known.emplace_back("method");
  const size_t own = known.size();
  for (const Method& one : methods)
    for (const Setting& setting : one.settings) known.emplace_back(setting.key);
  require_known_members(json, known, subject);
  for (const auto& [key, value] : json.members()) {
    const auto first_setting = known.begin() + static_cast<ptrdiff_t>(own);
    if (std::find(known.begin(), first_setting, key) == first_setting && !has_setting(method, key))
      log::warn(subject + ": \"" + key + "\" is ignored: the method " + method.name + " does not have it");
  }
}

}  // namespace

const Method& method_of(const Way& way) { return methods[way.index()]; }

const Method* find_method(std::string_view name) {
  const auto* const found =
      std::ranges::find_if(methods, [&](const Method& one) { return one.name == name; });
  return found == std::end(methods) ? nullptr : found;
}

std::span<const std::string_view> types_of(const Way& way) {
  const auto* const dns = std::get_if<Dns>(&way);
  return dns && dns->is_per_account ? std::span<const std::string_view>(row::dns_account_01)
                                    : method_of(way).types;
}

bool can_prove(const Method& method, const crypto::Identifier& identifier) {
  if (identifier.type != "dns") return method.proves_addresses;
  return method.proves_wildcards || !identifier.is_wildcard();
}

std::string options_for(const std::vector<crypto::Identifier>& identifiers) {
  Texts options;
  for (const Method& method : methods) {
    const auto fits = [&](const crypto::Identifier& one) { return can_prove(method, one); };
    if (method.option.rare || !std::ranges::all_of(identifiers, fits)) continue;
    options.emplace_back(method.option.name());
    if (method.option.metavar) options.back() += std::string(" ") + method.option.metavar;
  }
  if (options.size() < 2) return join(options, "");
  const std::string last = options.back();
  options.pop_back();
  return join(options, ", ") + " or " + last;
}

std::string served_folder(const Way& way) {
  if (const auto* const webroot = std::get_if<Webroot>(&way)) return webroot->folder;
  if (const auto* const challenge_dir = std::get_if<ChallengeDir>(&way)) return challenge_dir->folder;
  return {};
}

std::string describe(const Way& way) {
  std::string text = method_of(way).name;
  Way copy = way;
  each_setting(copy, [&](const Setting& setting, const auto& value) {
    const std::string shown = setting.is_shown ? text_of(setting, value) : "";
    if (!shown.empty()) text += " " + shown;
  });
  return text;
}

void write_way(Json& json, const Way& way) {
  json.set("method", method_of(way).name);
  Way copy = way, fresh = method_of(way).make();
  each_setting(copy, [&](const Setting& setting, const auto& value) {
    using Value = std::remove_cvref_t<decltype(value)>;
    if (value != *std::get<Value*>(setting.slot(fresh))) json.set(setting.key, json_of(value));
  });
}

Json to_json(const Way& way) {
  Json json = Json::object();
  write_way(json, way);
  return json;
}

Way parse_way(const Json& json, const std::string& subject, const std::vector<std::string>& others) {
  const Fields fields(json, subject, Exit::bad_input);
  const Method& method = required_method(fields.string("method"), subject);
  check_members(json, method, others, subject);
  Way way = method.make();
  each_setting(way, [&](const Setting& setting, auto& value) { read(fields, setting.key, value); });
  return way;
}

}  // namespace certo::store
