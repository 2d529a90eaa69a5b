#include "os/file.h"

#include <fcntl.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include "fixtures/support.h"
#include "os/random.h"

using namespace certo;
using namespace certo::os;
using namespace certo::test;

TEST_CASE("a file gets its exact mode, whatever the umask") {
  const TempDir dir;
  CHECK(in_child([&] {
          ::umask(0777);
          write_file(dir / "key", "secret", 0600);
          ::umask(0);
          write_file(dir / "cert", "public", 0644);
          return 0;
        }) == 0);
  CHECK(mode_of(dir / "key") == 0600);
  CHECK(mode_of(dir / "cert") == 0644);
  CHECK(read_file(dir / "key") == "secret");
}

TEST_CASE("a file is replaced as a whole, and no temporary stays") {
  const TempDir dir;
  write_file(dir / "a", "old content", 0600);
  const auto before = fingerprint(dir / "a");
  write_file(dir / "a", "new", 0600);
  CHECK(read_file(dir / "a") == "new");
  CHECK(fingerprint(dir / "a") != before);
  CHECK(list_folder(dir.path) == std::vector<std::string>{"a"});
}

TEST_CASE("a write that fails leaves the old content and no temporary") {
  const TempDir dir;
  write_file(dir / "a", "old", 0600);
  CHECK(in_child([&] {
          ::signal(SIGXFSZ, SIG_IGN);
          const rlimit small{4096, 4096};
          ::setrlimit(RLIMIT_FSIZE, &small);
          return error_of([&] { write_file(dir / "a", std::string(100000, 'x'), 0600); }).code ==
                         Exit::cannot_write
                     ? 0
                     : 1;
        }) == 0);
  CHECK(read_file(dir / "a") == "old");
  CHECK(list_folder(dir.path).size() == 1);
}

TEST_CASE("a full disk is reported with a hint") {
  const Fd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  REQUIRE(full);
  const Error error = error_of([&] { write_all(full.get(), "x", "stdout"); });
  CHECK(error.code == Exit::cannot_write);
  CHECK(error.message == "stdout: cannot be written: no space left on device");
  CHECK(error.hint.find("full") != std::string::npos);
}

TEST_CASE("a closed pipe is an error, not the end of the process") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const Fd writer(ends[1]);
  Fd(ends[0]).reset();
  CHECK(error_of([&] { write_all(writer.get(), "x", "stdout"); }).code == Exit::cannot_write);
}

TEST_CASE("a link is replaced, and its target is not written to") {
  const TempDir dir;
  write_file(dir / "victim", "untouched", 0600);
  REQUIRE(::symlink("victim", (dir / "link").c_str()) == 0);
  write_file(dir / "link", "new", 0600);
  CHECK(read_file(dir / "victim") == "untouched");
  CHECK_FALSE(read_link(dir / "link"));
}

TEST_CASE("devices, pipes and folders are not replaced by a file") {
  const TempDir dir;
  REQUIRE(::symlink("/dev/null", (dir / "null").c_str()) == 0);
  REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
  for (const std::string& path : {dir / "null", dir / "fifo", dir.path}) {
    CAPTURE(path);
    CHECK(error_of([&] { write_file(path, "x", 0600); }).code == Exit::cannot_write);
  }
  CHECK(read_link(dir / "null") == "/dev/null");
}

TEST_CASE("a folder that is missing is an error that names the file") {
  const TempDir dir;
  const Error error = error_of([&] { write_file(dir / "no/a", "x", 0600); });
  CHECK(error.code == Exit::cannot_write);
  CHECK(error.message == dir / "no/a" + ": cannot be written: no such file or directory");
}

TEST_CASE("reading refuses a file that is too long, a folder, and a FIFO without a writer") {
  const TempDir dir;
  write_file(dir / "a", "12345", 0600);
  REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
  CHECK(read_file(dir / "a", 5) == "12345");
  CHECK(error_of([&] { read_file(dir / "a", 4); }).code == Exit::bad_input);
  CHECK(error_of([&] { read_file(dir.path); }).code == Exit::bad_input);
  CHECK(error_of([&] { read_file(dir / "fifo"); }).code == Exit::bad_input);
  CHECK(error_of([&] { read_file(dir / "gone"); }).code == Exit::bad_input);
}

TEST_CASE("a file that is absent is nothing, a dangling link is an error") {
  const TempDir dir;
  CHECK_FALSE(read_file_if(dir / "gone"));
  REQUIRE(::symlink("gone", (dir / "link").c_str()) == 0);
  CHECK(exists(dir / "link"));
  CHECK(error_of([&] { read_file_if(dir / "link"); }).code == Exit::bad_input);
}

TEST_CASE("a descriptor is read to its end, but not beyond the limit") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const Fd reader(ends[0]);
  Fd writer(ends[1]);
  write_all(writer.get(), "abc", "the pipe");
  write_all(writer.get(), "def", "the pipe");
  writer.reset();
  CHECK(read_all(reader.get(), 6, "stdin") == "abcdef");

  REQUIRE(::pipe(ends) == 0);
  const Fd second_reader(ends[0]), second_writer(ends[1]);
  write_all(second_writer.get(), "abc", "the pipe");
  CHECK(error_of([&] { read_all(second_reader.get(), 2, "stdin"); }).message == "stdin: longer than 2 bytes");
}

TEST_CASE("folders are made with their parents, with the exact mode") {
  const TempDir dir;
  CHECK(in_child([&] {
          ::umask(077);
          make_folder(dir / "a/b/c", 0755);
          make_folder(dir / "a/b/c/", 0700);
          return 0;
        }) == 0);
  CHECK(mode_of(dir / "a") == 0755);
  CHECK(mode_of(dir / "a/b/c") == 0755);
  write_file(dir / "file", "", 0600);
  CHECK(error_of([&] { make_folder(dir / "file/x", 0700); }).code == Exit::cannot_write);
  CHECK(error_of([&] { make_folder(dir / "file", 0700); }).code == Exit::cannot_write);
}

TEST_CASE("a tree is removed, but not the targets of its links") {
  const TempDir dir;
  make_folder(dir / "outside", 0700);
  write_file(dir / "outside/kept", "x", 0600);
  make_folder(dir / "tree/deep/er", 0700);
  write_file(dir / "tree/deep/file", "x", 0600);
  REQUIRE(::symlink("../outside", (dir / "tree/link").c_str()) == 0);
  remove_tree(dir / "tree");
  remove_tree(dir / "tree");
  CHECK_FALSE(exists(dir / "tree"));
  CHECK(exists(dir / "outside/kept"));
  REQUIRE(::symlink("outside", (dir / "link").c_str()) == 0);
  remove_tree(dir / "link");
  CHECK_FALSE(exists(dir / "link"));
  CHECK(exists(dir / "outside/kept"));
}

TEST_CASE("a link is switched by one rename") {
  const TempDir dir;
  switch_link(dir / "live", "version-1");
  switch_link(dir / "live", "version-2");
  CHECK(read_link(dir / "live") == "version-2");
  CHECK(list_folder(dir.path) == std::vector<std::string>{"live"});
  CHECK_FALSE(read_link(dir / "gone"));
}

TEST_CASE("files are renamed, listed in order and removed twice without complaint") {
  const TempDir dir;
  for (const char* name : {"b", "a", ".hidden"}) write_file(dir / name, "x", 0600);
  os::rename(dir / "b", dir / "c");
  CHECK(list_folder(dir.path) == std::vector<std::string>{".hidden", "a", "c"});
  remove_file(dir / "c");
  remove_file(dir / "c");
  CHECK_FALSE(exists(dir / "c"));
  CHECK(list_folder(dir / "gone").empty());
  CHECK(error_of([&] { os::rename(dir / "gone", dir / "d"); }).code == Exit::cannot_write);
}

TEST_CASE("a fingerprint changes with the content and follows links") {
  const TempDir dir;
  write_file(dir / "a", "1", 0600);
  REQUIRE(::symlink("a", (dir / "link").c_str()) == 0);
  const auto first = fingerprint(dir / "a");
  REQUIRE(first);
  CHECK(first->size == 1);
  CHECK(fingerprint(dir / "link") == first);
  std::ofstream(dir / "a", std::ios::app) << "2";
  CHECK(fingerprint(dir / "a") != first);
  CHECK_FALSE(fingerprint(dir / "gone"));
}

TEST_CASE("a folder is probed without a trace") {
  const TempDir dir;
  probe_writable(dir.path);
  CHECK(list_folder(dir.path).empty());
  CHECK(error_of([&] { probe_writable(dir / "gone"); }).code == Exit::cannot_write);
}

TEST_CASE("random names have the requested length and differ") {
  CHECK(random_name(6).size() == 12);
  CHECK(random_name(8) != random_name(8));
  CHECK(random_number() != random_number());
}
