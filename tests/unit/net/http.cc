#include "net/http.h"

#include <atomic>
#include <thread>

#include "fixtures/support.h"

using namespace certo;
using namespace certo::net;
using test::error_of;

namespace {

HttpRequest get(const char* url) {
  HttpRequest request;
  request.url = parse_url(url, "a test", Exit::usage);
  return request;
}

}  // namespace

TEST_CASE("a header is found in any case, and the last one counts") {
  HttpReply reply;
  reply.headers = {{"replay-nonce", "one"}, {"link", "<a>"}, {"replay-nonce", "two"}};
  CHECK(reply.header("Replay-Nonce") == "two");
  CHECK(reply.header("LINK") == "<a>");
  CHECK(reply.header("location").empty());
  CHECK(reply.all("replay-nonce") == std::vector<std::string>{"one", "two"});
  CHECK(reply.all("location").empty());
}

TEST_CASE("a reply that has not come yet is waited for") {
  std::promise<HttpReply> promise;
  Pending pending(promise.get_future());
  CHECK_FALSE(pending.ready());
  HttpReply reply;
  reply.status = 204;
  promise.set_value(reply);
  CHECK(pending.ready());
  CHECK(pending.get().status == 204);
}

TEST_CASE("a failed transport throws where the reply is waited for") {
  std::promise<HttpReply> promise;
  Pending pending(promise.get_future());
  promise.set_exception(std::make_exception_ptr(Error(Exit::unreachable, "no route")));
  CHECK(error_of([&] { pending.get(); }).code == Exit::unreachable);
}

TEST_CASE("without CA certificates nothing is connected to") {
  const test::TempDir folder;
  HttpSettings settings;
  settings.ca_bundle = folder / "absent.pem";
  Http http(settings);
  CHECK(error_of([&] { http.send(get("https://ca.example/")).get(); }).code == Exit::config);
  CHECK(http.counts().requests == 0);
}

TEST_CASE("a request without any time left is not started") {
  Http http(HttpSettings{});
  HttpRequest request = get("https://ca.example/");
  request.timeout = Millis(0);
  const Error error = error_of([&] { http.send(std::move(request)).get(); });
  CHECK(error.code == Exit::unreachable);
  CHECK(error.message.starts_with("ca.example: "));
}

TEST_CASE("a header cannot be used to smuggle in another one") {
  Http http(HttpSettings{});
  HttpRequest request = get("https://ca.example/");
  request.headers = {"Authorization: Bearer secret\r\nX-Evil: 1"};
  const Error error = error_of([&] { http.send(std::move(request)).get(); });
  CHECK(error.code == Exit::config);
  CHECK(error.message.find("Authorization") != std::string::npos);
  CHECK(error.message.find("secret") == std::string::npos);
}

TEST_CASE("a transport that was never used starts no thread and ends at once") { Http http(HttpSettings{}); }

TEST_CASE("several threads send at the same time, and each gets its own answers") {
  const test::TempDir folder;
  HttpSettings settings;
  settings.ca_bundle = folder / "absent.pem";
  Http http(settings);
  std::atomic<int> refused = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 20; ++n) {
          Pending pending = http.send(get("https://ca.example/"));
          refused += error_of([&] { pending.get(); }).code == Exit::config;
          http.counts();
        }
      });
    }
  }
  CHECK(refused == 160);
}

TEST_CASE("requests that nobody waits for any more end with their transport") {
  std::vector<Pending> pending;
  {
    const test::TempDir folder;
    HttpSettings settings;
    settings.ca_bundle = folder / "absent.pem";
    Http http(settings);
    for (int n = 0; n < 100; ++n) pending.push_back(http.send(get("https://ca.example/")));
  }
  for (Pending& one : pending) {
    const Exit code = error_of([&] { one.get(); }).code;
    CHECK((code == Exit::config || code == Exit::unreachable));
  }
}
