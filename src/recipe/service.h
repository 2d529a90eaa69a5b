// A recipe's service: fills templates, sends requests, reads lists and judges replies.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "provider/recipe.h"
#include "sdk/provider.hpp"

namespace certo::provider {

/// What placeholders stand for: strings, integers, and the array {values}.
using Scope = std::map<std::string, Json>;

/// The text of a string or integer; "" for anything else.
std::string text_of(const Json& json);
/// A string that is one placeholder becomes what it stands for, a number too; others become text.
Json filled(const Json& json, const Scope& scope);
bool holds(const Json& json, const Matches& matches, const Scope& scope);

class Service {
 public:
  /// How a request goes out: over the network, unless somebody only wants to see it.
  using Wire = std::function<sdk::Reply(const Ask& ask, const sdk::Request& request, const Scope& scope)>;

  Service(const Recipe& recipe, const sdk::Host& host, Wire wire);

  /// Settings, and what the first request told.
  const Scope& scope() const { return scope_; }

  struct Answer {
    bool is_missing = false;  // one of the statuses that say so
    Json json;                // null when there is no body
    std::string subject;
    std::string denial{};  // what was said, where it is missing by a 401 or 403
  };
  /// Throws Failure for a reply that says neither yes nor `missing`.
  Answer send(const Ask& ask, const Scope& scope, const std::vector<int>& missing = {}) const;

  /// The items of all pages. A list that was read once is not read again.
  const Json::Array& list(const Listing& listing, const Scope& scope);

 private:
  sdk::Request request(const Ask& ask, const Scope& scope) const;
  Answer judged(const Ask& ask, const sdk::Reply& reply, const std::vector<int>& missing) const;
  std::string words(const Json& json) const;  // the service's own; ""
  std::string told(const sdk::Reply& reply, const Json& json) const;
  [[noreturn]] void refuse(const sdk::Reply& reply, const Json& json) const;
  std::string next_url(const std::string& next) const;

  const Recipe& recipe_;
  const sdk::Host& host_;
  Wire wire_;
  const Auth* auth_ = nullptr;
  Scope scope_;
  std::map<std::string, Json::Array> lists_;
};

/// Items of `answer` at `pointer`; null counts as an empty list. Throws Failure when there is no list.
Json::Array items_at(const Service::Answer& answer, const std::string& pointer);

/// Puts `records` in or takes them out. Throws Failure.
void change_by_recipe(const Recipe& recipe, const sdk::Host& host, sdk::Records records, sdk::Change change,
                      Service::Wire wire);

}  // namespace certo::provider
