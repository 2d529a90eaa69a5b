// The service of a recipe: fills templates, sends requests, reads lists and judges replies.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "recipe/recipe.h"
#include "sdk/provider.hpp"

namespace certo::recipe {

/// The values of placeholders: strings, integers, and the array {values}.
using Scope = std::map<std::string, Json>;

/// The text of a string or integer; "" for anything else.
std::string text_of(const Json& json);
/// A string that is one placeholder becomes its value, which may be a number; others become text.
Json filled(const Json& json, const Scope& scope);
bool holds(const Json& json, const Matches& matches, const Scope& scope);

class Service {
 public:
  /// Sends a request: over the network, except in a rehearsal.
  using Wire = std::function<sdk::Reply(const Ask& ask, const sdk::Request& request, const Scope& scope)>;

  Service(const Recipe& recipe, const sdk::Host& host, Wire wire);

  /// Settings, and what `first` took.
  const Scope& scope() const { return scope_; }

  struct Answer {
    bool is_missing = false;  // its status is one of `missing`
    Json json;                // null if there is no body
    std::string subject;
    std::string denial{};  // the service's words if it is missing because of a 401 or 403
  };
  /// Throws Failure for a reply that is neither a success nor `missing`.
  Answer send(const Ask& ask, const Scope& scope, const std::vector<int>& missing = {}) const;
  /// The same for a request that changes no record.
  Answer read(const Ask& ask, const Scope& scope, const std::vector<int>& missing = {}) const;

  /// The items of all pages. Each list is requested once.
  const Json::Array& list(const Listing& listing, const Scope& scope);

 private:
  sdk::Request request(const Ask& ask, const Scope& scope) const;
  Answer judged(const Ask& ask, const sdk::Reply& reply, const std::vector<int>& missing) const;
  std::string words(const Json& json) const;  // the service's own explanation, or ""
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

/// The items of `answer` at `pointer`; null counts as an empty list. Throws Failure if there is no list.
Json::Array items_at(const Service::Answer& answer, const std::string& pointer);

}  // namespace certo::recipe
