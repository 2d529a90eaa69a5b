// A request to the standalone server: the key authorization goes to its path only, and a reply is
// well-formed.
#include "challenge/http01.h"
#include "target.h"

using namespace certo;

namespace {

void run(std::string_view input) {
  const challenge::Tokens tokens = {{"token", "token.SECRET"}};
  const auto reply = challenge::reply_to(input, tokens);
  fuzz::promise(reply.has_value() || input.size() < challenge::request_limit, "a long request is answered");
  // What has arrived decides; what comes later changes no reply.
  const auto half = challenge::reply_to(input.substr(0, input.size() / 2), tokens);
  fuzz::promise(!half || half == reply, "a complete request has one reply");
  if (!reply) return;

  const size_t end = reply->find("\r\n\r\n");
  fuzz::promise(reply->starts_with("HTTP/1.1 ") && end != reply->npos, "a reply has a head");
  const std::string body = reply->substr(end + 4);
  const bool is_asked_for = input.starts_with("GET /.well-known/acme-challenge/token HTTP/1.");
  fuzz::promise(body.empty() || (is_asked_for && body == "token.SECRET"),
                "only its path has a key authorization");
  const std::string length = "Content-Length: " + std::to_string(body.size()) + "\r\n";
  fuzz::promise(input.starts_with("HEAD") || reply->find(length) < end, "a reply has the length of its body");
}

const fuzz::Registered registered("http01", run);

}  // namespace
