#include "os/trust.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "fixtures/support.h"
#include "os/file.h"
#include "os/path.h"
#include "os/program.h"

using namespace certo;
using namespace certo::os;
using namespace certo::test;

namespace {

constexpr uid_t somebody = 12345;

void make_program(const std::string& path, mode_t mode = 0755) { write_file(path, "#!/bin/sh\n", mode); }

Error distrust(const std::string& path) {
  return error_of([&] { trusted_program(path); });
}

Error command_error(const std::string& command) {
  return error_of([&] { require_trusted_command(command); });
}

void give_away(const std::string& path) { REQUIRE(::lchown(path.c_str(), somebody, somebody) == 0); }

/// A program of ours below a folder whose owner can exchange "ours" and all that is in it.
struct Foreign {
  Foreign() {
    make_folder(dir / "theirs/ours/bin", 0755);
    make_program(dir / "theirs/ours/bin/hook");
    give_away(dir / "theirs");
  }
  std::string hook() const { return dir / "theirs/ours/bin/hook"; }

  TempDir dir;
};

}  // namespace

TEST_CASE("a program of one's own, in a folder of one's own, is trusted") {
  const TempDir dir;
  make_program(dir / "hook");
  CHECK(trusted_program(dir / "hook") == dir / "hook");
  trusted_program("/bin/sh");
}

TEST_CASE("a program is executed by its path without links, a script by the path that was given") {
  const TempDir dir;
  make_folder(dir / "real", 0755);
  make_program(dir / "real/script");
  write_file(dir / "real/program", read_file("/bin/true", 1 << 24), 0755);
  REQUIRE(::symlink("real", (dir / "way").c_str()) == 0);
  REQUIRE(::symlink("../real/./program", (dir / "real/link").c_str()) == 0);
  CHECK(trusted_program(dir / "way/link") == dir / "real/program");
  CHECK(trusted_program(dir / "way/script") == dir / "way/script");
  CHECK(trusted_path(dir / "way/script") == dir / "real/script");
}

TEST_CASE("a program that others can write to is not trusted") {
  const TempDir dir;
  for (const mode_t mode : {0775, 0757, 0777}) {
    make_program(dir / "hook", mode);
    const Error error = distrust(dir / "hook");
    CHECK(error.code == Exit::config);
    CHECK(error.hint == "chmod go-w " + dir / "hook");
  }
}

TEST_CASE("a program below a folder that others can write to is not trusted, directly or through a link") {
  const TempDir dir;
  make_folder(dir / "open/sub", 0755);
  make_program(dir / "open/sub/hook");
  for (const mode_t mode : {0777, 0775, 0757}) {
    REQUIRE(::chmod((dir / "open").c_str(), mode) == 0);
    REQUIRE(::symlink("open/sub/hook", (dir / "link").c_str()) == 0);
    CHECK(distrust(dir / "open/sub/hook").code == Exit::config);
    CHECK(distrust(dir / "link").message.starts_with(dir / "open:"));
    CHECK(distrust(dir / "link").hint == "chmod go-w " + dir / "open");
    remove_file(dir / "link");
  }
}

TEST_CASE("in a sticky folder an entry of ours is trusted") {
  const TempDir dir;
  make_folder(dir / "tmp", 0755);
  make_folder(dir / "tmp/ours", 0755);
  make_program(dir / "tmp/ours/hook");
  REQUIRE(::chmod((dir / "tmp").c_str(), 01777) == 0);
  CHECK(trusted_program(dir / "tmp/ours/hook") == dir / "tmp/ours/hook");
}

TEST_CASE("a file of another user is not trusted" * doctest::skip(::geteuid() != 0)) {
  const Foreign foreign;
  const TempDir dir;
  SUBCASE("the program") {
    make_program(dir / "hook");
    give_away(dir / "hook");
    CHECK(distrust(dir / "hook").message.find("another user") != std::string::npos);
  }
  SUBCASE("a folder far above it") {
    CHECK(distrust(foreign.hook()).message.starts_with(foreign.dir / "theirs: belongs to another user"));
    CHECK(error_of([&] { open_trusted(foreign.hook()); }).code == Exit::config);
    CHECK(error_of([&] { read_trusted(foreign.hook(), of_state); }).code == Exit::not_permitted);
    CHECK(error_of([&] { require_private_folder(foreign.dir / "theirs/ours"); }).code == Exit::not_permitted);
  }
  SUBCASE("a folder above what a link leads to") {
    REQUIRE(::symlink((foreign.dir / "theirs/ours").c_str(), (dir / "link").c_str()) == 0);
    CHECK(distrust(dir / "link/bin/hook").message.starts_with(foreign.dir / "theirs:"));
  }
  SUBCASE("a folder above a link that leads to a good place") {
    REQUIRE(::symlink("/bin/sh", (foreign.dir / "theirs/ours/sh").c_str()) == 0);
    CHECK(distrust(foreign.dir / "theirs/ours/sh").message.starts_with(foreign.dir / "theirs:"));
  }
  SUBCASE("a folder that the path leaves again") {
    CHECK(distrust(foreign.dir / "theirs/ours/../../../../bin/sh").code == Exit::config);
  }
  SUBCASE("an entry of a sticky folder") {
    make_folder(dir / "tmp/theirs", 0755);
    make_program(dir / "tmp/theirs/hook");
    give_away(dir / "tmp/theirs");
    REQUIRE(::chmod((dir / "tmp").c_str(), 01777) == 0);
    CHECK(distrust(dir / "tmp/theirs/hook").message.starts_with(dir / "tmp"));
  }
  SUBCASE("a link in a sticky folder") {
    make_folder(dir / "tmp", 0755);
    REQUIRE(::symlink("/bin/sh", (dir / "tmp/link").c_str()) == 0);
    give_away(dir / "tmp/link");
    REQUIRE(::chmod((dir / "tmp").c_str(), 01777) == 0);
    CHECK(distrust(dir / "tmp/link").message.starts_with(dir / "tmp:"));
  }
}

TEST_CASE("a path that is relative, absent, not executable or not a file is not a program") {
  const TempDir dir;
  make_program(dir / "hook", 0644);
  CHECK(distrust("hook").message == "hook: not an absolute path");
  CHECK(distrust(dir / "gone").message == dir / "gone: there is no such file");
  CHECK(distrust(dir / "gone").code == Exit::config);
  CHECK(distrust(dir / "hook").hint == "chmod +x " + dir / "hook");
  CHECK(distrust(dir.path).message == dir.path + ": not a regular file");
  REQUIRE(::symlink("loop", (dir / "loop").c_str()) == 0);
  CHECK(distrust(dir / "loop").code == Exit::config);
}

TEST_CASE("each program in a shell command is checked" * doctest::skip(::geteuid() != 0)) {
  const Foreign foreign;
  const TempDir dir;
  make_program(dir / "good hook");
  const std::string bad = foreign.hook();
  for (const std::string& command :
       {bad + " argument", "  " + bad + " argument", "exec " + bad + " x", "A=1 " + bad + " x",
        "A=" + bad + " true", "/bin/true && " + bad, "/bin/true;" + bad, "(" + bad + " x)", "'" + bad + "' x",
        "\"" + bad + "\" x", "echo \"$(" + bad + " x)\"", "echo `" + bad + "`", "sh -c '" + bad + " x'",
        "/bin/sh -c \"exec " + bad + "\"", "nice --program=" + bad, "/bin/true\n" + bad + " x",
        "if " + bad + "; then true; fi"}) {
    CAPTURE(command);
    CHECK(command_error(command).message.starts_with(foreign.dir / "theirs:"));
  }
  // A file that is not executable runs, too, if an interpreter reads it.
  write_file(foreign.dir / "theirs/ours/text", "true\n", 0644);
  for (const std::string interpreter : {"sh ", "/bin/sh -e ", ". ", "source ", "python3 "})
    CHECK(command_error(interpreter + foreign.dir / "theirs/ours/text").code == Exit::config);

  require_trusted_command("systemctl reload nginx");
  require_trusted_command("'" + dir / "good hook" + "' argument && /bin/true");
  require_trusted_command("cp /etc/passwd " + foreign.dir / "theirs/ours/text");
  require_trusted_command(foreign.dir / "theirs/gone" + " argument");
}

TEST_CASE("a program in the home folder is checked however a shell command names it" *
          doctest::skip(::geteuid() != 0)) {
  const Foreign foreign;
  CHECK(in_child([&] {
          ::setenv("HOME", (foreign.dir / "theirs/ours").c_str(), 1);
          for (const char* command : {"~/bin/hook x", "$HOME/bin/hook x", "\"${HOME}/bin/hook\" x"})
            if (command_error(command).code != Exit::config) return 1;
          return 0;
        }) == 0);
}

TEST_CASE("a file with secrets is for its owner alone") {
  const TempDir dir;
  write_file(dir / "secret", "x", 0600);
  CHECK(read_private(dir / "secret") == "x");
  for (const mode_t mode : {0640, 0604, 0620, 0602, 0644}) {
    REQUIRE(::chmod((dir / "secret").c_str(), mode) == 0);
    CHECK(error_of([&] { read_private(dir / "secret"); }).code == Exit::config);
  }
  CHECK(error_of([&] { read_private(dir / "secret"); }).hint == "chmod 600 " + dir / "secret");
}

TEST_CASE("a file that is open already is checked on its descriptor") {
  const TempDir dir;
  write_file(dir / "secret", "x", 0600);
  const Fd fd(::open((dir / "secret").c_str(), O_RDONLY | O_CLOEXEC));
  remove_file(dir / "secret");
  const std::string path = "/proc/self/fd/" + std::to_string(fd.get());
  CHECK(read_private(path) == "x");
  REQUIRE(::fchmod(fd.get(), 0644) == 0);
  CHECK(error_of([&] { read_private(path); }).code == Exit::config);
}

TEST_CASE("only regular files are read, and a FIFO does not block") {
  const TempDir dir;
  REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
  CHECK(error_of([&] { read_trusted(dir / "fifo"); }).message == dir / "fifo" + ": not a regular file");
  CHECK(error_of([&] { read_trusted(dir.path, of_state); }).code == Exit::bad_input);
  CHECK(read_trusted_if(dir / "gone") == std::nullopt);
  write_file(dir / "long", "12345", 0600);
  CHECK(error_of([&] { read_trusted(dir / "long", of_settings, 4); }).code == Exit::bad_input);
}

TEST_CASE("the state's next files are checked as the first one") {
  const TempDir dir;
  const auto read = [&](const std::string& name) { return read_trusted_if(dir / name, of_state); };
  const auto refusal = [&](const std::string& name) { return error_of([&] { read(name); }).code; };
  for (const char* const name : {"certs/a/one", "certs/a/two", "certs/b/one"}) {
    make_folder(folder_of(dir / name), 0700);
    write_file(dir / name, name, 0600);
    CHECK(read(name) == name);
  }
  CHECK(read("certs/a/none") == std::nullopt);
  CHECK(read("certs/none/one") == std::nullopt);
  CHECK(read("certs/a/one/below") == std::nullopt);
  REQUIRE(::symlink("nowhere", (dir / "certs/a/dangling").c_str()) == 0);
  CHECK(refusal("certs/a/dangling") == Exit::bad_input);
  REQUIRE(::symlink("one", (dir / "certs/a/link").c_str()) == 0);
  CHECK(read("certs/a/link") == "certs/a/one");
  REQUIRE(::mkfifo((dir / "certs/a/fifo").c_str(), 0600) == 0);
  CHECK(refusal("certs/a/fifo") == Exit::bad_input);
  write_file(dir / "certs/a/long", std::string((1 << 20) + 1, 'x'), 0600);
  CHECK(refusal("certs/a/long") == Exit::bad_input);
  for (const char* const open : {"certs", "certs/a", "certs/a/two"}) {
    CAPTURE(open);
    REQUIRE(::chmod((dir / open).c_str(), 0777) == 0);
    CHECK(refusal("certs/a/two") == Exit::not_permitted);
    REQUIRE(::chmod((dir / open).c_str(), 0700) == 0);
    CHECK(read("certs/a/two") == "certs/a/two");
    if (::geteuid() != 0) continue;
    give_away(dir / open);
    CHECK(refusal("certs/a/two") == Exit::not_permitted);
    REQUIRE(::lchown((dir / open).c_str(), 0, 0) == 0);
  }
  // A link in the place of the folder leads elsewhere, where others can write.
  make_folder(dir / "elsewhere/c", 0700);
  write_file(dir / "elsewhere/c/one", "", 0600);
  REQUIRE(::chmod((dir / "elsewhere").c_str(), 0777) == 0);
  REQUIRE(::symlink((dir / "elsewhere/c").c_str(), (dir / "certs/c").c_str()) == 0);
  CHECK(refusal("certs/c/one") == Exit::not_permitted);
}

TEST_CASE("a state folder is private if nobody else can write to it") {
  const TempDir dir;
  require_private_folder(dir.path);
  make_folder(dir / "open", 0777);
  CHECK(error_of([&] { require_private_folder(dir / "open"); }).code == Exit::not_permitted);
  CHECK(error_of([&] { require_private_folder(dir / "gone"); }).code == Exit::not_permitted);
  write_file(dir / "file", "", 0600);
  CHECK(error_of([&] { require_private_folder(dir / "file"); }).code == Exit::not_permitted);
  make_folder(dir / "open/sub", 0700);
  CHECK(error_of([&] { require_private_folder(dir / "open/sub"); }).hint == "chmod go-w " + dir / "open");
}

TEST_CASE("/usr/local of the group staff is trusted with a warning; one that is open to everybody is not" *
          doctest::skip(::geteuid() != 0)) {
  const auto trusts = [](mode_t mode, gid_t group) {
    return in_child([&] {
      // A mount of its own, so that the machine's folder stays as it is.
      if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        return 77;
      if (::mount("none", "/usr/local", "tmpfs", 0, nullptr) != 0) return 77;
      make_folder("/usr/local/bin", 0755);
      make_program("/usr/local/bin/hook");
      for (const char* folder : {"/usr/local", "/usr/local/bin"})
        if (::chown(folder, 0, group) != 0 || ::chmod(folder, mode) != 0) return 1;
      try {
        return trusted_program("/usr/local/bin/hook") == "/usr/local/bin/hook" ? 0 : 2;
      } catch (const Error& error) {
        return static_cast<int>(error.code);
      }
    });
  };
  constexpr gid_t staff = 50, other = 51;
  const int as_debian = trusts(02775, staff);
  if (as_debian == 77) {
    MESSAGE("this machine does not let tests mount");
    return;
  }
  CHECK(as_debian == 0);
  CHECK(trusts(02775, other) == static_cast<int>(Exit::config));
  CHECK(trusts(02777, staff) == static_cast<int>(Exit::config));
}

TEST_CASE("a program is found in the absolute folders of PATH only") {
  const TempDir dir;
  make_folder(dir / "a", 0755);
  make_folder(dir / "b", 0755);
  make_program(dir / "a/certo-dns-x", 0644);
  make_program(dir / "b/certo-dns-x");
  CHECK(in_child([&] {
          ::setenv("PATH", (":.:" + dir / "a" + ":" + dir / "b").c_str(), 1);
          if (::chdir((dir / "b").c_str()) != 0) return 1;
          if (find_program("certo-dns-x") != dir / "b/certo-dns-x") return 2;
          if (find_program("certo-dns-y") || find_program("") || find_program("../b/certo-dns-x")) return 3;
          ::unsetenv("PATH");
          return find_program("sh") ? 0 : 4;
        }) == 0);
}

TEST_CASE("a command uses its programs, scripts and sockets, and not the data that it names") {
  const TempDir dir;
  make_program(dir / "hook");
  write_file(dir / "data", "x", 0644);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = dir / "s";
  REQUIRE(path.copy(address.sun_path, sizeof address.sun_path - 1) == path.size());
  REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  using Paths = std::vector<std::string>;
  CHECK(files_used(dir / "hook" + " >>" + dir / "data") == Paths{dir / "hook"});
  CHECK(files_used("sh -c '" + dir / "hook" + " x'") == Paths{dir / "hook"});
  CHECK(files_used("echo reload | socat - UNIX-CONNECT:" + path) == Paths{path});
  CHECK(files_used("curl --unix-socket " + path + " http://x/") == Paths{path});
  CHECK(files_used("curl --unix-socket=" + path + " http://x/") == Paths{path});
  CHECK(files_used("cat " + dir / "data" + " " + dir / "none").empty());
  ::close(fd);
}
