#include "os/unit.h"

#include <cerrno>

#include "fixtures/support.h"
#include "os/failure.h"

using namespace certo;
using namespace certo::os;
using namespace certo::test;

namespace {

/// The hint of this system error for `path`; `service`: as systemd starts a service.
int hint_holds(const std::string& path, int error, const char* part, bool service) {
  return in_child([&] {
    if (service)
      ::setenv("INVOCATION_ID", "0123456789abcdef0123456789abcdef", 1);
    else
      ::unsetenv("INVOCATION_ID");
    const Error thrown = error_of([&] { fail(path, "cannot be written", error, Exit::cannot_write); });
    return thrown.hint.find(part) != std::string::npos ? 0 : 1;
  });
}

}  // namespace

TEST_CASE("the service is read from the control group") {
  CHECK(service_in("0::/system.slice/certo.service\n") == "certo.service");
  CHECK(service_in("12:pids:/x\n1:name=systemd:/system.slice/mine.service\n") == "mine.service");
  CHECK(service_in("0::/user.slice/user-1000.slice/user@1000.service/app.slice/certo.service\n") ==
        "certo.service");
  CHECK(service_in("0::/user.slice/user-1000.slice/session-2.scope\n").empty());
  CHECK(service_in("0::/\n") == "certo.service");
  CHECK(service_in("") == "certo.service");
}

TEST_CASE("below a service, a read-only place is a setting of the service") {
  if (service_in("").empty() || own_service() != "") return;  // the tests run in a service themselves
  CHECK(hint_holds("/usr/share/x.pem", EROFS, "mount it writable", false) == 0);
  if (in_child([] {
        ::setenv("INVOCATION_ID", "0", 1);
        return own_service().empty() ? 1 : 0;
      }) != 0)
    return;  // a session of a person
  CHECK(hint_holds("/usr/share/x.pem", EROFS, "ReadWritePaths=/usr/share with 'systemctl edit ", true) == 0);
  CHECK(hint_holds("/usr/share/x.pem", EROFS, "mount it writable", true) == 1);
  CHECK(hint_holds("/tmp/x/y.pem", ENOENT, "PrivateTmp=yes", true) == 0);
  CHECK(hint_holds("/tmp/x/y.pem", ENOENT, "PrivateTmp=yes", false) == 1);
  CHECK(hint_holds("/srv/y.pem", ENOENT, "PrivateTmp=yes", true) == 1);
}
