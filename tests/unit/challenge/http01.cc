#include "challenge/http01.h"

#include <doctest/doctest.h>

using namespace certo::challenge;

namespace {

const Tokens tokens = {{"tok", "tok.thumb"}};

std::string reply(const std::string& request) {
  const auto text = reply_to(request, tokens);
  return text ? *text : "nothing yet";
}
std::string status(const std::string& request) { return reply(request).substr(0, 12); }

}  // namespace

TEST_CASE("the key authorization is served at its exact path") {
  CHECK(reply("GET /.well-known/acme-challenge/tok HTTP/1.1\r\nHost: example.com\r\n\r\n") ==
        "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 9\r\n"
        "Connection: close\r\n\r\ntok.thumb");
}

TEST_CASE("HEAD is the same without the body") {
  const std::string text = reply("HEAD /.well-known/acme-challenge/tok HTTP/1.1\r\n\r\n");
  CHECK(text.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(text.ends_with("Content-Length: 9\r\nConnection: close\r\n\r\n"));
}

TEST_CASE("HTTP/1.0 and bare newlines are accepted") {
  CHECK(status("GET /.well-known/acme-challenge/tok HTTP/1.0\r\n\r\n") == "HTTP/1.1 200");
  CHECK(status("GET /.well-known/acme-challenge/tok HTTP/1.1\n\n") == "HTTP/1.1 200");
}

TEST_CASE("every other path is not found") {
  for (const char* path :
       {"/", "/tok", "/.well-known/acme-challenge/", "/.well-known/acme-challenge/to",
        "/.well-known/acme-challenge/tok/", "/.well-known/acme-challenge/tok?x",
        "/.well-known/acme-challenge//tok", "/.well-known/acme-challenge/../acme-challenge/tok",
        "//.well-known/acme-challenge/tok", "/.well-known/acme-challenge/%74ok"}) {
    CAPTURE(path);
    CHECK(status("GET " + std::string(path) + " HTTP/1.1\r\n\r\n") == "HTTP/1.1 404");
  }
}

TEST_CASE("other methods are not allowed") {
  const std::string text =
      reply("POST /.well-known/acme-challenge/tok HTTP/1.1\r\nContent-Length: 1\r\n\r\nx");
  CHECK(text.starts_with("HTTP/1.1 405"));
  CHECK(text.find("\r\nAllow: GET, HEAD\r\n") != text.npos);
}

TEST_CASE("text that is not HTTP is a bad request") {
  for (const char* line :
       {"GET /.well-known/acme-challenge/tok", "GET  /x HTTP/1.1", "\x16\x03\x01", "GET x HTTP/1.1",
        "GET http://example.com/ HTTP/1.1", "GET / HTTP/2.0", " / HTTP/1.1", ""}) {
    CAPTURE(line);
    CHECK(status(std::string(line) + "\r\n\r\n") == "HTTP/1.1 400");
  }
}

TEST_CASE("a request is answered when it is complete, and not before") {
  const std::string request = "GET /.well-known/acme-challenge/tok HTTP/1.1\r\nHost: x\r\n\r\n";
  for (size_t length = 0; length < request.size(); ++length) {
    CHECK_FALSE(reply_to(request.substr(0, length), tokens));
  }
  CHECK(reply_to(request, tokens));
}

TEST_CASE("a request may have 8 KiB and no more") {
  const std::string start = "GET / HTTP/1.1\r\nX: ";
  const std::string filler(request_limit, 'x');
  CHECK_FALSE(reply_to(start + filler.substr(0, 8000), tokens));
  CHECK(status(start + filler) == "HTTP/1.1 431");
  CHECK(status(start + filler + "\r\n\r\n") == "HTTP/1.1 431");
}

TEST_CASE("a summary shows request and answer on one line") {
  CHECK(summary("GET /.well-known/acme-challenge/x HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n") ==
        "GET /.well-known/acme-challenge/x: 200 OK");
  CHECK(summary("\x1b[1m\n\n", "HTTP/1.1 400 Bad Request\r\n\r\n") == "\\x1b[1m: 400 Bad Request");
  CHECK(summary("GET /" + std::string(9000, 'a'), "HTTP/1.1 431 x\r\n").size() < 300);
}
