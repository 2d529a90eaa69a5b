#include "webserver/apache_listen.h"

#include <doctest/doctest.h>

#include "fixtures/apache_layout.h"
#include "webserver/apache_hosts.h"

using namespace certo;
using namespace certo::test;
using namespace certo::webserver;

namespace {

/// The sockets of `address`, in one line.
std::string met(const std::string& address, const std::vector<std::string>& listens,
                std::vector<std::string> hosts = {}) {
  std::vector<Address> all;
  for (const std::string& one : listens) all.push_back(*parse_apache_listen(one));
  hosts.push_back(address);
  std::string line;
  for (const Address& one : sockets_of(address, all, hosts)) line += (line.empty() ? "" : " ") + one.text;
  return line;
}

}  // namespace

TEST_CASE("Apache's sockets") {
  CHECK(parse_apache_listen("80")->text == "*:80");
  CHECK(parse_apache_listen("10.0.0.1:8080")->port == 8080);
  CHECK(parse_apache_listen("[::1]:443")->family == Family::ipv6);
  for (const char* text : {"", "x", "0", "70000", ":80", "10.0.0.1:"}) CHECK(!parse_apache_listen(text));
}

TEST_CASE("the sockets by which a virtual host of Apache is reached") {
  CHECK(met("*:80", {"80", "443"}) == "127.0.0.1:80");
  CHECK(met("*:80", {"10.0.0.1:80", "[2001:db8::1]:80"}) == "10.0.0.1:80 [2001:db8::1]:80");
  CHECK(met("*:*", {"80", "8080"}) == "127.0.0.1:80 127.0.0.1:8080");
  CHECK(met("_default_:443", {"443"}) == "127.0.0.1:443");
  CHECK(met("10.0.0.1:80", {"80"}) == "10.0.0.1:80");
  CHECK(met("10.0.0.1:80", {"10.0.0.2:80"}).empty());
  CHECK(met("10.0.0.1:*", {"10.0.0.1:80", "81"}) == "10.0.0.1:80 10.0.0.1:81");
  CHECK(met("*:443", {"80"}).empty());
}

TEST_CASE("a virtual host that names an address takes its connections from those for all addresses") {
  CHECK(met("*:80", {"80"}, {"127.0.0.1:80"}) == "[::1]:80");
  CHECK(met("*:80", {"80"}, {"127.0.0.1:*", "[::1]:80"}).empty());
  CHECK(met("*:80", {"80"}, {"127.0.0.1:81"}) == "127.0.0.1:80");
  CHECK(met("*:80", {"10.0.0.1:80"}, {"10.0.0.1:80"}).empty());
}

TEST_CASE("the sockets are those that Apache's conditions leave") {
  const Layout layout(
      {{"httpd.conf",
        "Listen 80\n<IfModule ssl_module>\n  Listen 443 https\n</IfModule>\n"
        "<IfModule none_module>\n  Listen 1\n</IfModule>\n<VirtualHost *:80>\n</VirtualHost>\n"}},
      Layout::dump_of("*:80   a.example (@/httpd.conf:8)\n"));
  const ApacheConfig config(layout.apache);
  REQUIRE(config.listens().size() == 2);
  CHECK(config.listens()[0].text == "*:80");
  CHECK(config.listens()[1].text == "*:443");
}
