// What certo.service can reach: its own settings, and those of drop-ins.
#include "schedule/sandbox.h"

#include "fixtures/support.h"
#include "os/file.h"
#include "schedule/schedule.h"

using namespace certo;
using namespace certo::schedule;
using namespace certo::test;

namespace {

/// The setting that is in the way; "" if none is.
std::string blocks(const Sandbox& sandbox, const std::string& path, Access access) {
  const auto found = sandbox.obstacle_without_links(path, access);
  if (!found) return {};
  const size_t open = found->why.rfind('(');
  return found->why.substr(open + 1, found->why.size() - open - 2);
}

Sandbox with(const std::string& settings) {
  return Sandbox({service_unit(Plan{}), "[Service]\n" + settings + "\n"});
}

}  // namespace

TEST_CASE("our service has its own /tmp, and cannot write to /usr, /boot and /sys") {
  const Sandbox ours({service_unit(Plan{})});
  for (const char* path : {"/tmp", "/tmp/x", "/var/tmp/x/y", "/var/tmp/../tmp/x"}) {
    INFO(path);
    CHECK(blocks(ours, path, Access::read) == "PrivateTmp=yes");
  }
  for (const char* path : {"/usr/share/x.pem", "/boot/x", "/efi", "/usr/share/../lib/x", "/usr//share/x"}) {
    INFO(path);
    CHECK(blocks(ours, path, Access::write) == "ProtectSystem=yes");
    CHECK(blocks(ours, path, Access::read).empty());
  }
  CHECK(blocks(ours, "/sys/class/x", Access::write) == "ProtectKernelTunables=yes");
  CHECK(blocks(ours, "/dev/ttyUSB0", Access::read) == "PrivateDevices=yes");
  for (const char* path : {"/etc/nginx/tls", "/var/www", "/home/a", "/root", "/srv", "/tmpx", "/usrx", "/opt",
                           "/usr/local/etc/x", "/dev/shm/x", "/run/haproxy.sock", "/"}) {
    INFO(path);
    CHECK(blocks(ours, path, Access::write).empty());
  }
}

TEST_CASE("drop-ins open and close folders") {
  CHECK(blocks(with("ReadWritePaths=/usr/share/tls /boot"), "/usr/share/tls/a.pem", Access::write).empty());
  CHECK(blocks(with("ReadWritePaths=-/usr/share/tls"), "/usr/share/tls", Access::write).empty());
  CHECK(blocks(with("ReadWritePaths=/usr/share/tls"), "/usr/share/x", Access::write) == "ProtectSystem=yes");
  CHECK(blocks(with("ReadWritePaths=/usr/share\nReadWritePaths="), "/usr/share/x", Access::write) ==
        "ProtectSystem=yes");
  CHECK(blocks(with("PrivateTmp=no"), "/tmp/x", Access::write).empty());
  // systemd does not show the files of others by that.
  CHECK(blocks(with("ReadWritePaths=/tmp/x"), "/tmp/x", Access::write) == "PrivateTmp=yes");
  CHECK(blocks(with("BindPaths=/tmp/x"), "/tmp/x/y", Access::write).empty());
  CHECK(blocks(with("BindPaths=/srv/x:/tmp/x:rbind"), "/tmp/x/y", Access::write).empty());
  CHECK(blocks(with("ProtectHome=yes"), "/home/a/x", Access::read) == "ProtectHome=yes");
  CHECK(blocks(with("ProtectHome=read-only"), "/root/x", Access::write) == "ProtectHome=read-only");
  CHECK(blocks(with("ProtectHome=read-only"), "/root/x", Access::read).empty());
  CHECK(blocks(with("ProtectSystem=full"), "/etc/x", Access::write) == "ProtectSystem=full");
  CHECK(blocks(with("ProtectSystem=strict"), "/srv/x", Access::write) == "ProtectSystem=strict");
  CHECK(
      blocks(with("ProtectSystem=strict\nReadWritePaths=/var/lib/certo \\\n  /srv"), "/srv/x", Access::write)
          .empty());
  CHECK(blocks(with("ReadOnlyPaths=/srv"), "/srv/x", Access::write) == "ReadOnlyPaths=/srv");
  CHECK(blocks(with("InaccessiblePaths=/srv"), "/srv/x", Access::read) == "InaccessiblePaths=/srv");
  CHECK(blocks(with("#ReadOnlyPaths=/srv\n[Unit]\nReadOnlyPaths=/srv"), "/srv/x", Access::write).empty());
}

TEST_CASE("a link into a hidden folder is followed") {
  const TempDir dir;  // somewhere below /tmp, or where TMPDIR says
  os::make_folder(dir / "hidden", 0755);
  os::make_folder(dir / "open", 0755);
  REQUIRE(::symlink("../hidden", (dir / "open/link").c_str()) == 0);
  const Sandbox sandbox(
      {"[Service]\nInaccessiblePaths=" + std::filesystem::canonical(dir / "hidden").string()});
  CHECK(sandbox.obstacle(dir / "open/link/a.pem", Access::read));
  CHECK_FALSE(sandbox.obstacle(dir / "open/a.pem", Access::read));
}

TEST_CASE("the drop-ins below a root folder count, in the order of their names") {
  const TempDir dir;
  os::make_folder(dir / "etc/systemd/system/certo.service.d", 0755);
  os::make_folder(dir / "run/systemd/system/certo.service.d", 0755);
  os::write_file(dir / "etc/systemd/system/certo.service.d/20.conf", "[Service]\nPrivateTmp=no\n", 0644);
  os::write_file(dir / "run/systemd/system/certo.service.d/10.conf", "[Service]\nPrivateTmp=yes\n", 0644);
  os::write_file(dir / "run/systemd/system/certo.service.d/30.old", "[Service]\nPrivateTmp=yes\n", 0644);
  const Sandbox sandbox = sandbox_of_service(service_unit(Plan{}), dir.path);
  CHECK(blocks(sandbox, "/tmp/x", Access::read).empty());
  CHECK(blocks(sandbox, "/usr/x", Access::write) == "ProtectSystem=yes");
}
