#include <doctest/doctest.h>

#include <filesystem>

#include "fixtures/store_shelf.h"
#include "store/orders.h"

using namespace certo;
using namespace certo::store;
using namespace certo::test;

namespace {

constexpr const char* first_url = "https://ca.example/order/1";
constexpr const char* second_url = "https://ca.example/order/2";
constexpr const char* third_url = "https://ca.example/order/3";

}  // namespace

TEST_CASE("an order of a pipe is kept and found by its URL") {
  const Shelf shelf;
  CHECK_FALSE(kept_order(shelf.home, first_url));
  keep_order(shelf.home, make_order(first_url));
  const auto kept = kept_order(shelf.home, first_url);
  REQUIRE(kept);
  CHECK(kept->account == "https://ca.example/acct/1");
  CHECK_FALSE(kept_order(shelf.home, second_url));
  const auto files = os::list_folder(shelf.home.orders());
  REQUIRE(files.size() == 1);
  CHECK(files[0].size() == 32 + 5);
  CHECK(mode_of(shelf.home.orders() + "/" + files[0]) == 0600);
}

TEST_CASE("a kept order that is damaged or another's counts as none") {
  const Shelf shelf;
  keep_order(shelf.home, make_order(first_url));
  const std::string path = shelf.home.orders() + "/" + os::list_folder(shelf.home.orders())[0];
  keep_order(shelf.home, make_order(second_url));
  std::filesystem::remove(path);
  const std::string other = shelf.home.orders() + "/" + os::list_folder(shelf.home.orders())[0];
  std::filesystem::rename(other, path);
  CHECK_FALSE(kept_order(shelf.home, first_url));
  os::write_file(path, "{", 0600);
  CHECK_FALSE(kept_order(shelf.home, first_url));
}

TEST_CASE("forgetting an order forgets those that expired over a week ago") {
  const Shelf shelf;
  const Time now = certo::now();
  keep_order(shelf.home, make_order(first_url, rfc3339(now)));
  keep_order(shelf.home, make_order(second_url, rfc3339(now - std::chrono::days(6))));
  keep_order(shelf.home, make_order(third_url, rfc3339(now - std::chrono::days(8))));
  forget_order(shelf.home, first_url);
  CHECK_FALSE(kept_order(shelf.home, first_url));
  CHECK(kept_order(shelf.home, second_url));
  CHECK_FALSE(kept_order(shelf.home, third_url));
}

TEST_CASE("an order without an end is forgotten when its file is old") {
  const Shelf shelf;
  os::make_folder(shelf.home.orders(), 0700);
  for (const char* name : {"/old.json", "/new.json"}) os::write_file(shelf.home.orders() + name, "{}", 0600);
  std::filesystem::last_write_time(shelf.home.orders() + "/old.json",
                                   std::filesystem::file_time_type::clock::now() - std::chrono::days(40));
  forget_order(shelf.home, first_url);
  CHECK(os::list_folder(shelf.home.orders()) == std::vector<std::string>{"new.json"});
}
