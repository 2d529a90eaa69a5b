#include "recipe/run.h"

#include <algorithm>
#include <set>

#include "base/dns_record.h"

namespace certo::recipe {
namespace {

using sdk::Change;
using sdk::Failure;

struct Zone {
  std::string name;
  Json id;
  Scope taken;
};

std::string without_dot(std::string name) {
  if (name.ends_with('.')) name.pop_back();
  return lower(name);
}

class Run {
 public:
  Run(const Recipe& recipe, const sdk::Host& host, Service::Wire wire)
      : recipe_(recipe),
        host_(host),
        service_(recipe, host, std::move(wire)),
        walked_(host, [this](auto& name) { return walk(name); }) {}

  void append(sdk::Records records, Change change) {
    std::set<DnsRecord> done;
    for (const sdk::Record& record : records) {
      if (!done.insert({record.name, record.value}).second) continue;
      Scope scope = scope_of(record.name, record.ttl);
      scope["value"] = record.value;
      scope["quoted"] = sdk::quoted(record.value);
      append_one(*recipe_.append, scope, change);
    }
  }

  void rrset(sdk::Records records, Change change) {
    std::map<std::string, uint32_t> ttls;
    for (const sdk::Record& record : records) ttls.emplace(record.name, record.ttl);
    for (const auto& [name, values] : sdk::by_name(records)) {
      rrset_one(*recipe_.rrset, scope_of(name, ttls.at(name)), values, change);
    }
  }

 private:
  Scope scope_of(const std::string& name, uint32_t ttl) {
    Scope scope = service_.scope();
    scope["name"] = name;
    scope["fqdn"] = name + ".";
    set_ttl(scope, std::max<int64_t>(ttl, recipe_.least_ttl));
    const Zone& zone = zone_of(name);
    set_zone(scope, zone.name);
    scope["zone_id"] = zone.id;
    for (const auto& [taken, value] : zone.taken) scope[taken] = value;
    const bool is_apex = name == zone.name || zone.name.empty();
    scope["sub"] = is_apex ? recipe_.zone.apex : name.substr(0, name.size() - zone.name.size() - 1);
    return scope;
  }

  /// example.co.uk is "example" and "co.uk".
  static void set_zone(Scope& scope, const std::string& zone) {
    const size_t dot = std::min(zone.find('.'), zone.size());
    scope["zone"] = zone;
    scope["zone_label"] = zone.substr(0, dot);
    scope["zone_suffix"] = dot < zone.size() ? zone.substr(dot + 1) : "";
  }

  static void set_ttl(Scope& scope, int64_t ttl) {
    scope["ttl"] = ttl;
    scope["ttl_text"] = std::to_string(ttl);
  }

  const Zone& zone_of(const std::string& name) {
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

  std::optional<Zone> walk(const std::string& candidate) {
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

  const Zone& listed(const std::string& name) {
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
        return known->second = zone_in(candidate, zone, scope, "the list of zones");
      }
    }
    throw Failure{CERTO_NO_ZONE, "there is no zone for " + name + " in this account"};
  }

  Zone zone_in(const std::string& name, const Json& json, const Scope& scope,
               const std::string& subject) const {
    Zone zone{name, {}, {}};
    if (recipe_.zone.id) zone.id = id_at(json, *recipe_.zone.id, scope, subject);
    for (const auto& [taken, pointer] : recipe_.zone.take)
      zone.taken[taken] = id_at(json, pointer, scope, subject);
    return zone;
  }

  static Json id_at(const Json& json, const std::string& pointer, const Scope& scope,
                    const std::string& subject) {
    const Json* found = find(json, pointer, scope);
    if (!found || text_of(*found).empty())
      throw Failure{CERTO_UNREACHABLE, subject + " answered without an id at " + pointer};
    return *found;
  }

  void append_one(const Append& append, Scope& scope, Change change) {
    if (change == Change::remove && !append.remove) return;
    const Ask& ask = change == Change::add ? append.add : *append.remove;
    if (!append.list) {
      service_.send(ask, scope);
      return;
    }
    Json::Array ours;
    for (const Json& item : service_.list(*append.list, scope)) {
      if (holds(item, append.list->where, scope)) ours.push_back(item);
    }
    if (change == Change::add) {
      if (ours.empty()) service_.send(ask, scope);
    } else if (!append.id) {
      if (!ours.empty()) service_.send(ask, scope);
    } else {
      for (const Json& item : ours) {
        scope["id"] = id_at(item, *append.id, scope, "the list of records");
        service_.send(ask, scope);
      }
    }
  }

  void rrset_one(const Rrset& rrset, Scope scope, const std::vector<std::string>& values, Change change) {
    const Service::Answer answer = read_rrset(rrset, scope);
    const Json::Array before = answer.is_missing ? Json::Array() : items_at(answer, rrset.items, scope);
    if (const auto ttl = own_ttl(rrset, answer, scope)) set_ttl(scope, *ttl);
    const Json::Array after = edited(rrset, before, scope, values, change);
    if (after == before) return;
    scope["values"] = after;
    if (after.empty() && rrset.remove) {
      service_.send(*rrset.remove, scope);
    } else {
      service_.send(before.empty() && rrset.create ? *rrset.create : rrset.replace, scope);
    }
  }

  Service::Answer read_rrset(const Rrset& rrset, Scope& scope) {
    if (!rrset.among) return service_.read(rrset.read, scope, rrset.missing);
    Service::Answer answer{true, {}, "the list of records"};
    for (const Json& item : service_.list(*rrset.among, scope)) {
      if (!holds(item, rrset.among->where, scope)) continue;
      answer.is_missing = false;
      answer.json = item;
      if (rrset.id) scope["id"] = id_at(item, *rrset.id, scope, answer.subject);
      break;
    }
    return answer;
  }

  static std::optional<int64_t> own_ttl(const Rrset& rrset, const Service::Answer& answer,
                                        const Scope& scope) {
    const Json* const ttl = rrset.ttl.empty() ? nullptr : find(answer.json, rrset.ttl, scope);
    if (!ttl) return std::nullopt;
    if (ttl->is_integer()) return ttl->integer();
    const bool has_only_texts = answer.form.format != ReplyForm::Format::json;
    return has_only_texts ? number(text_of(*ttl), 0, INT32_MAX) : std::nullopt;
  }

  /// Values of others are sent back unchanged, whatever their form is.
  static Json::Array edited(const Rrset& rrset, Json::Array items, Scope scope,
                            const std::vector<std::string>& values, Change change) {
    for (const std::string& value : values) {
      const auto is_it = [&](const Json& item) {
        const Json* text = find(item, rrset.value, scope);
        return text && (text_of(*text) == value || text_of(*text) == sdk::quoted(value));
      };
      if (change == Change::remove) {
        std::erase_if(items, is_it);
      } else if (std::ranges::none_of(items, is_it)) {
        scope["value"] = value;
        scope["quoted"] = sdk::quoted(value);
        items.push_back(filled(rrset.made, scope));
      }
    }
    return items;
  }

  const Recipe& recipe_;
  const sdk::Host& host_;
  Service service_;
  sdk::ZoneFinder<Zone> walked_;
  std::map<std::string, Zone> zones_;  // by the record's name
};

}  // namespace

void run(const Recipe& recipe, const sdk::Host& host, sdk::Records records, Change change) {
  run(recipe, host, records, change, [&](const Ask&, const sdk::Request& request, const Scope&) {
    return Service::Response{host.raw_http(request)};
  });
}

void run(const Recipe& recipe, const sdk::Host& host, sdk::Records records, Change change,
         Service::Wire wire) {
  Run running(recipe, host, std::move(wire));
  if (recipe.append) {
    running.append(records, change);
  } else {
    running.rrset(records, change);
  }
}

}  // namespace certo::recipe
