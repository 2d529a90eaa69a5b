#include "recipe/run.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/dns_record.h"
#include "recipe/edit.h"
#include "recipe/whole_zone.h"
#include "recipe/zones.h"

namespace certo::recipe {
namespace {

using sdk::Change;
using sdk::Failure;

constexpr size_t most_at_once = 50;  // records in a request

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
    const Append& append = *recipe_.append;
    const bool is_batch = !(change_ == Change::add ? append.record : append.removed).is_null();
    std::set<DnsRecord> done;
    std::map<std::string, std::vector<Scope>> zones;
    for (const sdk::Record& record : records) {
      if (!done.insert({record.name, record.value}).second) continue;
      Scope scope = zones_.scope_of(record.name, record.ttl);
      set_value(scope, record.value);
      if (!is_batch) {
        append_one(append, scope);
        continue;
      }
      std::vector<Scope>& batch = zones[text_of(scope.at("zone"))];
      batch.push_back(std::move(scope));
      if (batch.size() == most_at_once) append_batch(append, std::exchange(batch, {}));
    }
    for (auto& [zone, batch] : zones) append_batch(append, std::move(batch));
  }

  /// Records of one zone in one request. If the service refuses some of several, each is sent alone: so the
  /// others are changed, and the service's words are about one record.
  void append_batch(const Append& append, std::vector<Scope> batch) {
    Json::Array items;
    for (Scope& scope : batch) add_items(append, scope, items);
    if (items.empty()) return;
    Scope scope = batch.front();
    scope["records"] = items;
    try {
      if (!send(change_ == Change::add ? append.add : *append.remove, scope) || batch.size() == 1) return;
    } catch (const Failure& failure) {
      if (failure.status != CERTO_FAILED || batch.size() == 1) throw;
    }
    service_.forget_lists();
    std::optional<Failure> fault;
    for (const Scope& one : batch) {
      try {
        append_batch(append, {one});
      } catch (const Failure& failure) {
        if (failure.status != CERTO_FAILED) throw;
        if (!fault) fault = failure;
      }
    }
    if (fault) throw *fault;
  }

  /// What must be sent for one record.
  void add_items(const Append& append, Scope& scope, Json::Array& items) {
    const Json& made = change_ == Change::add ? append.record : append.removed;
    const Json::Array ours = append.list ? found(*append.list, scope) : Json::Array();
    const bool is_listed = append.list.has_value();
    if (change_ == Change::remove && append.id) {
      for (const Json& item : ours) {
        scope["id"] = id_at(item, *append.id, scope, "the list of records");
        items.push_back(filled(made, scope));
      }
    } else if (!is_listed || ours.empty() == (change_ == Change::add)) {
      items.push_back(filled(made, scope));
    }
  }

  /// Our records in the service's list.
  Json::Array found(const Listing& list, const Scope& scope) {
    Json::Array ours;
    for (const Json& item : service_.list(list, scope)) {
      if (holds(item, list.where, scope)) ours.push_back(item);
    }
    return ours;
  }

  void append_one(const Append& append, Scope& scope) {
    if (change_ == Change::remove && !append.remove) return;
    const Ask& ask = change_ == Change::add ? append.add : *append.remove;
    if (!append.list) return void(send(ask, scope));
    const Json::Array ours = found(*append.list, scope);
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

  /// True if the service refused, and this counts as success.
  bool send(const Ask& ask, const Scope& scope) {
    // A batch that is refused may have changed something.
    changed_.emplace(text_of(scope.at("zone")), scope);
    return service_.send(ask, scope).is_excused;
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
