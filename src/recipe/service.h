// The service of a recipe: fills templates, sends requests, reads lists and judges replies.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "recipe/address.h"
#include "recipe/pages.h"
#include "recipe/recipe.h"
#include "recipe/signer.h"
#include "recipe/template.h"
#include "sdk/provider.hpp"

namespace certo::recipe {

bool holds(const Json& json, const Matches& matches, const Scope& scope);

class Service {
 public:
  struct Response {
    sdk::Reply reply;
    std::optional<Json> tree{};  // of a rehearsal: what the reply says, whatever its form is
  };
  /// Sends a request: over the network, except in a rehearsal.
  using Wire = std::function<Response(const Ask& ask, const sdk::Request& request, const Scope& scope)>;

  Service(const Recipe& recipe, const sdk::Host& host, Wire wire, Signing signing);

  /// Settings, and what `first` took.
  const Scope& scope() const { return scope_; }

  struct Answer {
    bool is_missing = false;  // it has one of the signs `missing`
    Json json;                // null if there is no body
    std::string subject;
    std::string denial{};                // the service's words if it is missing because of a 401 or 403
    std::vector<std::string> headers{};  // as in sdk::Reply
    ReplyForm form{};
    bool is_excused = false;  // it is a failure that has one of the signs `success`
  };
  /// Throws Failure for a reply that is neither a success nor `missing`.
  Answer send(const Ask& ask, const Scope& scope);
  /// The same for a request that changes no record.
  Answer read(const Ask& ask, const Scope& scope, const Signs& missing = {});

  /// The items of all pages. Each list is requested once.
  const Json::Array& list(const Listing& listing, const Scope& scope);
  /// They are requested again.
  void forget_lists() { lists_.clear(); }

 private:
  enum class Effect { reads, changes };
  Answer exchange(const Ask& ask, const Scope& scope, const Signs& missing, Effect effect,
                  const Page& page = {});
  // `own` is the scope of `auth`.
  sdk::Request request(const Ask& ask, Scope scope, const Page& page, Signing signing) const;
  void add_authorization(sdk::Request& request, const Ask& ask, const Scope& scope, const Scope& own) const;
  std::string content_type(const Ask& ask) const;  // "": there is no body
  std::string body(const Ask& ask, const Scope& scope, const Scope& own) const;
  Response sent(const Ask& ask, const Scope& scope, Effect effect, const Page& page) const;

  void log_in();
  bool is_login_too_old(const Ask& ask, const Response& response, const Signs& missing) const;
  std::string masked(std::string text) const;

  Json read_tree(const Ask& ask, const Response& response) const;
  Answer judged(const Ask& ask, const Response& response, const Signs& missing) const;
  bool is_success(const sdk::Reply& reply, const Json& json) const;
  std::string words(const Json& json) const;  // the service's own explanation, or ""
  std::string told(const sdk::Reply& reply, const Json& json) const;
  [[noreturn]] void refuse(const sdk::Reply& reply, const Json& json) const;

  const Recipe& recipe_;
  const sdk::Host& host_;
  Wire wire_;
  Signing signing_;
  const Auth* auth_ = nullptr;
  Scope scope_;
  Address address_;
  bool may_log_in_again_ = false;
  std::map<std::string, Json::Array> lists_;
};

/// The items of `answer` at `pointer`; null counts as an empty list. Throws Failure if there is no list.
Json::Array items_at(const Service::Answer& answer, const std::string& pointer, const Scope& scope);

}  // namespace certo::recipe
