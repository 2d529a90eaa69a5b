// The redirects that a CA follows for http-01.
#include "check/follow.h"

#include "fixtures/support.h"

using namespace certo;
using namespace certo::check;

namespace {

using Kind = Step::Kind;

const net::WebPlace start{.host = "a.example", .port = 80, .path = "/.well-known/acme-challenge/x"};

Step after(int status, const std::string& location, std::vector<net::WebPlace> visited = {start},
           const Ports& ports = {}) {
  net::WebSight sight;
  sight.kind = net::WebSight::Kind::answered;
  sight.status = status;
  sight.location = location;
  return follow(visited, sight, ports);
}

}  // namespace

TEST_CASE("an answer that is not a redirect is the end") {
  for (const int status : {200, 204, 304, 400, 404, 500})
    CHECK(after(status, "http://b.example/").kind == Kind::stay);
  net::WebSight silent;
  silent.status = 301;
  CHECK(follow({start}, silent, {}).kind == Kind::stay);
}

TEST_CASE("redirects to port 80 and 443 are followed") {
  for (const int status : {301, 302, 307, 308}) {
    const Step step = after(status, "https://b.example/x?y=1");
    CHECK(step.kind == Kind::go);
    CHECK(step.next.text() == "https://b.example/x?y=1");
    CHECK(step.next.port == 443);
  }
  CHECK(after(301, "/other").next.text() == "http://a.example/other");
  CHECK(after(301, "//B.Example/x").next.text() == "http://b.example/x");
  CHECK(after(301, "http://b.example:443/").kind == Kind::go);
  CHECK(after(301, "http://b.example:5002/", {start}, {5002, 5001}).kind == Kind::go);
}

TEST_CASE("redirects that CAs do not follow") {
  CHECK(after(303, "http://b.example/").refusal.ends_with("with the status 303, which CAs do not follow"));
  CHECK(after(301, "ftp://b.example/").kind == Kind::refused);
  CHECK(after(301, "").kind == Kind::refused);
  CHECK(after(301, "http://b example/").kind == Kind::refused);
  CHECK(after(301, "http://b.example:8080/").refusal.ends_with("the ports 80 and 443 only"));
  CHECK(after(301, "http://192.0.2.1/").refusal.ends_with("CAs follow redirects to names only"));
  CHECK(after(301, "http://[2001:db8::1]/").kind == Kind::refused);
  CHECK(after(301, "https://b.example.well-known/acme-challenge/x")
            .refusal.ends_with("a '/' is missing after the host name"));
  CHECK(after(301, "http://b.example/" + std::string(2001, 'a')).kind == Kind::refused);
  CHECK(after(301, "http://b.example/" + std::string(5000, 'a')).kind == Kind::refused);
}

TEST_CASE("circles, and more than ten redirects") {
  CHECK(after(301, start.text()).refusal.ends_with("the redirects lead in a circle"));
  std::vector<net::WebPlace> visited = {start};
  for (int i = 1; i <= 10; ++i) {
    const Step step = after(301, "/" + std::to_string(i), visited);
    REQUIRE(step.kind == Kind::go);
    visited.push_back(step.next);
  }
  CHECK(after(301, "/11", visited).refusal.ends_with("more than ten redirects, and CAs follow ten"));
}
