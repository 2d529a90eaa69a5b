#include "webserver/nginx_redirect.h"

#include <algorithm>
#include <array>
#include <functional>
#include <span>

#include "base/text.h"
#include "webserver/server_regex.h"

namespace certo::webserver {
namespace {

using Spelling = std::array<std::string_view, 3>;

/// "$scheme", "=", "http" of "if ($scheme = http)".
struct Condition {
  std::string variable, operation, value;
};

Condition condition_of(const Found& line) {
  std::string text;
  for (size_t at = 1; at < line.words(); ++at) text += line.word(at) + " ";
  std::erase_if(text, [](char c) { return c == '"' || c == '\''; });
  std::string_view rest = trim(text);
  if (rest.starts_with('(')) rest.remove_prefix(1);
  if (rest.ends_with(')')) rest.remove_suffix(1);
  const auto next = [&] {
    rest = trim(rest);
    const std::string word(rest.substr(0, rest.find(' ')));
    rest.remove_prefix(word.size());
    return word;
  };
  Condition condition{next(), next(), {}};
  condition.value = std::string(trim(rest));
  return condition;
}

bool is_one_of(const Condition& one, std::span<const Spelling> known) {
  return std::ranges::any_of(known, [&](const Spelling& spelling) {
    return one.variable == spelling[0] && one.operation == spelling[1] && one.value == spelling[2];
  });
}

constexpr Spelling plain_http[] = {{"$scheme", "=", "http"},    {"$scheme", "!=", "https"},
                                   {"$https", "=", ""},         {"$https", "!=", "on"},
                                   {"$server_port", "=", "80"}, {"$server_port", "!=", "443"},
                                   {"$ssl_protocol", "=", ""}};
constexpr Spelling with_tls[] = {{"$scheme", "=", "https"},    {"$scheme", "!=", "http"},
                                 {"$https", "=", "on"},        {"$https", "!=", ""},
                                 {"$server_port", "=", "443"}, {"$server_port", "!=", "80"}};

bool means_name(const Condition& one, const std::string& name) {
  if (one.variable != "$host" && one.variable != "$http_host" && one.variable != "$server_name") return false;
  if (one.operation == "=") return lower(one.value) == name;
  return one.operation.starts_with('~') && matches_regex(one.value, name) == Matches::yes;
}

/// The target of a "return", or of a "rewrite" of every path; "" if the line is neither.
std::string target_of(const Found& line) {
  constexpr std::string_view whole[] = {"^",       "^/",       ".*",      "^.*",    "/",    "(.*)",
                                        "^(.*)$",  "^(.*)",    "^/(.*)$", "^/(.*)", "^.*$", "^/.*$",
                                        "^/?(.*)", "^/?(.*)$", "^(/.*)$", "^(/.*)"};
  if (line.is("return") && (line.words() == 2 || line.words() == 3)) return line.word(line.words() - 1);
  if (line.is("rewrite") && line.words() >= 3 && std::ranges::find(whole, line.word(1)) != std::end(whole))
    return line.word(2);
  return {};
}

/// The first line whose target fits, of those that count for every request of `name`, or for every one that
/// comes as `scheme` says.
std::string place_of_target(const NginxConfig& config, const Found& block, const std::string& name,
                            std::span<const Spelling> scheme,
                            const std::function<bool(const std::string&)>& fits) {
  std::string place;
  config.each_in(block, [&](const Found& found) {
    if (!place.empty()) return;
    if (fits(target_of(found))) place = found.place();
    const bool is_root = found.is("location") && found.words() == 2 && found.word(1) == "/";
    const bool is_condition = found.is("if") && found.words() > 1;
    if (!is_root && !is_condition) return;
    const Condition condition = is_condition ? condition_of(found) : Condition{};
    if (is_root || is_one_of(condition, scheme) || means_name(condition, name))
      config.each_in(found, [&](const Found& inner) {
        if (place.empty() && fits(target_of(inner))) place = inner.place();
      });
  });
  return place;
}

}  // namespace

Found own_redirect(const Found& block) {
  return own_line(block,
                  [](const Found& one) { return one.file->slice(one.directive->whole) == redirect_line; });
}

std::string redirect_of(const NginxConfig& config, const VirtualHost& host, const std::string& name) {
  return place_of_target(config, host.block, name, plain_http,
                         [](const std::string& target) { return target.starts_with("https://"); });
}

std::string way_back_of(const NginxConfig& config, const VirtualHost& host, const std::string& name) {
  return place_of_target(config, host.block, name, with_tls, [&](const std::string& target) {
    constexpr std::string_view http = "http://";
    if (!target.starts_with(http)) return false;
    const std::string host_of_target =
        target.substr(http.size(), target.find_first_of("/$:", http.size() + 1) - http.size());
    return host_of_target == "$host" || host_of_target == "$http_host" || host_of_target == "$server_name" ||
           lower(host_of_target) == name;
  });
}

bool is_behind_tls_proxy(const VirtualHost& host) {
  const std::string_view text = host.block.file->slice(host.block.directive->whole);
  return std::ranges::any_of(
      std::array{"$http_x_forwarded_proto", "$http_x_forwarded_ssl", "$http_x_forwarded_scheme",
                 "$http_cf_visitor", "$http_cloudfront_forwarded_proto"},
      [&](std::string_view name) { return text.find(name) != text.npos; });
}

Change add_redirect(const VirtualHost& host, const std::vector<std::string>& proof_files) {
  const NginxFile& file = *host.block.file;
  const std::vector<std::string> lines{std::string(redirect_line)};
  const Found proof = own_line(host.block, [&](const Found& one) {
    return one.is("include") && one.words() == 2 &&
           std::ranges::find(proof_files, one.word(1)) != proof_files.end();
  });
  if (proof.file)
    return lines_after(EditPart::redirect, file, *host.block.directive, *proof.directive, lines);
  return lines_at_begin(EditPart::redirect, file, *host.block.directive, lines);
}

}  // namespace certo::webserver
