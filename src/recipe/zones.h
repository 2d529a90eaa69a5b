// The zones of a recipe's service, and the placeholders of a request about a name in one.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "recipe/recipe.h"
#include "recipe/service.h"
#include "sdk/provider.hpp"

namespace certo::recipe {

struct Zone {
  std::string name;
  Json id;
  Scope taken;
};

/// The text at `pointer`, which must be there. Throws Failure that begins with `subject`.
Json id_at(const Json& json, const std::string& pointer, const Scope& scope, const std::string& subject);

class Zones {
 public:
  Zones(const Recipe& recipe, const sdk::Host& host, Service& service);

  /// The placeholders of `name` and of its zone. Throws Failure if it has no zone.
  Scope scope_of(const std::string& name, uint32_t ttl);
  static void set_ttl(Scope& scope, int64_t ttl);

 private:
  const Zone& zone_of(const std::string& name);
  std::optional<Zone> walk(const std::string& candidate);
  const Zone& listed(const std::string& name);
  Zone zone_in(const std::string& name, const Json& json, const Scope& scope,
               const std::string& subject) const;

  const Recipe& recipe_;
  const sdk::Host& host_;
  Service& service_;
  sdk::ZoneFinder<Zone> walked_;
  std::map<std::string, Zone> zones_;  // by the record's name
};

}  // namespace certo::recipe
