// What certo knows about a DNS provider of any kind before its code changes anything.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "recipe/recipe.h"
#include "sdk/provider.h"

namespace certo::provider {

struct Setting {
  std::string name;
  std::vector<std::string> aliases;
  std::vector<std::string> paths{};  // of a _FILE: default paths; "~/" is the home folder
  std::string about;
  uint32_t group = 0;  // of certo_setting; 0: optional

  /// The user sets a path, and the provider gets the content.
  bool is_file() const { return name.ends_with("_FILE"); }
};

struct Descriptor {
  std::string name;
  std::vector<std::string> aliases;
  std::string title, base_url;
  std::vector<Setting> settings;  // its own
  Seconds propagation{120};
  uint32_t traits = 0;                      // of certo_trait
  std::vector<std::string> types{};         // that it can write in addition to TXT: "CAA"
  std::vector<std::string> name_servers{};  // patterns of host names, with '*' and '?'
  std::string rights{};                     // the least that its credentials must allow, for people
  bool is_untried = false;                  // not written by the service's documentation

  bool is(certo_trait trait) const { return (traits & trait) != 0; }
};

/// Throws Error{config} naming `subject` for a struct that breaks the rules of sdk/provider.h: a plugin can
/// contain anything.
Descriptor describe(const certo_provider& provider, const std::string& subject);
Descriptor describe(const recipe::Recipe& recipe);

/// The provider's own settings, then those that every provider has: NAME_BASE_URL and NAME_ZONE.
std::vector<Setting> settings_of(const Descriptor& descriptor);
/// "CLOUDFLARE_" + `rest` for "cloudflare".
std::string own_name(std::string_view provider, const std::string& rest);

Json to_json(const Descriptor& descriptor);
/// Throws Error{config}: the code of a plugin ran in the process that wrote it.
Descriptor parse_descriptor(const Json& json, const std::string& subject);

}  // namespace certo::provider
