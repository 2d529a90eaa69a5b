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
