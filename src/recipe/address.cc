#include "recipe/address.h"

#include <algorithm>

namespace certo::recipe {
namespace {

using sdk::Failure;

bool is_of_host(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._:[]{}").find(c) != std::string_view::npos;
}

/// What a user calls the URL of a server, without slashes at its end.
std::string server_url(const std::string& setting, std::string url) {
  while (url.ends_with('/')) url.pop_back();
  const bool is_url = url.starts_with("https://") || url.starts_with("http://");
  if (!is_url || url.find_first_of("?#@ \t\r\n") != url.npos)
    throw Failure{CERTO_CONFIG, setting + " is not a URL like https://dns.example.com"};
  return url;
}

std::string host_part(const std::string& setting, const std::string& value) {
  if (value.empty() || !std::ranges::all_of(value, is_of_host))
    throw Failure{CERTO_CONFIG, setting + " is not a host name or a part of one"};
  return value;
}

std::string own_url(const std::string& base, const Scope& settings) {
  const auto names = placeholders(base);
  Scope checked = settings;
  for (const std::string& name : *names) {
    const std::string value = text_of(settings.at(name));
    const size_t at = base.find("{" + name + "}");
    const size_t path =
        base.starts_with("https://") ? base.find('/', std::string_view("https://").size()) : 0;
    if (at == 0) {
      checked[name] = server_url(name, value);
    } else {
      checked[name] = at < path ? host_part(name, value) : sdk::escaped(value);
    }
  }
  return filled(base, checked, Escape::none);
}

}  // namespace

Address::Address(const Recipe& recipe, const sdk::Host& host, const Scope& settings)
    : own_(own_url(recipe.base_url, settings)) {
  // The host knows the URL as the recipe has it, or another one of the user.
  const bool is_asked = !recipe.is_self_hosted();
  const std::string asked = is_asked ? host.base_url() : own_;
  base_ = asked == recipe.base_url ? own_ : asked;
}

std::string Address::url(const std::string& path_or_url) const {
  return path_or_url.starts_with('/') ? base_ + path_or_url : path_or_url;
}

std::string Address::next(const std::string& page) const {
  const std::string root = base_.substr(0, base_.find('/', base_.find("://") + 3));
  if (page.starts_with('/') && !page.starts_with("//")) return root + page;
  if (page.starts_with(root + "/")) return page;
  // An API that is reached through another address (BASE_URL) names its own.
  if (page.starts_with(own_ + "/")) return base_ + page.substr(own_.size());
  throw Failure{CERTO_FAILED,
                "the next page of a list is on another host: " + page.substr(0, page.find('?'))};
}

}  // namespace certo::recipe
