#include "net/dns.h"

#include "fixtures/support.h"

using namespace certo;
using namespace certo::net;

TEST_CASE("a resolver is an address, with a port or without") {
  CHECK(Resolver().port() == 53);
  CHECK(Resolver({"192.0.2.1"}).port() == 53);
  CHECK(Resolver({"192.0.2.1:5353"}).port() == 5353);
  CHECK(Resolver({"2001:db8::1"}).port() == 53);
  CHECK(Resolver({"::1"}).port() == 53);
  CHECK(Resolver({"[2001:db8::1]:8053"}).port() == 8053);
}

TEST_CASE("anything else is not a resolver") {
  for (const char* text :
       {"dns.example", "dns.example:53", "192.0.2", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536",
        "http://192.0.2.1/dns-query", "https://", "https://me@a.example/", "192.0.2.1:-1", "192.0.2.1:53x",
        "192.0.2.1:53 ", " 192.0.2.1", ":53", "[::1]", "[::1]:", "[192.0.2.1]:53", "::1:53:", "[::1:53"}) {
    CAPTURE(text);
    const Error error = test::error_of([&] { Resolver({text}); });
    CHECK(error.code == Exit::usage);
    CHECK_FALSE(error.hint.empty());
  }
}

TEST_CASE("no question needs no network") {
  CHECK(Resolver().ask(std::vector<DnsQuestion>{}, Seconds(1)).empty());
}

TEST_CASE("servers of the other family only: the question has failed") {
  const DnsQuestion question{"example.com", DnsType::txt, {{"ns1.example", "2001:db8::1"}}};
  const DnsAnswer answer = Resolver({}, 4).ask(question, Seconds(1));
  CHECK(answer.status == DnsStatus::failed);
  CHECK(answer.txt.empty());
}

TEST_CASE("a resolver may be a URL; addresses have their port all the same") {
  CHECK(Resolver({"https://dns.example/dns-query"}).port() == 53);
  CHECK(Resolver({"https://dns.example/dns-query", "192.0.2.1:5353"}).port() == 5353);
}

TEST_CASE("silent resolvers are passed over, and the last answer is of the system's") {
  const Resolver resolver({"127.0.0.1:1", "https://127.0.0.1:1/dns-query"});
  const DnsAnswer answer = resolver.ask({"example.com", DnsType::txt, {}}, Seconds(5));
  CHECK_FALSE(answer.is_heard);
  CHECK(answer.txt.empty());
}

TEST_CASE("an answer has the right content type") {
  DnsAnswer answer;
  CHECK(answer.what() == "no usable answer");
  answer.status = DnsStatus::no_name;
  CHECK(answer.what() == "no such name");
  answer.status = DnsStatus::timeout;
  CHECK(answer.what() == "timeout");
}
