#include "webserver/nginx_running.h"

#include <doctest/doctest.h>

using namespace certo;
using namespace certo::webserver;
using namespace std::string_literals;

TEST_CASE("the command line of a master is read from its title") {
  const auto debian =
      parse_command_line("nginx: master process /usr/sbin/nginx -g daemon on; master_process on;\0\0\0"s);
  REQUIRE(debian);
  CHECK(debian->program == "/usr/sbin/nginx");
  CHECK(debian->globals == "daemon on; master_process on;");
  CHECK(debian->config.empty());
  const auto other =
      parse_command_line("nginx: master process nginx -p /srv/my server -c conf/a.conf -e stderr");
  REQUIRE(other);
  CHECK(other->prefix == "/srv/my server");
  CHECK(other->config == "conf/a.conf");
  const auto attached = parse_command_line("angie: master process angie -c/etc/a.conf");
  REQUIRE(attached);
  CHECK(attached->config == "/etc/a.conf");
  const auto single = parse_command_line("/usr/sbin/nginx\0-c\0/etc/x y.conf\0-g\0daemon off;\0"s);
  REQUIRE(single);
  CHECK(single->config == "/etc/x y.conf");
}

TEST_CASE("what is not a master is left out") {
  CHECK_FALSE(parse_command_line(""));
  CHECK_FALSE(parse_command_line("nginx: worker process"));
  CHECK_FALSE(parse_command_line("nginx: cache manager process"));
  CHECK_FALSE(parse_command_line("nginx\0-t\0"s));
  CHECK_FALSE(parse_command_line("/usr/sbin/nginx\0-s\0reload\0"s));
  CHECK_FALSE(parse_command_line("vi\0nginx: master process nginx -c /tmp/evil\0"s));
  CHECK_FALSE(parse_command_line("php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)"));
}

TEST_CASE("the version and the compiled-in paths are read from nginx -V") {
  const NginxBuild debian = parse_build(
      "nginx version: nginx/1.22.1\nbuilt with OpenSSL 3.0.8 7 Feb 2023\nTLS SNI support enabled\n"
      "configure arguments: --with-cc-opt='-g -O2 -fPIC' --prefix=/usr/share/nginx "
      "--conf-path=/etc/nginx/nginx.conf --with-http_ssl_module\n");
  CHECK(debian.version == "nginx/1.22.1");
  CHECK(debian.prefix == "/usr/share/nginx");
  CHECK(debian.config == "/etc/nginx/nginx.conf");
  CHECK(debian.has_tls);
  CHECK_FALSE(debian.has_http2);
  const NginxBuild own = parse_build("nginx version: openresty/1.25.3.1 (custom)\nconfigure arguments: \n");
  CHECK(own.version == "openresty/1.25.3.1");
  CHECK(own.prefix == "/usr/local/nginx");
  CHECK(own.config == "conf/nginx.conf");
  CHECK_FALSE(own.has_tls);
  CHECK(parse_build("something else").version.empty());
}
