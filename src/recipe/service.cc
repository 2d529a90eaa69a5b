#include "recipe/service.h"

#include <algorithm>

#include "base/json_pointer.h"

namespace certo::recipe {
namespace {

using sdk::Failure;
using sdk::Reply;

constexpr int most_pages = 500;

enum class Escape { none, percent };

std::string filled(std::string_view text, const Scope& scope, Escape escape) {
  std::string result;
  for (size_t at = 0; at < text.size();) {
    const size_t open = std::min(text.find('{', at), text.size());
    result += text.substr(at, open - at);
    if (open == text.size()) break;
    const size_t close = text.find('}', open);
    const std::string value = text_of(scope.at(std::string(text.substr(open + 1, close - open - 1))));
    result += escape == Escape::percent ? sdk::escaped(value) : value;
    at = close + 1;
  }
  return result;
}

/// The name in a text that is one placeholder and nothing else.
std::optional<std::string> sole_placeholder(const std::string& text) {
  const auto names = placeholders(text);
  if (!names || names->size() != 1 || text.size() != names->front().size() + 2) return std::nullopt;
  return names->front();
}

std::string joined(const Pairs& pairs, const Scope& scope) {
  std::string text;
  for (const auto& [name, value] : pairs) {
    text += (text.empty() ? "" : "&") + sdk::escaped(name) + "=" + filled(value, scope, Escape::percent);
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
    request.headers.push_back(name + ": " + text);
  }
}

}  // namespace

std::string text_of(const Json& json) {
  if (json.is_string()) return json.string();
  return json.is_integer() || json.is_bool() ? to_json(json) : "";
}

Json filled(const Json& json, const Scope& scope) {
  if (json.is_string()) {
    if (const auto name = sole_placeholder(json.string())) return scope.at(*name);
    return filled(json.string(), scope, Escape::none);
  }
  Json result = json;
  if (json.is_array()) {
    for (Json& item : result.items()) item = filled(item, scope);
  } else if (json.is_object()) {
    for (auto& [name, member] : result.members()) member = filled(member, scope);
  }
  return result;
}

bool holds(const Json& json, const Matches& matches, const Scope& scope) {
  return std::ranges::all_of(matches, [&](const Match& match) {
    const Json* found = follow(json, match.pointer);
    return found && std::ranges::any_of(match.texts, [&](const std::string& text) {
             return text_of(*found) == filled(text, scope, Escape::none);
           });
  });
}

Json::Array items_at(const Service::Answer& answer, const std::string& pointer) {
  const Json* found = follow(answer.json, pointer);
  if (found && found->is_array()) return found->items();
  if (found && found->is_null() && !pointer.empty()) return {};
  const std::string place = pointer.empty() ? "without a list" : "without a list at " + pointer;
  throw Failure{CERTO_UNREACHABLE, answer.subject + " answered " + place};
}

Service::Service(const Recipe& recipe, const sdk::Host& host, Wire wire)
    : recipe_(recipe), host_(host), wire_(std::move(wire)) {
  for (const Setting& setting : recipe.settings) {
    if (const auto value = host.setting(setting.name.c_str())) {
      scope_[setting.name] = *value;
    } else if (setting.fallback) {
      scope_[setting.name] = *setting.fallback;
    }
  }
  const auto is_usable = [this](const Auth& auth) {
    return std::ranges::all_of(auth.settings, [this](const auto& name) { return scope_.contains(name); });
  };
  const auto usable = std::ranges::find_if(recipe.auth, is_usable);
  if (usable == recipe.auth.end()) throw Failure{CERTO_CONFIG, "its credentials are not set"};
  auth_ = &*usable;
  if (!recipe.first) return;
  const Answer answer = read(*recipe.first, scope_);
  for (const auto& [name, pointer] : recipe.take) {
    const Json* found = follow(answer.json, pointer);
    if (!found || text_of(*found).empty())
      throw Failure{CERTO_CONFIG, answer.subject + " answered without " + name + " for these credentials"};
    scope_[name] = *found;
  }
}

sdk::Request Service::request(const Ask& ask, const Scope& scope) const {
  sdk::Request request{ask.method, filled(ask.url, scope, Escape::percent)};
  if (request.url.starts_with('/')) request.url = host_.base_url() + request.url;
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

Service::Answer Service::send(const Ask& ask, const Scope& scope, const std::vector<int>& missing) const {
  return judged(ask, wire_(ask, request(ask, scope), scope), missing);
}

Service::Answer Service::read(const Ask& ask, const Scope& scope, const std::vector<int>& missing) const {
  sdk::Request reading = request(ask, scope);
  reading.reads = true;
  return judged(ask, wire_(ask, reading, scope), missing);
}

Service::Answer Service::judged(const Ask& ask, const Reply& reply, const std::vector<int>& missing) const {
  Answer answer{false, {}, reply.subject};
  answer.is_missing = std::ranges::find(missing, reply.status) != missing.end();
  const bool is_denied = reply.status == 401 || reply.status == 403;
  if (answer.is_missing && !is_denied) return answer;
  const bool is_json = reply.body.starts_with('{') || reply.body.starts_with('[');
  // The page of a proxy or gateway is not JSON; its status is enough.
  if (is_json || (reply.ok() && !recipe_.ok.empty())) answer.json = reply.json();
  if (answer.is_missing) {
    answer.denial = told(reply, answer.json);
    return answer;
  }
  const bool is_as_good = std::ranges::find(ask.successes, reply.status) != ask.successes.end();
  const bool is_good = reply.ok() && holds(answer.json, recipe_.ok, {});
  if (!is_good && !is_as_good) refuse(reply, answer.json);
  return answer;
}

std::string Service::words(const Json& json) const {
  for (const std::string& pointer : recipe_.error) {
    const Json* found = follow(json, pointer);
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

/// The credentials are sent there, so it must be the host of the API.
std::string Service::next_url(const std::string& next) const {
  const std::string base = host_.base_url();
  const std::string root = base.substr(0, base.find('/', base.find("://") + 3));
  if (next.starts_with('/') && !next.starts_with("//")) return root + next;
  if (next.starts_with(root + "/")) return next;
  // An API that is reached through another address (BASE_URL) names its own.
  if (next.starts_with(recipe_.base_url + "/")) return base + next.substr(recipe_.base_url.size());
  throw Failure{CERTO_FAILED,
                "the next page of a list is on another host: " + next.substr(0, next.find('?'))};
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
    const Json::Array items = items_at(answer, listing.items);
    all.insert(all.end(), items.begin(), items.end());

    const Json* told = paging.pointer.empty() ? nullptr : follow(answer.json, paging.pointer);
    const std::string next = told ? text_of(*told) : "";
    page.url = first.url;
    switch (paging.by) {
      case Paging::By::nothing: return all;
      case Paging::By::page: {
        const int64_t pages = told && told->is_integer() ? told->integer() : 0;
        const bool is_last = paging.pointer.empty()
                                 ? static_cast<int64_t>(items.size()) < std::max<int64_t>(paging.size, 1)
                                 : number - paging.first + 1 >= pages;
        if (is_last) return all;
        add_query(page.url, paging.parameter + "=" + std::to_string(++number));
        break;
      }
      case Paging::By::url:
        if (next.empty()) return all;
        page.url = next_url(next);
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
