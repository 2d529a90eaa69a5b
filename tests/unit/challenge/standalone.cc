#include "challenge/methods.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <atomic>
#include <ctime>
#include <thread>

#include "challenge/responder.h"
#include "fixtures/challenge_task.h"
#include "fixtures/support.h"
#include "os/fd.h"

using namespace certo;
using namespace certo::challenge;
using namespace certo::test;

namespace {

constexpr const char* request = "GET /.well-known/acme-challenge/tok HTTP/1.1\r\n\r\n";

os::Fd connect_to(int port) {
  os::Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  const timeval patience{20, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  return fd;
}

void say(const os::Fd& fd, std::string_view text) {
  ::send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL);
}

/// Everything until the other side closes.
std::string hear(const os::Fd& fd) {
  std::string text;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::recv(fd.get(), buffer, sizeof buffer, 0)) > 0;) text.append(buffer, got);
  return text;
}

}  // namespace

TEST_CASE("the responder shows a token to everybody") {
  Responder responder({"127.0.0.1", 0});
  responder.serve("tok", "tok.thumb");
  for (int i = 0; i < 3; ++i) {
    const os::Fd fd = connect_to(responder.port());
    say(fd, request);
    CHECK(hear(fd).ends_with("\r\n\r\ntok.thumb"));
  }
}

TEST_CASE("tokens come and go while others are shown") {
  Responder responder({"127.0.0.1", 0});
  responder.serve("tok", "tok.thumb");
  std::atomic<bool> is_over = false;
  std::vector<std::jthread> orders;
  for (const std::string token : {"one", "two"}) {
    orders.emplace_back([&, token] {
      while (!is_over) {
        responder.serve(token, token + ".thumb");
        responder.forget(token);
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    const os::Fd fd = connect_to(responder.port());
    say(fd, request);
    CHECK(hear(fd).ends_with("\r\n\r\ntok.thumb"));
  }
  is_over = true;
}

TEST_CASE("a request may come in pieces") {
  Responder responder({"127.0.0.1", 0});
  responder.serve("tok", "tok.thumb");
  const os::Fd fd = connect_to(responder.port());
  for (const char* piece = request; *piece; ++piece) say(fd, {piece, 1});
  CHECK(hear(fd).ends_with("tok.thumb"));
}

TEST_CASE("clients that connect and send nothing do not keep others out") {
  Responder responder({"127.0.0.1", 0});
  responder.serve("tok", "tok.thumb");
  std::vector<os::Fd> silent;
  for (int i = 0; i < 200; ++i) silent.push_back(connect_to(responder.port()));
  const os::Fd fd = connect_to(responder.port());
  say(fd, request);
  CHECK(hear(fd).ends_with("tok.thumb"));
  CHECK(hear(silent.front()).empty());
}

TEST_CASE("the responder holds 64 connections, and drops the oldest for a new one") {
  Responder responder({"127.0.0.1", 0});
  responder.serve("tok", "tok.thumb");
  std::vector<os::Fd> silent;
  for (int i = 0; i < 64; ++i) silent.push_back(connect_to(responder.port()));
  const os::Fd fd = connect_to(responder.port());
  say(fd, request);
  CHECK(hear(fd).ends_with("tok.thumb"));
  CHECK(hear(silent[0]).empty());
  say(silent[1], request);
  CHECK(hear(silent[1]).ends_with("tok.thumb"));
}

TEST_CASE("the responder does not spin while no descriptor is left, and then continues") {
  const int status = in_child([] {
    Responder responder({"127.0.0.1", 0});
    responder.serve("tok", "tok.thumb");
    const os::Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    const int next = ::dup(0);
    ::close(next);
    const rlimit none{static_cast<rlim_t>(next), before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(responder.port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return 1;
    pollfd quiet{fd.get(), POLLIN, 0};
    const auto used = ::clock();
    if (::poll(&quiet, 1, 500) != 0) return 2;  // nobody can answer now
    if (::clock() - used > CLOCKS_PER_SEC / 10) return 3;
    ::setrlimit(RLIMIT_NOFILE, &before);
    say(fd, request);
    return hear(fd).ends_with("tok.thumb") ? 0 : 4;
  });
  CHECK(status == 0);
}

TEST_CASE("all addresses means IPv4 too") {
  Responder responder({"", 0});
  responder.serve("tok", "tok.thumb");
  const os::Fd fd = connect_to(responder.port());
  say(fd, request);
  CHECK(hear(fd).ends_with("tok.thumb"));
}

TEST_CASE("a port that is in use is an error, with a hint") {
  const Responder first({"127.0.0.1", 0});
  const Error error = error_of([&] { Responder second({"127.0.0.1", first.port()}); });
  CHECK(error.code == Exit::config);
  CHECK(error.hint.find("--webroot") != std::string::npos);
}

TEST_CASE("certo cannot listen on an address of another machine") {
  CHECK(error_of([] { Responder responder({"192.0.2.1", 0}); }).code == Exit::config);
}

TEST_CASE("a malformed token is refused before the port is opened") {
  const TempDir temporary;
  const store::Home home(temporary / "home");
  const auto solver = method_solver(store::Standalone{"192.0.2.1:80"}, home, {});
  CHECK(error_of([&] { solver->present({http_task("a/b")}); }).code == Exit::protocol);
  solver->cleanup();
}

TEST_CASE("--listen is an address and a port") {
  CHECK(parse_listen("", http_port).port == 80);
  CHECK(parse_listen(":5002", http_port).address.empty());
  CHECK(parse_listen(":5002", http_port).port == 5002);
  CHECK(parse_listen("127.0.0.1:80", http_port).address == "127.0.0.1");
  CHECK(parse_listen("[::1]:8080", http_port).address == "::1");
  for (const char* text : {"80", "localhost:80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536",
                           "::1:80", "[127.0.0.1]:80", "[]:80", ":80x", "[::1]"}) {
    CAPTURE(text);
    CHECK(error_of([&] { parse_listen(text, http_port); }).code == Exit::usage);
  }
}
