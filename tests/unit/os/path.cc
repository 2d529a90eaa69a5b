#include "os/path.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "fixtures/support.h"
#include "os/file.h"

using namespace certo;
using namespace certo::test;

TEST_CASE("a plain path has no dots, and no slashes that say nothing") {
  const std::pair<const char*, const char*> cases[] = {
      {"/a/b", "/a/b"}, {"/a//b/", "/a/b"},   {"/a/./b/.", "/a/b"}, {"/a/../b", "/b"},
      {"/../a", "/a"},  {"/", "/"},           {"//", "/"},          {"a/../b", "b"},
      {"a/..", "."},    {"./", "."},          {"../a/..", ".."},    {"../../a", "../../a"},
      {"", ""},         {"/a/...", "/a/..."}, {"..", ".."},
  };
  for (const auto& [path, plain] : cases) CHECK(os::plain_path(path) == plain);
}

TEST_CASE("an absolute path begins at the working folder, and does not follow links") {
  const std::string here = os::real_path(".").value();
  CHECK(os::absolute_path("a/../b/") == here + "/b");
  CHECK(os::absolute_path(".") == here);
  CHECK(os::absolute_path("/x/../y") == "/y");
  CHECK(os::absolute_path("").empty());
}

TEST_CASE("the real path follows links; there is none if a link leads nowhere") {
  const TempDir dir;
  const std::string root = os::real_path(dir.path).value();
  os::make_folder(root + "/folder", 0755);
  os::write_file(root + "/folder/file", "", 0644);
  REQUIRE(::symlink("folder", (root + "/link").c_str()) == 0);
  REQUIRE(::symlink("nowhere", (root + "/broken").c_str()) == 0);
  CHECK(os::real_path(root + "/link/./file") == root + "/folder/file");
  CHECK_FALSE(os::real_path(root + "/broken"));
  CHECK(os::is_folder(root + "/link"));
  CHECK_FALSE(os::is_folder(root + "/folder/file"));
  CHECK_FALSE(os::is_folder(root + "/broken"));
}
