#include "recipe/taken.h"

#include "sdk/cookies.h"

namespace certo::recipe {
namespace {

using sdk::Failure;

constexpr size_t longest = 16 << 10;  // as in a header

std::string cookie_of(const sdk::Reply& reply, const std::string& name) {
  sdk::Cookies cookies;
  cookies.take(reply);
  return name == "*" ? cookies.text() : cookies.value(name);
}

Json value_of(const Taken& taken, const sdk::Reply& reply, const Json& tree, const Scope& scope) {
  switch (taken.from) {
    case Taken::From::header: return reply.header(taken.place);
    case Taken::From::cookie: return cookie_of(reply, taken.place);
    case Taken::From::body: break;
  }
  const Json* const found = find(tree, taken.place, scope);
  return found ? *found : Json();
}

}  // namespace

Json taken_from(const Taken& taken, const sdk::Reply& reply, const Json& tree, const Scope& scope) {
  Json value = value_of(taken, reply, tree, scope);
  const std::string text = text_of(value);
  if (text.empty())
    throw Failure{CERTO_CONFIG, reply.subject + " answered without " + taken.name + " for these credentials"};
  if (text.size() > longest)
    throw Failure{CERTO_UNREACHABLE, reply.subject + " answered a " + taken.name + " of more than 16 KiB"};
  return value;
}

}  // namespace certo::recipe
