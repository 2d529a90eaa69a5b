#include "recipe/zones.h"

#include <algorithm>

#include "sdk/keys.h"

namespace certo::recipe {
namespace {

using sdk::Failure;

std::string without_dot(std::string name) {
  if (name.ends_with('.')) name.pop_back();
  return lower(name);
}

/// example.co.uk is "example" and "co.uk".
void set_zone(Scope& scope, const std::string& zone) {
  const size_t dot = std::min(zone.find('.'), zone.size());
  scope["zone"] = zone;
  scope["zone_label"] = zone.substr(0, dot);
  scope["zone_suffix"] = dot < zone.size() ? zone.substr(dot + 1) : "";
}

}  // namespace

Json id_at(const Json& json, const std::string& pointer, const Scope& scope, const std::string& subject) {
  const Json* found = find(json, pointer, scope);
  if (!found || text_of(*found).empty())
    throw Failure{CERTO_UNREACHABLE, subject + " answered without an id at " + pointer};
  return *found;
}

Zones::Zones(const Recipe& recipe, const sdk::Host& host, Service& service)
    : recipe_(recipe),
      host_(host),
      service_(service),
      walked_(host, [this](auto& name) { return walk(name); }) {}

Scope Zones::scope_of(const std::string& name, uint32_t ttl) {
  Scope scope = service_.scope();
  scope["name"] = name;
  scope["fqdn"] = name + ".";
  scope["host"] = sdk::challenged(name);
  set_ttl(scope, std::max<int64_t>(ttl, recipe_.least_ttl));
  const Zone& zone = zone_of(name);
  set_zone(scope, zone.name);
  scope["zone_id"] = zone.id;
  for (const auto& [taken, value] : zone.taken) scope[taken] = value;
  const bool is_apex = name == zone.name || zone.name.empty();
  scope["sub"] = is_apex ? recipe_.zone.apex : name.substr(0, name.size() - zone.name.size() - 1);
  return scope;
}

void Zones::set_ttl(Scope& scope, int64_t ttl) {
  scope["ttl"] = ttl;
  scope["ttl_text"] = std::to_string(ttl);
}

const Zone& Zones::zone_of(const std::string& name) {
  switch (recipe_.zone.by) {
    case ZoneSearch::By::walk: return walked_.find(name);
    case ZoneSearch::By::list: return listed(name);
    case ZoneSearch::By::soa: break;
    case ZoneSearch::By::nothing: return zones_[""];
  }
  const auto [known, is_new] = zones_.try_emplace(name);
  if (is_new) known->second.name = without_dot(host_.zone(name));
  return known->second;
}

std::optional<Zone> Zones::walk(const std::string& candidate) {
  const ZoneSearch& search = recipe_.zone;
  Scope scope = service_.scope();
  set_zone(scope, candidate);
  const Service::Answer answer = service_.read(search.listing.ask, scope, search.listing.missing);
  if (!answer.denial.empty()) throw sdk::Hidden{answer.denial};
  if (answer.is_missing) return std::nullopt;
  if (!search.has_items) return zone_in(candidate, answer.json, scope, answer.subject);
  for (const Json& item : items_at(answer, search.listing.items, scope)) {
    if (holds(item, search.listing.where, scope)) return zone_in(candidate, item, scope, answer.subject);
  }
  return std::nullopt;
}

const Zone& Zones::listed(const std::string& name) {
  const auto [known, is_new] = zones_.try_emplace(name);
  if (!is_new) return known->second;
  Scope scope = service_.scope();
  scope["name"] = name;
  scope["fqdn"] = name + ".";
  const ZoneSearch& search = recipe_.zone;
  const Json::Array& zones = service_.list(search.listing, scope);
  for (const std::string& candidate : sdk::zone_candidates(host_, name)) {
    for (const Json& zone : zones) {
      const Json* found = find(zone, search.name, scope);
      if (!found || without_dot(text_of(*found)) != candidate) continue;
      if (!holds(zone, search.listing.where, scope)) continue;
      return known->second = zone_in(candidate, zone, scope, "the list of zones");
    }
  }
  throw Failure{CERTO_NO_ZONE, "there is no zone for " + name + " in this account"};
}

Zone Zones::zone_in(const std::string& name, const Json& json, const Scope& scope,
                    const std::string& subject) const {
  Zone zone{name, {}, {}};
  if (recipe_.zone.id) zone.id = id_at(json, *recipe_.zone.id, scope, subject);
  for (const auto& [taken, pointer] : recipe_.zone.take)
    zone.taken[taken] = id_at(json, pointer, scope, subject);
  return zone;
}

}  // namespace certo::recipe
