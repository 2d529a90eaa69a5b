#include "recipe/service.h"

#include <algorithm>

namespace certo::recipe {
namespace {

using sdk::Failure;
using sdk::Reply;

constexpr int most_pages = 500;

std::string joined(const Pairs& pairs, const Scope& scope) {
  std::string text;
  for (const auto& [name, value] : pairs) {
    text += (text.empty() ? "" : "&") + sdk::escaped(filled(name, scope, Escape::none)) + "=" +
            filled(value, scope, Escape::percent);
  }
  return text;
}

void add_query(std::string& url, const std::string& query) {
  if (!query.empty()) url += (url.find('?') == url.npos ? "?" : "&") + query;
}

void add_headers(sdk::Request& request, const Pairs& headers, const Scope& scope) {
  for (const auto& [name, value] : headers) {
    const std::string text = filled(value, scope, Escape::none);
    if (text.find_first_of("\r\n") != text.npos)
      throw Failure{CERTO_UNREACHABLE, "the service sent a value with a line break for the header " + name};
    request.headers.push_back(filled(name, scope, Escape::none) + ": " + text);
  }
}

}  // namespace

bool holds(const Json& json, const Matches& matches, const Scope& scope) {
  return std::ranges::all_of(matches, [&](const Match& match) {
    const Json* found = find(json, match.pointer, scope);
    return found && std::ranges::any_of(match.texts, [&](const std::string& text) {
             return text_of(*found) == filled(text, scope, Escape::none);
           });
  });
}

Json::Array items_at(const Service::Answer& answer, const std::string& pointer, const Scope& scope) {
  const Json* found = find(answer.json, pointer, scope);
  if (found && found->is_array()) return found->items();
  if (found && found->is_null() && !pointer.empty()) return {};
  // A list that the service names like the record exists only if it has items.
  if (!found && !answer.json.is_null() && !placeholders(pointer)->empty()) return {};
  const std::string place =
      pointer.empty() ? "without a list" : "without a list at " + filled(pointer, scope, Escape::pointer);
  throw Failure{CERTO_UNREACHABLE, answer.subject + " answered " + place};
}

namespace {

/// The items of a list that is an object. Some services write an empty one as an array.
Json::Array members_at(const Service::Answer& answer, const std::string& pointer, const Scope& scope) {
  const Json* const found = find(answer.json, pointer, scope);
  if (!found || !found->is_object()) return items_at(answer, pointer, scope);
  Json::Array items;
  for (const auto& [name, item] : found->members()) items.push_back(item);
  return items;
}

Scope settings_of(const Recipe& recipe, const sdk::Host& host) {
  Scope settings{{"type", host.type()}};
  for (const Setting& setting : recipe.settings) {
    if (const auto value = host.setting(setting.name.c_str())) {
      settings[setting.name] = *value;
    } else if (setting.fallback) {
      settings[setting.name] = *setting.fallback;
    }
  }
  return settings;
}

bool has_sign(const Signs& signs, int status) {
  return std::ranges::find(signs.statuses, status) != signs.statuses.end();
}

bool has_sign(const Signs& signs, const Json& json) {
  return std::ranges::any_of(signs.contents, [&](const Matches& one) { return holds(json, one, {}); });
}

}  // namespace

Service::Service(const Recipe& recipe, const sdk::Host& host, Wire wire)
    : recipe_(recipe),
      host_(host),
      wire_(std::move(wire)),
      scope_(settings_of(recipe, host)),
      address_(recipe, host, scope_) {
  const auto is_usable = [this](const Auth& auth) {
    return std::ranges::all_of(auth.settings, [this](const auto& name) { return scope_.contains(name); });
  };
  const auto usable = std::ranges::find_if(recipe.auth, is_usable);
  if (usable == recipe.auth.end()) throw Failure{CERTO_CONFIG, "its credentials are not set"};
  auth_ = &*usable;
  if (!recipe.first) return;
  const Answer answer = read(*recipe.first, scope_);
  for (const auto& [name, pointer] : recipe.take) {
    const Json* found = find(answer.json, pointer, scope_);
    if (!found || text_of(*found).empty())
      throw Failure{CERTO_CONFIG, answer.subject + " answered without " + name + " for these credentials"};
    scope_[name] = *found;
  }
}

sdk::Request Service::request(const Ask& ask, const Scope& scope) const {
  sdk::Request request{ask.method, address_.url(filled(ask.url, scope, Escape::percent))};
  add_query(request.url, joined(ask.query, scope));
  add_query(request.url, joined(auth_->query, scope_));

  if (auth_->basic) {
    request.headers.push_back(sdk::basic(host_, filled(auth_->basic->first, scope_, Escape::none),
                                         filled(auth_->basic->second, scope_, Escape::none)));
  }
  add_headers(request, auth_->headers, scope_);
  add_headers(request, recipe_.headers, scope_);
  add_headers(request, ask.headers, scope);

  if (ask.json) {
    Json body = auth_->json.is_null() ? Json::object() : filled(auth_->json, scope_);
    const Json own = filled(*ask.json, scope);
    if (own.is_object()) {
      for (const auto& [name, value] : own.members()) body.set(name, value);
    } else {
      body = own;
    }
    request.headers.emplace_back("Content-Type: application/json");
    request.body = to_json(body);
  } else if (ask.method != "GET" && (!ask.form.empty() || !auth_->form.empty())) {
    Pairs form = auth_->form;
    form.insert(form.end(), ask.form.begin(), ask.form.end());
    request.headers.emplace_back("Content-Type: application/x-www-form-urlencoded");
    request.body = joined(form, scope);
  }
  return request;
}

Service::Answer Service::send(const Ask& ask, const Scope& scope) const {
  return judged(ask, wire_(ask, request(ask, scope), scope), {});
}

Service::Answer Service::read(const Ask& ask, const Scope& scope, const Signs& missing) const {
  sdk::Request reading = request(ask, scope);
  reading.reads = true;
  return judged(ask, wire_(ask, reading, scope), missing);
}

Service::Answer Service::judged(const Ask& ask, const Reply& reply, const Signs& missing) const {
  Answer answer{has_sign(missing, reply.status), {}, reply.subject};
  const bool is_denied = reply.status == 401 || reply.status == 403;
  if (answer.is_missing && !is_denied) return answer;
  const bool is_json = reply.body.starts_with('{') || reply.body.starts_with('[');
  const bool must_be_json = !recipe_.ok.empty() || !recipe_.absent.empty() || !recipe_.failed.empty();
  // The page of a proxy or gateway is not JSON; its status is enough.
  if (is_json || (reply.ok() && must_be_json)) answer.json = reply.json();
  if (answer.is_missing) {
    answer.denial = told(reply, answer.json);
    return answer;
  }
  answer.is_missing = has_sign(missing, answer.json);
  if (!answer.is_missing && !is_success(ask, reply, answer.json)) refuse(reply, answer.json);
  return answer;
}

bool Service::is_success(const Ask& ask, const Reply& reply, const Json& json) const {
  if (has_sign(ask.success, reply.status) || has_sign(ask.success, json)) return true;
  const auto is_failure = [&](const Match& match) { return holds(json, {match}, {}); };
  return reply.ok() && holds(json, recipe_.ok, {}) && std::ranges::none_of(recipe_.failed, is_failure) &&
         std::ranges::none_of(recipe_.absent, [&](const std::string& pointer) {
           const Json* const found = find(json, pointer, {});
           return found && !found->is_null();
         });
}

std::string Service::words(const Json& json) const {
  for (const std::string& pointer : recipe_.error) {
    const Json* found = find(json, pointer, {});
    if (!found || found->is_null()) continue;
    std::string why = found->is_array() || found->is_object() ? to_json(*found) : text_of(*found);
    if (!why.empty()) return why;
  }
  return "";
}

std::string Service::told(const Reply& reply, const Json& json) const {
  const std::string why = words(json);
  return reply.subject + " answered " + std::to_string(reply.status) + (why.empty() ? "" : ": " + why);
}

void Service::refuse(const Reply& reply, const Json& json) const {
  const std::string why = words(json);
  if (!recipe_.refused.empty() && holds(json, recipe_.refused, {}))
    throw Failure{CERTO_CONFIG, "the credentials are refused: " + why};
  sdk::throw_if_refused(reply, why);
  throw Failure{CERTO_FAILED, told(reply, json)};
}

const Json::Array& Service::list(const Listing& listing, const Scope& scope) {
  sdk::Request first = request(listing.ask, scope);
  first.reads = true;
  const auto [known, is_new] = lists_.try_emplace(first.method + first.url + first.body);
  Json::Array& all = known->second;
  if (!is_new) return all;

  const Paging& paging = listing.next;
  sdk::Request page = first;
  int64_t number = paging.first;
  if (paging.by == Paging::By::page) add_query(page.url, paging.parameter + "=" + std::to_string(number));
  for (int count = 0; count < most_pages; ++count) {
    const Answer answer = judged(listing.ask, wire_(listing.ask, page, scope), listing.missing);
    if (answer.is_missing) return all;
    const Json::Array items =
        listing.keyed ? members_at(answer, listing.items, scope) : items_at(answer, listing.items, scope);
    all.insert(all.end(), items.begin(), items.end());

    const Json* told = paging.pointer.empty() ? nullptr : find(answer.json, paging.pointer, scope);
    const std::string next = told ? text_of(*told) : "";
    page.url = first.url;
    switch (paging.by) {
      case Paging::By::nothing: return all;
      case Paging::By::page: {
        const int64_t pages = told && told->is_integer() ? told->integer() : 0;
        const bool is_last = paging.pointer.empty()
                                 ? static_cast<int64_t>(items.size()) < std::max<int64_t>(paging.size, 1)
                                 : number - paging.first + paging.step >= pages;
        if (is_last) return all;
        number += paging.step;
        add_query(page.url, paging.parameter + "=" + std::to_string(number));
        break;
      }
      case Paging::By::url:
        if (next.empty()) return all;
        page.url = address_.next(next);
        break;
      case Paging::By::cursor:
        if (next.empty()) return all;
        add_query(page.url, paging.parameter + "=" + sdk::escaped(next));
        break;
    }
  }
  throw Failure{CERTO_FAILED, first.method + " " + first.url.substr(0, first.url.find('?')) +
                                  " returned more than " + std::to_string(most_pages) + " pages"};
}

}  // namespace certo::recipe
