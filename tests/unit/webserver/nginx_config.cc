#include "webserver/nginx_config.h"

#include <doctest/doctest.h>

#include "fixtures/support.h"
#include "os/file.h"

using namespace certo;
using namespace certo::test;
using webserver::Found;
using webserver::NginxConfig;

namespace {

struct Folder {
  TempDir temporary;

  void put(const std::string& name, const std::string& text) const {
    os::make_folder((temporary / name).substr(0, (temporary / name).rfind('/')), 0755);
    os::write_file(temporary / name, text, 0644);
  }
  NginxConfig read() const { return NginxConfig(temporary / "nginx.conf"); }
  /// The names of the directives in http, in order.
  std::string in_http() const {
    const NginxConfig config = read();
    std::string names;
    config.each([&](const Found& top) {
      if (top.is("http")) config.each_in(top, [&](const Found& found) { names += found.word(0) + " "; });
    });
    return names;
  }
  std::string refusal() const {
    std::string message = error_of([&] { read(); }).message;
    for (size_t at; (at = message.find(temporary.path + "/")) != std::string::npos;)
      message.erase(at, temporary.path.size() + 1);
    return message;
  }
};

}  // namespace

TEST_CASE("includes are expanded where they stand, relative to the folder of the main file") {
  const Folder folder;
  folder.put("nginx.conf", "include modules/*.conf; http { a; include sites/*; z; }");
  folder.put("sites/b2", "b2; include snippets/one.conf;");
  folder.put("sites/B1", "B1;");
  folder.put("sites/.hidden", "hidden;");
  folder.put("snippets/one.conf", "one;");
  CHECK(folder.in_http() == "a B1 b2 one z ");
  CHECK(folder.read().files().size() == 4);
}

TEST_CASE("a quoted include, an absolute one, and one file twice") {
  const Folder folder;
  folder.put("nginx.conf", "http { 'include' \"a.conf\"; include " + folder.temporary / "a.conf" + "; }");
  folder.put("a.conf", "# nothing but a comment\nx;");
  CHECK(folder.in_http() == "x x ");
  CHECK(folder.read().files().size() == 2);
}

TEST_CASE("a pattern that matches nothing is fine, a missing file is not") {
  const Folder folder;
  folder.put("nginx.conf", "http {\n include sites/*.conf;\n}");
  CHECK(folder.in_http().empty());
  folder.put("nginx.conf", "http {\n include a.conf;\n}");
  CHECK(folder.refusal().starts_with("nginx.conf:2: a.conf: "));
}

TEST_CASE("blocks of data, of stream and of upstream are not entered") {
  const Folder folder;
  folder.put("nginx.conf",
             "stream { include no; } http { map $a $b { include no; } upstream u { include no; } x; }");
  CHECK(folder.in_http() == "map upstream x ");
}

TEST_CASE("a fault in an included file has that file's name and line") {
  const Folder folder;
  folder.put("nginx.conf", "http { include a.conf; }");
  folder.put("a.conf", "server {\n location / {\n }\n");
  CHECK(folder.refusal() == "a.conf:1: the block that begins there has no '}'");
}

TEST_CASE("files that include each other are named") {
  const Folder folder;
  folder.put("nginx.conf", "http { include a.conf; }");
  folder.put("a.conf", "include b*.conf;");
  folder.put("b.conf", "include a.conf;");
  CHECK(folder.refusal() ==
        "the files include each other in a circle: a.conf includes b.conf includes a.conf");
  folder.put("nginx.conf", "include nginx.conf;");
  CHECK(folder.refusal() == "the files include each other in a circle: nginx.conf includes nginx.conf");
}

TEST_CASE("long chains of files and files that double are bounded") {
  const Folder folder;
  folder.put("nginx.conf", "http { include 0; }");
  for (int i = 0; i < 60; ++i) folder.put(std::to_string(i), "include " + std::to_string(i + 1) + ";");
  CHECK(folder.refusal().find("more than 50 files include each other") != std::string::npos);

  const Folder doubling;
  doubling.put("nginx.conf", "http { include 0; }");
  for (int i = 0; i < 30; ++i) {
    const std::string next = "include " + std::to_string(i + 1) + ";";
    doubling.put(std::to_string(i), next + next);
  }
  doubling.put("30", "x;");
  CHECK(error_of([&] { doubling.in_http(); }).message.find("more than a million times") != std::string::npos);
}

TEST_CASE("a link to /dev/null is an empty file") {
  const Folder folder;
  folder.put("nginx.conf", "http { include off; x; }");
  CHECK(::symlink("/dev/null", (folder.temporary / "off").c_str()) == 0);
  CHECK(folder.in_http() == "x ");
}

TEST_CASE("what is not a regular file is refused") {
  const Folder folder;
  folder.put("nginx.conf", "http { include " + folder.temporary / "fifo" + "; }");
  CHECK(::mkfifo((folder.temporary / "fifo").c_str(), 0600) == 0);
  CHECK(error_of([&] { folder.read(); }).code == Exit::bad_input);
}
