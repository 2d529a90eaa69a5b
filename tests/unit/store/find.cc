// Which certificates of the store are for a name.
#include "store/find.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "fixtures/store_shelf.h"
#include "os/quick.h"

using namespace certo;
using namespace certo::store;
using namespace certo::test;

namespace {

using Names = std::vector<std::string>;

void put(const Home& home, const std::string& name, const std::string& identifiers) {
  const std::string folder = home.certs() + "/" + name;
  os::make_folder(folder, 0700);
  os::write_file(
      folder + "/request.json",
      R"({"certo":"request/1","identifiers":[)" + identifiers +
          R"(],"key_type":"ec-256","directory":"https://ca.example/directory","account":"default",)"
          R"("way":{"method":"standalone"}})",
      0600);
}

/// As a search through all requests finds it.
Names holders(const Home& home, const std::string& value, const Names& among) {
  Names names;
  find_entry(home, among, [&](const std::string& name, const Request& request) {
    for (const crypto::Identifier& one : request.identifiers)
      if (one.value == value) names.push_back(name);
    return false;
  });
  return names;
}

}  // namespace

TEST_CASE("no certificate for a name is overlooked, however a person wrote the name") {
  const Shelf shelf;
  put(shelf.home, "a10", R"("one.example")");
  put(shelf.home, "a2", R"("ONE.example.", "two.example")");
  put(shelf.home, "a3", R"("one\u002eexample")");
  put(shelf.home, "a4", R"("*.two.example","b\u00fccher.example")");
  put(shelf.home, "a5", "\"bücher.example\"");
  put(shelf.home, "a6", R"("2001:DB8:0::1")");
  put(shelf.home, "a7", R"("192.0.2.7")");
  put(shelf.home, ".hidden", R"("one.example")");
  os::make_folder(shelf.home.certs() + "/empty", 0700);
  os::write_file(shelf.home.certs() + "/file", "", 0600);
  for (const std::string value : {"one.example", "two.example", "*.two.example", "xn--bcher-kva.example",
                                  "2001:db8::1", "192.0.2.7", "none.example"}) {
    CAPTURE(value);
    CHECK(holders(shelf.home, value, mentioning(shelf.home, {value})) ==
          holders(shelf.home, value, entries(shelf.home)));
  }
  CHECK(holders(shelf.home, "one.example", mentioning(shelf.home, {"one.example"})) ==
        Names{"a2", "a3", "a10"});
  const Names seven = mentioning(shelf.home, {"192.0.2.7", "none.example"});
  CHECK(std::ranges::find(seven, "a7") != seven.end());
  CHECK(std::ranges::find(seven, "a10") == seven.end());
}

TEST_CASE("a request that others can write is not found") {
  const Shelf shelf;
  put(shelf.home, "a", R"("one.example")");
  REQUIRE(::chmod((shelf.home.certs() + "/a/request.json").c_str(), 0666) == 0);
  CHECK(holders(shelf.home, "one.example", mentioning(shelf.home, {"one.example"})).empty());
}

TEST_CASE("folders are listed without what is in them, or with it") {
  const TempDir dir;
  os::make_folder(dir / "all/a", 0700);
  os::make_folder(dir / "all/b", 0700);
  os::write_file(dir / "all/b/inner", "", 0600);
  os::write_file(dir / "all/file", "", 0600);
  REQUIRE(::symlink("b", (dir / "all/link").c_str()) == 0);
  const auto sorted = [](Names names) {
    std::ranges::sort(names);
    return names;
  };
  CHECK(sorted(os::list_folders(dir / "all")) == Names{"a", "b"});
  CHECK(sorted(os::list_folders(dir / "all", "inner")) == Names{"b", "link"});
  CHECK(os::list_folders(dir / "none").empty());
  CHECK(error_of([&] { os::list_folders(dir / "all/file"); }).code == Exit::bad_input);
}
