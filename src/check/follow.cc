#include "check/follow.h"

#include <algorithm>

#include "check/survey.h"

namespace certo::check {
namespace {

constexpr size_t longest_path = 2000;

bool is_redirect(int status) { return status >= 300 && status < 400 && status != 304; }

bool is_literal_address(const std::string& host) {
  return is_v6(host) || host.find_first_not_of("0123456789.") == host.npos;
}

Step refuse(std::string why) { return {Step::Kind::refused, {}, std::move(why)}; }

}  // namespace

Step follow(const std::vector<net::WebPlace>& visited, const net::WebSight& sight, const Ports& ports) {
  if (sight.kind != net::WebSight::Kind::answered || !is_redirect(sight.status)) return {};
  const net::WebPlace& from = visited.back();
  const std::string subject = from.text() + " redirects ";
  constexpr int followed[] = {301, 302, 307, 308};
  if (std::ranges::find(followed, sight.status) == std::end(followed))
    return refuse(subject + "with the status " + std::to_string(sight.status) + ", which CAs do not follow");
  const std::optional<net::WebPlace> next = net::web_place(from, sight.location);
  if (!next) return refuse(subject + "to '" + sight.location + "', which is not a URL of http or https");
  const std::string where = subject + "to " + next->text();
  // "https://a.example" + "/.well-known" without the slash between.
  if (next->host.ends_with(".well-known")) return refuse(where + ": a '/' is missing after the host name");
  if (is_literal_address(next->host)) return refuse(where + ", and CAs follow redirects to names only");
  if (next->port != ports.http && next->port != ports.https && next->port != 80 && next->port != 443)
    return refuse(where + ", and CAs follow redirects to the ports 80 and 443 only");
  if (next->path.size() > longest_path) return refuse(subject + "to a path of more than 2,000 bytes");
  const auto is_next = [&](const net::WebPlace& one) { return one.text() == next->text(); };
  if (std::ranges::any_of(visited, is_next)) return refuse(where + ": the redirects lead in a circle");
  if (visited.size() > most_redirects)
    return refuse(from.text() + " is the end of more than ten redirects, and CAs follow ten");
  return {Step::Kind::go, *next, {}};
}

}  // namespace certo::check
