#include "provider/script_http.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "net/url.h"

namespace certo::provider {
namespace {

constexpr int most_redirects = 20;
constexpr size_t largest_reply = 8 << 20;

std::string percent_decoded(std::string_view text) {
  std::string plain;
  for (size_t at = 0; at < text.size(); ++at) {
    const auto byte = text[at] == '%' ? number(text.substr(at + 1, 2), 0, 255, 16) : std::nullopt;
    plain += byte && at + 2 < text.size() ? static_cast<char>(*byte) : text[at];
    if (byte && at + 2 < text.size()) at += 2;
  }
  return plain;
}

/// Takes "user:password@" out of the URL, and returns it.
std::string take_user(std::string& url) {
  const size_t scheme = url.find("://");
  if (scheme == url.npos) return "";
  const size_t start = scheme + 3, end = std::min(url.find_first_of("/?#", start), url.size());
  const size_t sign = url.rfind('@', end);
  if (sign == url.npos || sign < start) return "";
  std::string user = percent_decoded(std::string_view(url).substr(start, sign - start));
  url.erase(start, sign + 1 - start);
  return user;
}

/// Without a fragment, and with percent signs for what a URL cannot hold.
std::string escaped_reference(std::string_view text) {
  std::string url;
  for (const char c : text.substr(0, text.find('#'))) {
    const uint8_t byte[] = {static_cast<uint8_t>(c)};
    url += c > ' ' && c < 0x7f ? std::string(1, c) : "%" + hex(byte);
  }
  return url;
}

bool has_header(const net::HttpRequest& request, std::string_view name) {
  return std::ranges::any_of(request.headers, [&](const std::string& line) {
    return lower(trim(line.substr(0, line.find(':')))) == name;
  });
}

void take_line(ScriptRequest& request, std::string_view line, std::string& type) {
  const size_t blank = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, blank);
  const std::string value(line.substr(std::min(blank + 1, line.size())));
  if (word == "type") type = value;
  if (word == "redirects") request.follows = value.empty();
  if (word == "insecure") request.wants_no_check = !value.empty();
  if (word == "bundle") request.bundle = value;
  if (word == "folder") request.folder = value;
  if (word == "header" && value.find(':') != value.npos) request.http.headers.push_back(value);
}

/// 301 and 302 turn a POST into a GET, as in browsers; 303 turns everything but HEAD into one.
void redirect(net::HttpRequest& request, const net::HttpReply& reply, const std::string& location) {
  const net::Url from = request.url;
  request.url =
      net::resolve_url(from, escaped_reference(location), "the redirect from " + from.host, Exit::protocol);
  if (from.scheme == "https" && request.url.scheme != "https")
    throw Error(Exit::protocol, "the redirect from " + from.host + " leaves https");
  const bool is_same_server =
      from.scheme == request.url.scheme && from.host == request.url.host && from.port == request.url.port;
  if (!is_same_server) request.headers.clear();
  const bool becomes_get =
      reply.status == 303 || ((reply.status == 301 || reply.status == 302) && request.method == "POST");
  if (!becomes_get || request.method == "HEAD") return;
  request.method = "GET";
  request.body.clear();
  std::erase_if(request.headers,
                [](const std::string& line) { return lower(line).starts_with("content-type"); });
}

}  // namespace

ScriptRequest parse_script_request(std::string_view text) {
  ScriptRequest request;
  std::string type;
  const size_t first = std::min(text.find('\n'), text.size());
  const std::string_view start = text.substr(0, first);
  const size_t blank = std::min(start.find(' '), start.size());
  request.http.method = start.substr(0, blank);
  std::string url = escaped_reference(trim(start.substr(blank)));
  if (url.find("://") == url.npos) url.insert(0, "http://");
  text.remove_prefix(std::min(first + 1, text.size()));
  while (!text.empty() && text.front() != '\n') {
    const size_t end = std::min(text.find('\n'), text.size());
    take_line(request, text.substr(0, end), type);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  net::HttpRequest& http = request.http;
  http.body = text.substr(std::min<size_t>(1, text.size()));
  http.body_limit = largest_reply;
  const std::string user = take_user(url);
  if (!user.empty() && !has_header(http, "authorization"))
    http.headers.push_back("Authorization: Basic " + base64(as_bytes(user)));
  // The header that the script sets itself is the one that counts. Without a body there is no type of it.
  if (!type.empty())
    http.headers.push_back("Content-Type: " + type);
  else if (http.body.empty() && !has_header(http, "content-type"))
    http.headers.emplace_back("Content-Type:");
  http.url = net::parse_url(url, "the address that the script uses", Exit::config);
  return request;
}

ScriptReply exchange(const ScriptRequest& request, net::Transport& transport) {
  net::HttpRequest http = request.http;
  ScriptReply all;
  for (int hops = 0;; ++hops) {
    net::HttpReply reply = transport.send(http).get();
    all.heads += reply.head;
    const std::string location = reply.header("location");
    const bool is_redirect =
        reply.status >= 301 && reply.status <= 308 && reply.status != 304 && !location.empty();
    if (!is_redirect || !request.follows) {
      all.body = std::move(reply.body);
      return all;
    }
    if (hops == most_redirects) throw Error(Exit::protocol, http.url.host + " redirects too often");
    redirect(http, reply, location);
  }
}

int curl_code(const Error& error) {
  constexpr int bad_url = 3, cannot_connect = 7, bad_reply = 56;
  if (error.code == Exit::config) return bad_url;
  return error.code == Exit::unreachable ? cannot_connect : bad_reply;
}

}  // namespace certo::provider
