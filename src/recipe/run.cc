#include "recipe/run.h"

#include <algorithm>
#include <set>

#include "base/dns_record.h"
#include "recipe/edit.h"
#include "recipe/whole_zone.h"
#include "recipe/zones.h"

namespace certo::recipe {
namespace {

using sdk::Change;

class Run {
 public:
  Run(const Recipe& recipe, const sdk::Host& host, Service::Wire wire, Signing signing, Change change)
      : recipe_(recipe),
        service_(recipe, host, std::move(wire), signing),
        zones_(recipe, host, service_),
        change_(change) {}

  void change(sdk::Records records) {
    if (recipe_.append) {
      append(records);
    } else if (recipe_.rrset) {
      rrset(records);
    } else {
      whole(records);
    }
    for (const auto& [zone, scope] : changed_) {
      for (const Ask& ask : recipe_.publish) service_.send(ask, scope);
    }
  }

 private:
  void append(sdk::Records records) {
    std::set<DnsRecord> done;
    for (const sdk::Record& record : records) {
      if (!done.insert({record.name, record.value}).second) continue;
      Scope scope = zones_.scope_of(record.name, record.ttl);
      set_value(scope, record.value);
      append_one(*recipe_.append, scope);
    }
  }

  void append_one(const Append& append, Scope& scope) {
    if (change_ == Change::remove && !append.remove) return;
    const Ask& ask = change_ == Change::add ? append.add : *append.remove;
    if (!append.list) return send(ask, scope);
    Json::Array ours;
    for (const Json& item : service_.list(*append.list, scope)) {
      if (holds(item, append.list->where, scope)) ours.push_back(item);
    }
    if (change_ == Change::add) {
      if (ours.empty()) send(ask, scope);
    } else if (!append.id) {
      if (!ours.empty()) send(ask, scope);
    } else {
      for (const Json& item : ours) {
        scope["id"] = id_at(item, *append.id, scope, "the list of records");
        send(ask, scope);
      }
    }
  }

  void rrset(sdk::Records records) {
    std::map<std::string, uint32_t> ttls;
    for (const sdk::Record& record : records) ttls.emplace(record.name, record.ttl);
    for (const auto& [name, values] : sdk::by_name(records))
      rrset_one(*recipe_.rrset, zones_.scope_of(name, ttls.at(name)), values);
  }

  void rrset_one(const Rrset& rrset, Scope scope, const std::vector<std::string>& values) {
    const Service::Answer answer = read_rrset(rrset, scope);
    const Json::Array before = values_of(rrset, answer, scope);
    if (const auto ttl = own_ttl(rrset, answer, scope)) Zones::set_ttl(scope, *ttl);
    const Json::Array after = edited(rrset, before, scope, values, change_);
    if (after == before) return;
    scope["values"] = after;
    if (after.empty() && rrset.remove) {
      send(*rrset.remove, scope);
    } else {
      send(before.empty() && rrset.create ? *rrset.create : rrset.replace, scope);
    }
  }

  /// Some services show a single value without a list.
  static Json::Array values_of(const Rrset& rrset, const Service::Answer& answer, const Scope& scope) {
    if (answer.is_missing) return {};
    const Json* const found = find(answer.json, rrset.items, scope);
    const bool is_single = found && found->is_string() && answer.form.format == ReplyForm::Format::json;
    return is_single ? Json::Array{*found} : items_at(answer, rrset.items, scope);
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

  void whole(sdk::Records records) {
    std::map<std::string, std::vector<Edit>> zones;
    for (const sdk::Record& record : records) {
      const Scope scope = zones_.scope_of(record.name, record.ttl);
      zones[text_of(scope.at("zone"))].push_back({record.value, scope});
    }
    for (const auto& [zone, edits] : zones) {
      if (change_zone(*recipe_.whole, service_, edits, change_)) changed_.emplace(zone, edits.front().scope);
    }
  }

  void send(const Ask& ask, const Scope& scope) {
    service_.send(ask, scope);
    changed_.emplace(text_of(scope.at("zone")), scope);
  }

  const Recipe& recipe_;
  Service service_;
  Zones zones_;
  Change change_;
  std::map<std::string, Scope> changed_;  // the placeholders of each zone that was changed
};

}  // namespace

void run(const Recipe& recipe, const sdk::Host& host, sdk::Records records, Change change) {
  const auto wire = [&](const Ask&, const sdk::Request& request, const Scope&) {
    return Service::Response{host.raw_http(request)};
  };
  Run(recipe, host, wire, Signing::real, change).change(records);
}

void play(const Recipe& recipe, const sdk::Host& host, sdk::Records records, Change change,
          Service::Wire wire) {
  Run(recipe, host, std::move(wire), Signing::shown, change).change(records);
}

}  // namespace certo::recipe
