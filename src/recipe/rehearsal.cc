#include "provider/recipe_rehearsal.h"

#include <set>

#include "base/error.h"
#include "base/json_pointer.h"
#include "provider/recipe_service.h"

namespace certo::provider {
namespace {

/// Nothing is outside but the zone.
class Stage : public Outside {
 public:
  explicit Stage(const std::string& zone) : zone_(zone) {}
  net::Pending send(net::HttpRequest) override { throw Error(Exit::bug, "a rehearsal sends nothing"); }
  Time now() override { return {}; }
  void wait(Seconds) override {}
  std::string zone(const std::string&) override { return zone_; }
  Bytes dns(const std::string&, const Bytes&) override {
    throw Error(Exit::bug, "a rehearsal sends nothing");
  }

 private:
  const std::string& zone_;
};

/// Puts `value` where `pointer` will find it.
void put(Json& json, const std::string& pointer, const Json& value) {
  Json* at = &json;
  const auto steps = pointer_steps(pointer);
  for (const std::string& step : *steps) {
    if (step == "0") {
      if (!at->is_array() || at->items().empty()) *at = Json(Json::Array{Json()});
      at = &at->items().front();
      continue;
    }
    if (!at->find(step)) at->set(step, Json());
    for (auto& [name, member] : at->members()) {
      if (name == step) at = &member;
    }
  }
  *at = value;
}

/// The replies of a service where all is well.
class Replies {
 public:
  Replies(const Recipe& recipe, const std::string& action, const std::string& zone)
      : recipe_(recipe), is_cleanup_(action == "cleanup"), zone_(zone) {}

  sdk::Reply operator()(const Ask& ask, const sdk::Request& request, const Scope& scope) {
    sdk::Reply reply{200, "", request.method + " " + request.url};
    Json json = Json::object();
    for (const Match& match : recipe_.ok) put(json, match.pointer, match.texts.front());
    if (recipe_.first && &ask == &*recipe_.first) {
      for (const auto& [name, pointer] : recipe_.take) put(json, pointer, "{" + name + "}");
    } else if (&ask == &recipe_.zone.listing.ask) {
      tell_zone(reply, json, scope);
    } else if (recipe_.append && recipe_.append->list && &ask == &recipe_.append->list->ask) {
      const Json item = matching(recipe_.append->list->where, recipe_.append->id, "{id}", scope);
      put(json, recipe_.append->list->items, items(is_cleanup_ && told_.insert(&ask).second, item));
    } else if (recipe_.rrset && &ask == &recipe_.rrset->read) {
      tell_rrset(reply, json, scope);
    }
    reply.body = to_json(json);
    return reply;
  }

 private:
  static Json items(bool is_there, const Json& item) {
    return is_there ? Json(Json::Array{item}) : Json::array();
  }

  static Json matching(const Matches& where, const std::optional<std::string>& id, const char* value,
                       const Scope& scope) {
    Json item = Json::object();
    for (const Match& match : where) put(item, match.pointer, filled(match.texts.front(), scope));
    if (id) put(item, *id, value);
    return item;
  }

  void tell_zone(sdk::Reply& reply, Json& json, const Scope& scope) {
    const ZoneSearch& search = recipe_.zone;
    const bool is_list = search.by == ZoneSearch::By::list;
    const bool is_it =
        is_list ? told_.insert(&search.listing.ask).second : text_of(scope.at("zone")) == zone_;
    if (!search.has_items) {
      if (!is_it) reply.status = search.listing.missing.empty() ? 404 : search.listing.missing.front();
      if (search.id) put(json, *search.id, "{zone_id}");
      return;
    }
    Json item = matching(search.listing.where, search.id, "{zone_id}", scope);
    if (is_list) put(item, search.name, zone_);
    put(json, search.listing.items, items(is_it, item));
  }

  void tell_rrset(sdk::Reply& reply, Json& json, Scope scope) {
    const Rrset& rrset = *recipe_.rrset;
    if (!is_cleanup_ && !rrset.missing.empty()) reply.status = rrset.missing.front();
    scope["value"] = "{value}";
    scope["quoted"] = sdk::quoted("{value}");
    put(json, rrset.items, items(is_cleanup_, filled(rrset.made, scope)));
  }

  const Recipe& recipe_;
  bool is_cleanup_;
  const std::string& zone_;
  std::set<const Ask*> told_;  // lists whose second page is empty
};

/// Placeholders in a URL or form are escaped like anything else; a reader wants to see them.
std::string readable(std::string text) {
  for (const auto& [code, brace] : {std::pair("%7B", "{"), std::pair("%7D", "}")}) {
    for (size_t at = text.find(code); at != text.npos; at = text.find(code, at)) text.replace(at, 3, brace);
  }
  return text;
}

std::string shown(const sdk::Request& request) {
  std::string text = request.method + " " + readable(request.url) + "\n";
  for (const std::string& header : request.headers) text += "  " + header + "\n";
  if (!request.body.empty()) text += "\n  " + readable(request.body) + "\n";
  return text + "\n";
}

}  // namespace

std::string rehearse(const Recipe& recipe, const std::string& action, const std::string& name,
                     const std::string& zone) {
  Task task;
  task.provider = recipe.descriptor.name;
  task.action = action;
  task.records = {{{name, "{value}"}}};
  for (const Setting& setting : recipe.descriptor.settings)
    task.settings[setting.name] = "{" + setting.name + "}";

  std::string text;
  Replies replies(recipe, action, zone);
  const auto wire = [&](const Ask& ask, const sdk::Request& request, const Scope& scope) {
    text += shown(request);
    return replies(ask, request, scope);
  };
  const auto work = [&](const sdk::Host& host, sdk::Records records) {
    const sdk::Change change = action == "present" ? sdk::Change::add : sdk::Change::remove;
    change_by_recipe(recipe, host, records, change, wire);
  };
  Stage stage(zone);
  const Outcome outcome = call_with(
      recipe.descriptor, task, stage, [&](const certo_host& host, std::span<const certo_record> records) {
        static std::string code;
        certo_host plain = host;
        plain.base64 = [](void*, const void* data, size_t length) noexcept {
          code = "base64(" + std::string(static_cast<const char*>(data), length) + ")";
          return code.c_str();
        };
        return sdk::guarded(work, &plain, records.data(), records.size());
      });
  if (outcome.status != CERTO_OK) throw Error(Exit::failed, recipe.descriptor.name + ": " + outcome.why);
  return text;
}

}  // namespace certo::provider
