#include "webserver/apache_running.h"

#include <doctest/doctest.h>

using namespace certo;
using namespace certo::webserver;
using namespace std::string_literals;

TEST_CASE("the command line of an Apache that stays is read") {
  const auto debian = parse_apache_words("/usr/sbin/apache2\0-k\0start\0"s);
  REQUIRE(debian);
  CHECK(debian->program == "/usr/sbin/apache2");
  CHECK(debian->config.empty());
  const auto red_hat = parse_apache_words("/usr/sbin/httpd\0-DFOREGROUND\0"s);
  REQUIRE(red_hat);
  CHECK(red_hat->options == std::vector<std::string>{"-D", "FOREGROUND"});
  const auto own =
      parse_apache_words("httpd\0-X\0-d\0/srv/my server\0-fconf/a.conf\0-C\0Listen 1\0-k\0restart\0"s);
  REQUIRE(own);
  CHECK(own->root == "/srv/my server");
  CHECK(own->config == "conf/a.conf");
  CHECK(own->options == std::vector<std::string>{"-C", "Listen 1"});
}

TEST_CASE("a call of Apache that ends soon is left out, and so is another program") {
  CHECK_FALSE(parse_apache_words(""));
  CHECK_FALSE(parse_apache_words("apache2\0-t\0"s));
  CHECK_FALSE(parse_apache_words("apache2\0-f\0x\0-tDDUMP_VHOSTS\0"s));
  CHECK_FALSE(parse_apache_words("apache2\0-k\0stop\0"s));
  CHECK_FALSE(parse_apache_words("apache2\0-V\0"s));
  CHECK_FALSE(parse_apache_words("httpd\0start\0"s));
  CHECK_FALSE(parse_apache_words("nginx\0-c\0x\0"s));
}
