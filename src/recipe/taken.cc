#include "recipe/taken.h"

#include <algorithm>

#include "base/text.h"

namespace certo::recipe {
namespace {

using sdk::Failure;

constexpr size_t longest = 16 << 10;  // as in a header

/// "name=value" of each cookie that the reply sets; the last of each name counts.
std::vector<std::string> cookies_of(const sdk::Reply& reply) {
  constexpr std::string_view header = "set-cookie:";
  std::vector<std::string> cookies;
  for (const std::string& line : reply.headers) {
    if (!line.starts_with(header)) continue;
    const std::string_view rest = std::string_view(line).substr(header.size());
    std::string cookie(trim(rest.substr(0, rest.find(';'))));
    const std::string name = cookie.substr(0, cookie.find('=') + 1);
    if (name.size() < 2) continue;
    std::erase_if(cookies, [&](const std::string& other) { return other.starts_with(name); });
    cookies.push_back(std::move(cookie));
  }
  return cookies;
}

std::string cookie_of(const sdk::Reply& reply, const std::string& name) {
  const std::vector<std::string> cookies = cookies_of(reply);
  if (name == "*") return join(cookies, "; ");
  for (const std::string& cookie : cookies)
    if (cookie.starts_with(name + "=")) return cookie.substr(name.size() + 1);
  return {};
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
