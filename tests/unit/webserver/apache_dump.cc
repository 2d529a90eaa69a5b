#include "webserver/apache_dump.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "fixtures/apache.h"

using namespace certo;
using namespace certo::test;
using namespace certo::webserver;

TEST_CASE("the dump of Debian's layout has files, addresses, modules and variables") {
  const ApacheDump dump = parse_apache_dump(in_folder(apache_debian_dump, "/etc/apache2"));
  REQUIRE(dump.includes.size() == 8);
  CHECK(dump.includes[0].path == "/etc/apache2/apache2.conf");
  CHECK(dump.includes[0].parent == -1);
  CHECK(dump.includes[4].path == "/etc/apache2/ports.conf");
  CHECK(dump.includes[4].line == 6);
  CHECK(dump.includes[4].parent == 0);
  CHECK(dump.modules.contains("rewrite_module"));
  CHECK(dump.modules.contains("core_module"));
  CHECK_FALSE(dump.modules.contains("status_module"));
  CHECK(dump.defines.at("base") == "example.com");
  CHECK(dump.defines.at("DUMP_VHOSTS").empty());
  CHECK(dump.server_root == "/etc/apache2");
}

TEST_CASE("virtual hosts of a dump are alone on an address, or several with names") {
  const ApacheDump dump = parse_apache_dump(in_folder(apache_debian_dump, "/etc/apache2"));
  REQUIRE(dump.addresses.size() == 4);
  CHECK(dump.addresses[0].text == "[::1]:18443");
  CHECK(dump.addresses[0].is_alone);
  CHECK(dump.addresses[0].sites[0].place == ApachePlace{"/etc/apache2/sites-enabled/a.conf", 10, ""});
  const ApacheAddress& many = dump.addresses[3];
  CHECK(many.text == "*:18080");
  CHECK_FALSE(many.is_alone);
  REQUIRE(many.sites.size() == 4);
  CHECK(many.sites[1].name == "a.example.com");
  CHECK(many.sites[1].exact == std::vector<std::string>{"www.a.example.com", "more.example.com"});
  CHECK(many.sites[1].wild == std::vector<std::string>{"*.A.example.com"});
  CHECK(many.sites[3].place.file.empty());
  CHECK(text(many.sites[3].place) ==
        "macro 'site' used at /etc/apache2/sites-enabled/m.conf:8 (line 1 of the macro)");
}

TEST_CASE("a dump of a file by hand: names with blanks, ports for all, files in files") {
  const ApacheDump dump = parse_apache_dump(in_folder(apache_by_hand_dump, "/srv/a (1)"));
  REQUIRE(dump.includes.size() == 5);
  CHECK(dump.includes[2].path == "/srv/a (1)/snip/b (1) c.conf");
  CHECK(dump.includes[3].parent == 2);
  CHECK(dump.includes[4].parent == 0);
  CHECK(dump.includes[4].line == 15);
  CHECK(dump.addresses[0].text == "10.0.0.1:*");
  CHECK(dump.addresses.back().sites[0].exact == std::vector<std::string>{"two.example", "x y"});
  CHECK(dump.addresses.back().sites[0].place.file == "/srv/a (1)/httpd.conf");
  CHECK(dump.defines.at("vport") == "9");
}

TEST_CASE("what is not such a dump is refused") {
  CHECK_THROWS_AS(parse_apache_dump(""), Error);
  CHECK_THROWS_AS(parse_apache_dump("VirtualHost configuration:\n*:80 a (/x:1)\n"), Error);
  const std::string start = "Included configuration files:\n  (*) /x\nVirtualHost configuration:\n";
  CHECK_THROWS_AS(parse_apache_dump(start + "*:80   a.example\n"), Error);
  CHECK_THROWS_AS(parse_apache_dump(start + "*:80   a.example (/x:y)\n"), Error);
  CHECK_THROWS_AS(parse_apache_dump(start + "*:80   \n"), Error);
  CHECK(parse_apache_dump(start).addresses.empty());
}
