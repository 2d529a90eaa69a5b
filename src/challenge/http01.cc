#include "challenge/http01.h"

#include "base/error.h"
#include "base/text.h"
#include "net/host.h"

namespace certo::challenge {
namespace {

struct RequestLine {
  std::string method, target;
};

std::string_view first_line(std::string_view text) {
  std::string_view line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// True if the empty line has arrived. Bare newlines are for people with netcat.
bool is_complete(std::string_view request) {
  return request.find("\r\n\r\n") != request.npos || request.find("\n\n") != request.npos;
}

std::optional<RequestLine> parse_request_line(std::string_view request) {
  const std::vector<std::string> words = split(first_line(request), ' ');
  if (words.size() != 3 || words[0].empty() || !words[1].starts_with('/')) return {};
  if (words[2] != "HTTP/1.1" && words[2] != "HTTP/1.0") return {};
  return RequestLine{words[0], words[1]};
}

enum class Body { sent, only_its_length };

std::string reply(std::string_view status, std::string_view body, Body what = Body::sent) {
  std::string text = "HTTP/1.1 ";
  text += status;
  text += "\r\nContent-Type: application/octet-stream\r\nContent-Length: " + std::to_string(body.size());
  text += "\r\nConnection: close\r\n\r\n";
  if (what == Body::sent) text += body;
  return text;
}

}  // namespace

void require_token(const acme::Task& task) {
  if (is_token(task.token)) return;
  throw Error(Exit::protocol,
              task.identifier.value + ": the token '" + task.token + "' is malformed (RFC 8555 section 8.3)");
}

net::Url token_url(const acme::Task& task) {
  // net::parse_url takes https only: this URL is not from a CA, and nothing secret goes to it.
  net::Url url{.scheme = "http", .host = task.identifier.value, .port = 80};
  url.path = std::string(token_path) + task.token;
  url.text = "http://" + net::bracketed(url.host) + url.path;
  return url;
}

std::optional<std::string> reply_to(std::string_view request, const Tokens& tokens) {
  if (!is_complete(request.substr(0, request_limit))) {
    if (request.size() < request_limit) return {};
    return reply("431 Request Header Fields Too Large", "");
  }
  const auto line = parse_request_line(request);
  if (!line) return reply("400 Bad Request", "");
  if (line->method != "GET" && line->method != "HEAD") {
    return reply("405 Method Not Allowed\r\nAllow: GET, HEAD", "");
  }
  if (!line->target.starts_with(token_path)) return reply("404 Not Found", "");
  const auto found = tokens.find(line->target.substr(token_path.size()));
  if (found == tokens.end()) return reply("404 Not Found", "");
  return reply("200 OK", found->second, line->method == "GET" ? Body::sent : Body::only_its_length);
}

std::string summary(std::string_view request, std::string_view reply) {
  constexpr std::string_view version = "HTTP/1.1 ";
  constexpr size_t brief = 200;
  std::string_view asked = first_line(request), said = first_line(reply);
  for (const std::string_view end : {" HTTP/1.1", " HTTP/1.0"})
    if (asked.ends_with(end)) asked.remove_suffix(end.size());
  if (said.starts_with(version)) said.remove_prefix(version.size());
  return printable(asked, brief) + ": " + std::string(said);
}

}  // namespace certo::challenge
