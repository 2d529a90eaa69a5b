#include "recipe/rehearsal.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/json_pointer.h"
#include "recipe/edit.h"
#include "recipe/run.h"

namespace certo::recipe {
namespace {

using sdk::Change;

constexpr std::string_view shown_server = "https://{";  // of a setting with the URL of the user's server
constexpr uint32_t record_ttl = 60;                     // as certo asks for it

/// The functions of certo that a recipe needs in addition to HTTP: settings, which are shown as placeholders,
/// the zone, and base64, which is shown as "base64(…)".
class Stage {
 public:
  Stage(const Recipe& recipe, const std::string& zone) : recipe_(recipe), zone_(zone) {}

  certo_host table() {
    certo_host host{};
    host.size = sizeof host;
    host.self = this;
    host.setting = [](void* self, const char* name) noexcept { return of(self).setting(name); };
    host.explain = [](void* self, const char* line) noexcept { of(self).why_ = line; };
    host.base64 = [](void* self, const void* data, size_t length) noexcept {
      of(self).text_ = "base64(" + std::string(static_cast<const char*>(data), length) + ")";
      return of(self).text_.c_str();
    };
    host.zone = [](void* self, const char*) noexcept { return of(self).zone_.c_str(); };
    return host;
  }

  const std::string& why() const { return why_; }

 private:
  static Stage& of(void* self) { return *static_cast<Stage*>(self); }

  const char* setting(const std::string& name) {
    if (name == "BASE_URL") return recipe_.base_url.c_str();
    if (std::ranges::find(recipe_.settings, name, &Setting::name) == recipe_.settings.end()) return nullptr;
    text_ = "{" + name + "}";
    if (recipe_.base_url.starts_with(text_)) text_ = "https://" + text_;
    return text_.c_str();
  }

  const Recipe& recipe_;
  const std::string& zone_;
  std::string why_, text_;
};

/// Sets `value` where `pointer` leads.
void put(Json& json, const std::string& pointer, const Json& value, const Scope& scope) {
  Json* at = &json;
  const auto steps = pointer_steps(filled(pointer, scope, Escape::pointer));
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

/// Makes `match` hold.
void put(Json& json, const Match& match, const Scope& scope) {
  put(json, match.pointer, filled(Json(match.texts.front()), scope), scope);
}

void give(const Taken& taken, sdk::Reply& reply, Json& json, const Scope& scope) {
  const std::string value = "{" + taken.name + "}";
  switch (taken.from) {
    case Taken::From::body: return put(json, taken.place, value, scope);
    case Taken::From::header: return reply.headers.push_back(taken.place + ": " + value);
    case Taken::From::cookie: {
      const bool is_any = taken.place == "*";
      return reply.headers.push_back("set-cookie: " + (is_any ? "session" : taken.place) + "=" + value);
    }
  }
}

/// The replies of a service without any failure.
class Replies {
 public:
  Replies(const Recipe& recipe, Change change, const std::string& zone)
      : recipe_(recipe), is_cleanup_(change == Change::remove), zone_(zone) {}

  Service::Response operator()(const Ask& ask, const sdk::Request& request, const Scope& scope) {
    sdk::Reply reply{200, "", request.method + " " + request.url};
    Json json = Json::object();
    for (const Match& match : recipe_.ok) put(json, match, scope);
    const auto step = std::ranges::find_if(recipe_.first, [&](const Step& one) { return &ask == &one.ask; });
    if (step != recipe_.first.end()) {
      for (const Taken& taken : step->take) give(taken, reply, json, scope);
    } else if (&ask == &recipe_.zone.listing.ask) {
      answer_zone(reply, json, scope);
    } else if (recipe_.append && recipe_.append->list && &ask == &recipe_.append->list->ask) {
      const Json item = matching(recipe_.append->list->where, recipe_.append->id, "{id}", scope);
      put(json, recipe_.append->list->items, items(is_cleanup_ && answered_.insert(&ask).second, item),
          scope);
    } else if (recipe_.rrset && recipe_.rrset->among && &ask == &recipe_.rrset->among->ask) {
      answer_among(json, scope);
    } else if (recipe_.rrset && &ask == &recipe_.rrset->read) {
      answer_rrset(reply, json, scope);
    } else if (recipe_.whole && &ask == &recipe_.whole->read) {
      answer_whole(json, scope);
    }
    return {std::move(reply), std::move(json)};
  }

 private:
  static Json items(bool exists, const Json& item) {
    return exists ? Json(Json::Array{item}) : Json::array();
  }

  static Json matching(const Matches& where, const std::optional<std::string>& id, const char* value,
                       const Scope& scope) {
    Json item = Json::object();
    for (const Match& match : where) put(item, match, scope);
    const bool is_matched = id && std::ranges::find(where, *id, &Match::pointer) != where.end();
    if (id && !is_matched) put(item, *id, value, scope);
    return item;
  }

  /// Nothing to say if there is no sign: a list is empty then.
  static void say_missing(const Signs& missing, sdk::Reply& reply, Json& json) {
    if (!missing.statuses.empty()) {
      reply.status = missing.statuses.front();
    } else if (!missing.contents.empty()) {
      for (const Match& match : missing.contents.front()) put(json, match, {});
    }
  }

  void answer_zone(sdk::Reply& reply, Json& json, const Scope& scope) {
    const ZoneSearch& search = recipe_.zone;
    const bool is_list = search.by == ZoneSearch::By::list;
    const bool is_found =
        is_list ? answered_.insert(&search.listing.ask).second : text_of(scope.at("zone")) == zone_;
    if (!search.has_items) {
      if (!is_found) say_missing(search.listing.missing, reply, json);
      if (search.id) put(json, *search.id, "{zone_id}", scope);
      put_taken(json, scope);
      return;
    }
    Json item = matching(search.listing.where, search.id, "{zone_id}", scope);
    put_taken(item, scope);
    if (is_list) put(item, search.name, zone_, scope);
    put(json, search.listing.items, items(is_found, item), scope);
  }

  void put_taken(Json& json, const Scope& scope) const {
    for (const auto& [name, pointer] : recipe_.zone.take) put(json, pointer, "{" + name + "}", scope);
  }

  void answer_among(Json& json, const Scope& scope) {
    const Rrset& rrset = *recipe_.rrset;
    Json item = matching(rrset.among->where, rrset.id, "{id}", scope);
    put(item, rrset.items, values(scope), scope);
    put(json, rrset.among->items, items(is_cleanup_ && answered_.insert(&rrset.among->ask).second, item),
        scope);
  }

  Json values(Scope scope) const {
    set_value(scope, "{value}");
    return items(is_cleanup_, filled(recipe_.rrset->made, scope));
  }

  void answer_rrset(sdk::Reply& reply, Json& json, const Scope& scope) {
    const Rrset& rrset = *recipe_.rrset;
    if (!is_cleanup_) say_missing(rrset.missing, reply, json);
    put(json, rrset.items, values(scope), scope);
  }

  void answer_whole(Json& json, Scope scope) {
    set_value(scope, "{value}");
    const Json record = matching(recipe_.whole->where, std::nullopt, "", scope);
    put(json, recipe_.whole->items, items(is_cleanup_, record), scope);
    for (const auto& [name, pointer] : recipe_.whole->take) put(json, pointer, "{" + name + "}", scope);
  }

  const Recipe& recipe_;
  bool is_cleanup_;
  const std::string& zone_;
  std::set<const Ask*> answered_;  // lists whose second page is empty
};

/// Placeholders in a URL or form are escaped like everything else; a person wants to read them.
std::string readable(std::string text) {
  if (const size_t at = text.find(shown_server); at != text.npos) text.erase(at, shown_server.size() - 1);
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

std::string requests(const Recipe& recipe, Change change, const std::string& name, const std::string& zone) {
  std::string text;
  Replies replies(recipe, change, zone);
  const auto wire = [&](const Ask& ask, const sdk::Request& request, const Scope& scope) {
    text += shown(request);
    return replies(ask, request, scope);
  };
  const auto work = [&](const sdk::Host& host, sdk::Records records) {
    play(recipe, host, records, change, wire);
  };
  Stage stage(recipe, zone);
  const certo_host host = stage.table();
  const certo_record record{name.c_str(), "{value}", record_ttl};
  if (sdk::guarded(work, &host, &record, 1) == CERTO_OK) return text;
  throw Error(Exit::failed, recipe.name + ": " + stage.why());
}

}  // namespace

Rehearsal rehearse(const Recipe& recipe, const std::string& name, const std::string& zone) {
  return {requests(recipe, Change::add, name, zone), requests(recipe, Change::remove, name, zone)};
}

}  // namespace certo::recipe
