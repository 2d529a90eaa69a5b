#include "webserver/nginx_control.h"

#include <doctest/doctest.h>

using namespace certo::webserver;

TEST_CASE("what 'nginx -t' says") {
  const ConfigTest good = parse_test(
      "nginx: [warn] conflicting server name \"a\" on 0.0.0.0:80, ignored\nnginx: the configuration file /x syntax is ok\n",
      0);
  CHECK(good.failure.empty());
  CHECK(good.warnings == std::set<std::string>{"conflicting server name \"a\" on 0.0.0.0:80, ignored"});
  CHECK(parse_test("nginx: [alert] could not open error log file: open() failed (13)\n"
                   "2026/11/30 16:05:40 [emerg] 7093#7093: unknown directive \"x\" in /srv/broken:1\n",
                   1)
            .failure == "unknown directive \"x\" in /srv/broken:1");
  CHECK(parse_test("", 134).failure == "it ended with 134 and gave no reason");
}

TEST_CASE("the unit that runs a master") {
  CHECK(unit_in("0::/system.slice/nginx.service\n") == "nginx.service");
  CHECK(unit_in("12:cpu:/x\n1:name=systemd:/system.slice/nginx@a.service\n") == "nginx@a.service");
  for (const char* other :
       {"0::/user.slice/user-0.slice/session-1.scope\n", "0::/\n", "", "0::/system.slice/docker-1.scope\n",
        "0::/user.slice/user@0.service\n", "3:cpu:/system.slice/nginx.service\n"})
    CHECK(unit_in(other).empty());
}
