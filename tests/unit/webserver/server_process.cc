#include "webserver/server_process.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace certo::webserver;

TEST_CASE("the unit that runs a server") {
  CHECK(unit_in("0::/system.slice/nginx.service\n") == "nginx.service");
  CHECK(unit_in("12:cpu:/x\n1:name=systemd:/system.slice/nginx@a.service\n") == "nginx@a.service");
  for (const char* other :
       {"0::/user.slice/user-0.slice/session-1.scope\n", "0::/\n", "", "0::/system.slice/docker-1.scope\n",
        "0::/user.slice/user@0.service\n", "3:cpu:/system.slice/nginx.service\n"})
    CHECK(unit_in(other).empty());
}

TEST_CASE("a process that ends while it is looked at") {
  for (int i = 0; i < 200; ++i) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    while (!command_line_of(child).empty()) {
    }
    CHECK(::waitpid(child, nullptr, 0) == child);
    CHECK(command_line_of(child).empty());
    CHECK(children_of(child).empty());
    CHECK(trust_in(child) == Trust::ended);
  }
}
