#include "fixtures/support.h"
#include "os/file.h"

using namespace certo;
using namespace certo::os;
using namespace certo::test;

namespace {

void make_program(const std::string& path, mode_t mode) { write_file(path, "#!/bin/sh\n", mode); }

Error distrust(const std::string& path) {
  return error_of([&] { require_trusted_program(path); });
}

}  // namespace

TEST_CASE("a program of one's own, in a folder of one's own, is trusted") {
  const TempDir dir;
  make_program(dir / "hook", 0755);
  require_trusted_program(dir / "hook");
  require_trusted_program("/bin/sh");
}

TEST_CASE("a program that others may write to is not trusted") {
  const TempDir dir;
  make_program(dir / "hook", 0775);
  const Error error = distrust(dir / "hook");
  CHECK(error.code == Exit::config);
  CHECK(error.hint == "chmod go-w " + dir / "hook");
}

TEST_CASE("a program in a folder that others may write to is not trusted, behind a link neither") {
  const TempDir dir;
  make_folder(dir / "open", 0777);
  make_program(dir / "open/hook", 0755);
  make_folder(dir / "own", 0755);
  REQUIRE(::symlink("../open/hook", (dir / "own/hook").c_str()) == 0);
  CHECK(distrust(dir / "open/hook").code == Exit::config);
  CHECK(distrust(dir / "own/hook").message.starts_with(dir / "open:"));
}

TEST_CASE("what is relative, absent, not executable or no file is no program") {
  const TempDir dir;
  make_program(dir / "hook", 0644);
  CHECK(distrust("hook").message == "hook: not an absolute path");
  CHECK(distrust(dir / "gone").code == Exit::config);
  CHECK(distrust(dir / "hook").hint == "chmod +x " + dir / "hook");
  CHECK(distrust(dir.path).code == Exit::config);
}

TEST_CASE("another user's program is not trusted" * doctest::skip(::geteuid() != 0)) {
  const TempDir dir;
  make_program(dir / "hook", 0755);
  REQUIRE(::chown((dir / "hook").c_str(), 12345, 12345) == 0);
  CHECK(distrust(dir / "hook").message.find("another user") != std::string::npos);
}

TEST_CASE("a state folder is private when nobody else may write to it") {
  const TempDir dir;
  require_private_folder(dir.path);
  make_folder(dir / "open", 0777);
  CHECK(error_of([&] { require_private_folder(dir / "open"); }).code == Exit::not_permitted);
  CHECK(error_of([&] { require_private_folder(dir / "gone"); }).code == Exit::not_permitted);
  write_file(dir / "file", "", 0600);
  CHECK(error_of([&] { require_private_folder(dir / "file"); }).code == Exit::not_permitted);
}

TEST_CASE("a program is found on the absolute folders of PATH only") {
  const TempDir dir;
  make_folder(dir / "a", 0755);
  make_folder(dir / "b", 0755);
  make_program(dir / "a/certo-dns-x", 0644);
  make_program(dir / "b/certo-dns-x", 0755);
  CHECK(in_child([&] {
          ::setenv("PATH", (":.:" + dir / "a" + ":" + dir / "b").c_str(), 1);
          if (::chdir((dir / "b").c_str()) != 0) return 1;
          if (find_program("certo-dns-x") != dir / "b/certo-dns-x") return 2;
          if (find_program("certo-dns-y") || find_program("") || find_program("../b/certo-dns-x")) return 3;
          ::unsetenv("PATH");
          return find_program("sh") ? 0 : 4;
        }) == 0);
}
