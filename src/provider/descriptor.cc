#include "provider/descriptor.h"

#include <algorithm>
#include <span>

#include "base/error.h"
#include "base/text.h"

namespace certo::provider {
namespace {

// More than any honest provider needs.
constexpr size_t most_settings = 64;
constexpr size_t longest_name = 64;
constexpr int64_t longest_propagation = 86400;

bool is_made_of(std::string_view text, std::string_view others, char first, char last) {
  const auto may_stand = [&](char c) {
    return (c >= first && c <= last) || (c >= '0' && c <= '9') || others.find(c) != others.npos;
  };
  return !text.empty() && text.size() <= longest_name && std::ranges::all_of(text, may_stand);
}
bool is_provider_name(std::string_view text) { return is_made_of(text, "-", 'a', 'z'); }
bool is_setting_name(std::string_view text) { return is_made_of(text, "_", 'A', 'Z'); }

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> words = split(text, ' ');
  std::erase(words, "");
  return words;
}

bool is_path(const std::string& word) { return word.starts_with('/') || word.starts_with("~/"); }

const Descriptor& checked(const Descriptor& descriptor, const std::string& subject) {
  const auto refuse = [&](const std::string& why) {
    throw Error(Exit::config, subject + ": " + why, "its author must correct it: see sdk/provider.h");
  };
  if (!is_provider_name(descriptor.name))
    refuse("'" + printable(descriptor.name, 80) + "' is not the name of a provider");
  if (descriptor.settings.size() > most_settings) refuse("it has too many settings");
  for (const std::string& type : descriptor.types) {
    if (!is_made_of(type, "", 'A', 'Z'))
      refuse("'" + printable(type, 80) + "' is not the type of a record in upper case");
  }
  for (const Setting& setting : descriptor.settings) {
    if (!is_setting_name(setting.name))
      refuse("'" + printable(setting.name, 80) + "' is not the name of a setting");
  }
  return descriptor;
}

Json to_json(const std::vector<std::string>& texts) {
  Json json = Json::array();
  for (const std::string& text : texts) json.push(text);
  return json;
}

/// The members that certo_provider got after the first version. Each may be beyond the end of an older one.
void describe_rest(const certo_provider& provider, Descriptor& descriptor) {
  const auto text = [&](const char* const certo_provider::*member) -> std::string {
    const char* const* const at = &(provider.*member);
    const size_t end =
        static_cast<size_t>(reinterpret_cast<const char*>(at + 1) - reinterpret_cast<const char*>(&provider));
    return end <= provider.size && *at ? *at : "";
  };
  descriptor.types = words(text(&certo_provider::types));
  descriptor.name_servers = words(text(&certo_provider::name_servers));
  descriptor.rights = text(&certo_provider::rights);
  descriptor.is_untried = !text(&certo_provider::source).empty();
}

}  // namespace

Descriptor describe(const certo_provider& provider, const std::string& subject) {
  if (provider.abi != CERTO_PROVIDER_ABI || provider.size < offsetof(certo_provider, types)) {
    throw Error(Exit::config,
                subject + ": built for version " + std::to_string(provider.abi) +
                    " of the provider ABI, but this certo supports version " +
                    std::to_string(CERTO_PROVIDER_ABI),
                "compile it again with the sdk/provider.h of this certo");
  }
  const bool is_whole = provider.name && provider.aliases && provider.title && provider.base_url &&
                        (provider.settings || provider.setting_count == 0) &&
                        provider.setting_count <= most_settings && provider.present && provider.cleanup;
  if (!is_whole) {
    throw Error(Exit::config, subject + ": its certo_provider is not filled in",
                "its author must correct it: see sdk/provider.h");
  }
  Descriptor descriptor;
  descriptor.name = provider.name;
  descriptor.aliases = words(provider.aliases);
  descriptor.title = provider.title;
  descriptor.base_url = provider.base_url;
  descriptor.propagation = Seconds(std::min<int64_t>(provider.propagation, longest_propagation));
  descriptor.traits = provider.traits;
  for (const certo_setting& one : std::span(provider.settings, provider.setting_count)) {
    Setting setting{one.name ? one.name : "", {}, {}, one.about ? one.about : "", one.group};
    for (std::string& word : words(one.aliases ? one.aliases : ""))
      (is_path(word) ? setting.paths : setting.aliases).push_back(std::move(word));
    descriptor.settings.push_back(std::move(setting));
  }
  describe_rest(provider, descriptor);
  return checked(descriptor, subject);
}

Descriptor describe(const recipe::Recipe& recipe) {
  Descriptor descriptor;
  descriptor.name = recipe.name;
  descriptor.aliases = recipe.aliases;
  descriptor.title = recipe.title;
  if (!recipe.is_self_hosted()) descriptor.base_url = recipe.base_url;
  descriptor.propagation = recipe.propagation;
  if (recipe.changes_by_get()) descriptor.traits |= CERTO_CHANGES_BY_GET;
  if (recipe.holds_one_value) descriptor.traits |= CERTO_SINGLE_VALUE;
  descriptor.types = recipe.types;
  descriptor.name_servers = recipe.name_servers;
  descriptor.rights = recipe.rights;
  descriptor.is_untried = recipe.is_untried;
  for (const recipe::Setting& one : recipe.settings)
    descriptor.settings.push_back({one.name, one.aliases, {}, one.about, one.group});
  return checked(descriptor, "the recipe " + recipe.name);
}

std::string own_name(std::string_view provider, const std::string& rest) {
  std::string name(provider);
  for (char& c : name) c = c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return name + "_" + rest;
}

std::vector<Setting> settings_of(const Descriptor& descriptor) {
  std::vector<Setting> settings = descriptor.settings;
  const auto add = [&](const char* rest, std::string about) {
    const std::string name = own_name(descriptor.name, rest);
    if (std::ranges::find(settings, name, &Setting::name) == settings.end())
      settings.push_back({name, {}, {}, std::move(about)});
  };
  if (!descriptor.base_url.empty())
    add("BASE_URL", "another URL of the API (default: " + descriptor.base_url + ")");
  add("ZONE", "the zone of the names, if certo does not find it");
  return settings;
}

Json to_json(const Descriptor& descriptor) {
  Json settings = Json::array();
  for (const Setting& setting : descriptor.settings) {
    settings.push(Json::Object{{"name", setting.name},
                               {"aliases", to_json(setting.aliases)},
                               {"paths", to_json(setting.paths)},
                               {"about", setting.about},
                               {"group", static_cast<int64_t>(setting.group)}});
  }
  return Json(Json::Object{{"name", descriptor.name},
                           {"aliases", to_json(descriptor.aliases)},
                           {"title", descriptor.title},
                           {"base_url", descriptor.base_url},
                           {"settings", std::move(settings)},
                           {"propagation", static_cast<int64_t>(descriptor.propagation.count())},
                           {"traits", static_cast<int64_t>(descriptor.traits)},
                           {"types", to_json(descriptor.types)},
                           {"name_servers", to_json(descriptor.name_servers)},
                           {"rights", descriptor.rights},
                           {"untried", descriptor.is_untried}});
}

Descriptor parse_descriptor(const Json& json, const std::string& subject) {
  const Fields fields(json, subject, Exit::config);
  Descriptor descriptor;
  descriptor.name = fields.string("name");
  descriptor.aliases = fields.strings("aliases");
  descriptor.title = fields.string("title");
  descriptor.base_url = fields.string("base_url");
  descriptor.propagation =
      Seconds(std::clamp<int64_t>(fields.integer("propagation"), 0, longest_propagation));
  descriptor.traits = static_cast<uint32_t>(fields.integer("traits"));
  descriptor.types = fields.strings("types");
  descriptor.name_servers = fields.strings("name_servers");
  descriptor.rights = fields.string("rights");
  descriptor.is_untried = fields.boolean("untried", false);
  for (const Json& one : fields.array("settings")) {
    const Fields setting(one, subject, Exit::config);
    descriptor.settings.push_back({setting.string("name"), setting.strings("aliases"),
                                   setting.strings("paths"), setting.string("about"),
                                   static_cast<uint32_t>(setting.integer("group"))});
  }
  return checked(descriptor, subject);
}

}  // namespace certo::provider
