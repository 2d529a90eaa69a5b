#include "renew/slots.h"

#include <chrono>

#include "fixtures/support.h"
#include "os/file.h"
#include "store/account.h"

using namespace certo;
using namespace certo::test;
using std::chrono::hours;

namespace {

const Time noon = *from_rfc3339("2026-12-01T12:00:00Z");
constexpr const char* directory = "https://ca.example/directory";

struct Place {
  TempDir temporary;
  store::Home home{temporary / "home"};

  Place() {
    os::make_folder(home.path(), 0700);
    os::write_file(home.path() + "/servers.json",
                   R"({"certo": "servers/1", "servers": [{"name": "ca", "directory": ")" +
                       std::string(directory) +
                       R"(", "limits": [{"limit": "orders-per-account", "count": 2, "span": "2h"}]}]})",
                   0600);
    store::AccountFolder(home, directory).save({.url = "https://ca.example/acct/1", .status = "valid"});
  }
};

store::Request request_for(const std::string& name) {
  store::Request request;
  request.identifiers = crypto::identifiers({name});
  request.directory = directory;
  return request;
}

}  // namespace

TEST_CASE("what is due gets one slot after the other, and nothing is stored") {
  const Place place;
  renew::Slots slots(place.home, noon);
  CHECK(!slots.place(request_for("a.example"), {}));
  CHECK(!slots.place(request_for("b.example"), {}));
  for (int hour = 1; hour <= 3; ++hour) {
    const auto shortage = slots.place(request_for("c" + std::to_string(hour) + ".example"), {});
    REQUIRE(shortage);
    CHECK(shortage->opens == noon + hours(hour));
    CHECK(renew::sentence(*shortage) == "the CA limits new orders of this account to 2 in 2 h");
  }
  CHECK(!renew::Slots(place.home, noon).place(request_for("a.example"), {}));
}

TEST_CASE("renewals of the same names, and those in the CA's window, need no slot") {
  const Place place;
  renew::Slots slots(place.home, noon);
  store::Status same;
  same.live = store::LiveFingerprint{};
  same.wishes = store::digest(request_for("a.example"));
  store::Status in_window;
  in_window.live = store::LiveFingerprint{};
  in_window.window_start = noon - hours(1);
  in_window.window_end = noon + hours(1);
  for (int i = 0; i < 5; ++i) {
    CHECK(!slots.place(request_for("a.example"), same));
    CHECK(!slots.place(request_for("b.example"), in_window));
  }
  CHECK(!slots.place(request_for("c.example"), {}));
  CHECK(!slots.place(request_for("c.example"), {}));
  CHECK(slots.place(request_for("c.example"), {}));
}

TEST_CASE("an account that does not exist yet is made once") {
  const Place place;
  os::remove_tree(place.home.accounts(directory));
  os::write_file(place.home.path() + "/servers.json",
                 R"({"certo": "servers/1", "servers": [{"name": "ca", "directory": ")" +
                     std::string(directory) +
                     R"(", "limits": [{"limit": "accounts-per-address", "count": 1, "span": "2h"}]}]})",
                 0600);
  renew::Slots slots(place.home, noon);
  CHECK(!slots.place(request_for("a.example"), {}));
  CHECK(!slots.place(request_for("b.example"), {}));
  store::Request other = request_for("c.example");
  other.account = "other";
  CHECK(slots.place(other, {}));
}

TEST_CASE("a certificate with several CAs does not wait for one of them") {
  const Place place;
  renew::Slots slots(place.home, noon);
  store::Request request = request_for("a.example");
  request.fallbacks = {"https://other.example/directory"};
  for (int i = 0; i < 5; ++i) CHECK(!slots.place(request, {}));
}

TEST_CASE("a CA without known limits leaves every slot") {
  const Place place;
  renew::Slots slots(place.home, noon);
  store::Request request = request_for("a.example");
  request.directory = "https://other.example/directory";
  for (int i = 0; i < 5; ++i) CHECK(!slots.place(request, {}));
}
