#include "recipe/service.h"

#include <algorithm>

#include "base/json_pointer.h"
#include "recipe/reply_tree.h"
#include "recipe/taken.h"

namespace certo::recipe {
namespace {

using sdk::Failure;
using sdk::Reply;

constexpr int most_pages = 500;
constexpr size_t shortest_secret = 4;

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

void add_basic(sdk::Request& request, const sdk::Host& host, const std::pair<std::string, std::string>& both,
               const Scope& scope) {
  request.headers.push_back(
      sdk::basic(host, filled(both.first, scope, Escape::none), filled(both.second, scope, Escape::none)));
}

bool has_content_type(const sdk::Request& request) {
  return std::ranges::any_of(request.headers, [](const std::string& header) {
    return lower(header.substr(0, header.find(':'))) == "content-type";
  });
}

/// "text/xml; charset=utf-8", "application/soap+xml"
bool is_xml(const std::string& content_type) {
  const std::string type = lower(trim(content_type.substr(0, content_type.find(';'))));
  return type.ends_with("/xml") || type.ends_with("+xml");
}

std::string path_of(const std::string& url) {
  const std::string path = url.substr(0, url.find('?'));
  return path.substr(std::min(path.find('/', path.find("://") + 3), path.size()));
}

std::string query_of(const std::string& url) {
  const size_t at = url.find('?');
  return at == url.npos ? "" : url.substr(at + 1);
}

/// While certo logs in, what comes from the login is left out.
Pairs ready(const Pairs& pairs, const Scope& scope) {
  Pairs ready;
  std::ranges::copy_if(pairs, std::back_inserter(ready),
                       [&](const auto& pair) { return can_be_filled(pair.second, scope); });
  return ready;
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

bool fits(const std::string& text, const std::string& wanted, Match::How how) {
  switch (how) {
    case Match::How::equals: return text == wanted;
    case Match::How::begins: return text.starts_with(wanted);
    case Match::How::contains: return text.find(wanted) != text.npos;
  }
  return false;
}

bool has_sign(const Signs& signs, int status) {
  return std::ranges::find(signs.statuses, status) != signs.statuses.end();
}

bool has_sign(const Signs& signs, const Json& json) {
  return std::ranges::any_of(signs.contents, [&](const Matches& one) { return holds(json, one, {}); });
}

}  // namespace

bool holds(const Json& json, const Matches& matches, const Scope& scope) {
  return std::ranges::all_of(matches, [&](const Match& match) {
    const Json* found = find(json, match.pointer, scope);
    return found && std::ranges::any_of(match.texts, [&](const std::string& text) {
             return fits(text_of(*found), filled(text, scope, Escape::none), match.how);
           });
  });
}

Json::Array items_at(const Service::Answer& answer, const std::string& pointer, const Scope& scope) {
  const std::string place = filled(pointer, scope, Escape::pointer);
  if (auto list = list_in(answer.json, place, answer.form)) return *std::move(list);
  // A list that the service names like the record exists only if it has items.
  if (!answer.json.is_null() && !follow(answer.json, place) && !placeholders(pointer)->empty()) return {};
  throw Failure{CERTO_UNREACHABLE,
                answer.subject + " answered without a list" + (place.empty() ? "" : " at " + place)};
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

Json::Array listed(const Service::Answer& answer, const Listing& listing, const Scope& scope) {
  if (listing.optional && answer.json.is_object() && !find(answer.json, listing.items, scope)) return {};
  return listing.keyed ? members_at(answer, listing.items, scope) : items_at(answer, listing.items, scope);
}

}  // namespace

Service::Service(const Recipe& recipe, const sdk::Host& host, Wire wire, Signing signing)
    : recipe_(recipe),
      host_(host),
      wire_(std::move(wire)),
      signing_(signing),
      scope_(settings_of(recipe, host)),
      address_(recipe, host, scope_) {
  const auto is_usable = [this](const Auth& auth) {
    return std::ranges::all_of(auth.settings, [this](const auto& name) { return scope_.contains(name); });
  };
  const auto usable = std::ranges::find_if(recipe.auth, is_usable);
  if (usable == recipe.auth.end()) throw Failure{CERTO_CONFIG, "its credentials are not set"};
  auth_ = &*usable;
  log_in();
  may_log_in_again_ = !recipe.login_values.empty();
}

void Service::log_in() {
  for (const Step& step : recipe_.first) {
    for (const Taken& taken : step.take) scope_.erase(taken.name);
  }
  for (const Step& step : recipe_.first) {
    const Response response = sent(step.ask, scope_, Effect::reads, {});
    const Answer answer = judged(step.ask, response, {});
    for (const Taken& taken : step.take)
      scope_[taken.name] = taken_from(taken, response.reply, answer.json, scope_);
  }
}

bool Service::is_login_too_old(const Ask& ask, const Response& response, const Signs& missing) const {
  if (!may_log_in_again_) return false;
  if (response.reply.status == 401) return !has_sign(missing, 401);
  return !recipe_.refused.empty() && holds(read_tree(ask, response), recipe_.refused, {});
}

Service::Answer Service::exchange(const Ask& ask, const Scope& scope, const Signs& missing, Effect effect,
                                  const Page& page) {
  Response response = sent(ask, scope, effect, page);
  if (is_login_too_old(ask, response, missing)) {
    may_log_in_again_ = false;
    log_in();
    Scope renewed = scope;
    for (const Step& step : recipe_.first) {
      for (const Taken& taken : step.take) renewed[taken.name] = scope_.at(taken.name);
    }
    response = sent(ask, renewed, effect, page);
  }
  return judged(ask, response, missing);
}

Service::Answer Service::send(const Ask& ask, const Scope& scope) {
  return exchange(ask, scope, {}, Effect::changes);
}

Service::Answer Service::read(const Ask& ask, const Scope& scope, const Signs& missing) {
  return exchange(ask, scope, missing, Effect::reads);
}

sdk::Request Service::request(const Ask& ask, Scope scope, const Page& page, Signing signing) const {
  using From = Computed::From;
  Scope own = scope_;
  Signer signer(recipe_.computed, host_, scope_, signing);
  const auto know = [&](From part, const Scope& values) {
    signer.know(part, values);
    signer.add_to(scope);
    signer.add_to(own);
  };
  know(From::moment, {});
  sdk::Request request{ask.method, page.url};
  const bool is_own_url = page.url.empty();
  if (is_own_url) request.url = address_.url(filled(ask.url, scope, Escape::percent));
  know(From::target, {{"method", ask.method}, {"path", path_of(request.url)}});
  request.body = body(ask, scope, own);
  know(From::body, {{"body", request.body}});
  if (is_own_url) {
    Pairs query = ask.query;
    const auto place = std::ranges::find(query, page.parameter, &Pairs::value_type::first);
    if (place != query.end()) place->second = literal(page.value);
    add_query(request.url, joined(query, scope));
    add_query(request.url, joined(ready(auth_->query, own), own));
    if (place == query.end() && !page.parameter.empty())
      add_query(request.url, page.parameter + "=" + sdk::escaped(page.value));
  }
  know(From::query, {{"query", query_of(request.url)}});
  add_authorization(request, ask, scope, own);
  const std::string type = content_type(ask);
  if (!type.empty() && !has_content_type(request)) request.headers.push_back("Content-Type: " + type);
  return request;
}

void Service::add_authorization(sdk::Request& request, const Ask& ask, const Scope& scope,
                                const Scope& own) const {
  const auto& basic = auth_->basic;
  if (ask.basic) {
    add_basic(request, host_, *ask.basic, scope);
  } else if (basic && can_be_filled(basic->first, own) && can_be_filled(basic->second, own)) {
    add_basic(request, host_, *basic, own);
  }
  add_headers(request, ready(auth_->headers, own), own);
  add_headers(request, recipe_.headers, own);
  add_headers(request, ask.headers, scope);
}

std::string Service::content_type(const Ask& ask) const {
  if (ask.text) return ask.text->first;
  if (ask.json) return "application/json";
  const bool has_form = ask.method != "GET" && (!ask.form.empty() || !auth_->form.empty());
  return has_form ? "application/x-www-form-urlencoded" : "";
}

std::string Service::body(const Ask& ask, const Scope& scope, const Scope& own) const {
  const std::string type = content_type(ask);
  if (ask.text) return filled(ask.text->second, scope, is_xml(type) ? Escape::xml : Escape::none);
  if (type.empty()) return {};
  if (!ask.json) {
    Pairs form = ready(auth_->form, own);
    form.insert(form.end(), ask.form.begin(), ask.form.end());
    return joined(form, scope);
  }
  const Json asked = filled(*ask.json, scope);
  if (!asked.is_object()) return to_json(asked);
  Json body = Json::object();
  if (auth_->json.is_object()) {
    for (const auto& [name, value] : auth_->json.members()) {
      if (can_be_filled(value, own)) body.set(filled(name, own, Escape::none), filled(value, own));
    }
  }
  for (const auto& [name, value] : asked.members()) body.set(name, value);
  return to_json(body);
}

Service::Response Service::sent(const Ask& ask, const Scope& scope, Effect effect, const Page& page) const {
  sdk::Request asked = request(ask, scope, page, signing_);
  asked.reads = effect == Effect::reads;
  Response response = wire_(ask, asked, scope);
  response.reply.subject = masked(response.reply.subject);
  return response;
}

/// What a login gave is as secret as the settings, which certo masks.
std::string Service::masked(std::string text) const {
  for (const std::string& name : recipe_.login_values) {
    const auto value = scope_.find(name);
    const std::string secret = value == scope_.end() ? "" : text_of(value->second);
    if (secret.size() < shortest_secret) continue;
    for (size_t at = text.find(secret); at != text.npos; at = text.find(secret, at))
      text.replace(at, secret.size(), "***");
  }
  return text;
}

Json Service::read_tree(const Ask& ask, const Response& response) const {
  if (response.tree) return *response.tree;
  const bool has_rules = !recipe_.ok.empty() || !recipe_.absent.empty() || !recipe_.failed.empty();
  return tree_of(response.reply, ask.reply.value_or(recipe_.reply), response.reply.ok() && has_rules);
}

Service::Answer Service::judged(const Ask& ask, const Response& response, const Signs& missing) const {
  const Reply& reply = response.reply;
  Answer answer{has_sign(missing, reply.status),  {}, reply.subject, {}, reply.headers,
                ask.reply.value_or(recipe_.reply)};
  const bool is_denied = reply.status == 401 || reply.status == 403;
  if (answer.is_missing && !is_denied) return answer;
  answer.json = read_tree(ask, response);
  if (answer.is_missing) {
    answer.denial = told(reply, answer.json);
    return answer;
  }
  answer.is_missing = has_sign(missing, answer.json);
  if (answer.is_missing || is_success(reply, answer.json)) return answer;
  answer.is_excused = has_sign(ask.success, reply.status) || has_sign(ask.success, answer.json);
  if (!answer.is_excused) refuse(reply, answer.json);
  return answer;
}

bool Service::is_success(const Reply& reply, const Json& json) const {
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
    std::string const why = found->is_array() || found->is_object() ? to_json(*found) : text_of(*found);
    if (!why.empty()) return masked(why);
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
  const Signing signing = signing_ == Signing::real ? Signing::timeless : signing_;
  const sdk::Request first = request(listing.ask, scope, {}, signing);
  const auto [known, is_new] = lists_.try_emplace(first.method + first.url + first.body);
  Json::Array& all = known->second;
  if (!is_new) return all;

  Pages pages(listing.next, address_);
  Page page = pages.first();
  for (int count = 0; count < most_pages; ++count) {
    const Answer answer = exchange(listing.ask, scope, listing.missing, Effect::reads, page);
    if (answer.is_missing) return all;
    const Json::Array items = listed(answer, listing, scope);
    all.insert(all.end(), items.begin(), items.end());
    auto next = pages.next(answer.json, answer.headers, items.size());
    if (!next) return all;
    page = *std::move(next);
  }
  throw Failure{CERTO_FAILED, masked(first.method + " " + first.url.substr(0, first.url.find('?'))) +
                                  " returned more than " + std::to_string(most_pages) + " pages"};
}

}  // namespace certo::recipe
