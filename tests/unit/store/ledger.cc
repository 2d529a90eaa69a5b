#include "store/ledger.h"

#include <algorithm>
#include <thread>
#include <vector>

#include "fixtures/support.h"
#include "os/file.h"
#include "store/servers.h"

using namespace certo;
using namespace certo::test;
using acme::Limited;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const Time noon = *from_rfc3339("2026-12-01T12:00:00Z");
constexpr const char* directory = "https://ca.example/directory";
constexpr store::LimitRule five_in_ten_hours{Limited::identifier_set, 5, hours(10)};
const store::Bucket names{Limited::identifier_set, "", "a.example,b.example"};

struct Place {
  TempDir temporary;
  store::Home home{temporary / "home"};
  std::string path = home.ca(directory) + "/ledger.json";

  void change(const std::function<void(store::Ledger&)>& act, Time now = noon) const {
    store::change_ledger(home, directory, now, act);
  }
  store::Ledger read(Time now = noon) const { return store::read_ledger(home, directory, now); }
};

}  // namespace

TEST_CASE("a bucket loses a token with each request, and gets one back after each part of its span") {
  const store::LimitRule& rule = five_in_ten_hours;
  CHECK(rule.refill() == hours(2));
  Time full{};
  for (int64_t left = 5; left > 0; --left) {
    CHECK(store::tokens_left(rule, full, noon) == left);
    CHECK(store::next_token(rule, full, noon) == noon);
    full = store::after_taking(rule, full, noon);
  }
  CHECK(full == noon + hours(10));
  CHECK(store::tokens_left(rule, full, noon) == 0);
  CHECK(store::next_token(rule, full, noon) == noon + hours(2));
  CHECK(store::tokens_left(rule, full, noon + hours(2) - Seconds(1)) == 0);
  CHECK(store::tokens_left(rule, full, noon + hours(2)) == 1);
  CHECK(store::tokens_left(rule, full, noon + hours(9)) == 4);
  CHECK(store::tokens_left(rule, full, noon + hours(10)) == 5);
  CHECK(store::after_giving_back(rule, full) == noon + hours(8));
}

TEST_CASE("a bucket that is empty until a time has one token then") {
  const Time full = store::full_if_empty_until(five_in_ten_hours, noon + minutes(7));
  CHECK(store::next_token(five_in_ten_hours, full, noon) == noon + minutes(7));
  CHECK(store::tokens_left(five_in_ten_hours, full, noon + minutes(7)) == 1);
  const store::LimitRule unknown{.kind = Limited::domain};
  CHECK(store::full_if_empty_until(unknown, noon) == noon);
  CHECK(store::tokens_left(unknown, noon, noon - Seconds(1)) == 0);
  CHECK(store::tokens_left(unknown, noon, noon) == 1);
}

TEST_CASE("a token that comes back in a part of a second is counted later, not earlier") {
  CHECK(store::LimitRule{Limited::account, 1500, hours(3)}.refill() == Seconds(8));
  CHECK(store::LimitRule{Limited::account, 300, hours(3)}.refill() == Seconds(36));
}

TEST_CASE("the limits of Let's Encrypt are known, and those of an unknown CA are not") {
  const Place place;
  const auto production = store::limits_of(place.home, "https://acme-v02.api.letsencrypt.org/directory");
  REQUIRE(production.size() == 5);
  CHECK(production[1] == store::LimitRule{Limited::domain, 50, days(7)});
  CHECK(production[2].refill() == minutes(2016));
  CHECK(store::limits_of(place.home, "https://acme-staging-v02.api.letsencrypt.org/directory").size() == 4);
  CHECK(store::limits_of(place.home, directory).empty());
}

TEST_CASE("the user's table adds limits, takes them away, or leaves those that are built in") {
  const Place place;
  os::make_folder(place.home.path(), 0700);
  const auto write = [&](const std::string& members) {
    os::write_file(place.home.path() + "/servers.json",
                   R"({"certo": "servers/1", "servers": [{"name": "letsencrypt",
        "directory": "https://acme-v02.api.letsencrypt.org/directory")" +
                       members + "}]}",
                   0600);
  };
  const auto limits = [&] {
    return store::limits_of(place.home, "https://acme-v02.api.letsencrypt.org/directory");
  };
  write("");  // written for a certo that knew no limits
  CHECK(limits().size() == 5);
  write(R"(, "limits": [])");
  CHECK(limits().empty());
  write(R"(, "limits": [{"limit": "orders-per-account", "count": 2, "span": "1h"},
                        {"limit": "of-a-newer-certo", "count": 2, "span": "1h"}])");
  REQUIRE(limits().size() == 1);
  CHECK(limits()[0] == store::LimitRule{Limited::account, 2, hours(1)});
  for (const char* bad : {R"({"limit": "orders-per-account", "count": 0, "span": "1h"})",
                          R"({"limit": "orders-per-account", "count": 2, "span": "soon"})",
                          R"({"limit": "orders-per-account", "count": 3601, "span": "1h"})"}) {
    CAPTURE(bad);
    write(std::string(R"(, "limits": [)") + bad + "]");
    CHECK(error_of([&] { store::servers(place.home); }).code == Exit::bad_input);
    CHECK(limits().size() == 5);  // the built-in table counts
  }
}

TEST_CASE("a ledger is the same after it was stored, without what is full again") {
  const Place place;
  place.change([](store::Ledger& ledger) {
    ledger.set(names, noon + hours(1));
    ledger.set({Limited::identifier, "https://ca.example/acct/1", "a.example"}, noon + hours(2));
    ledger.set({Limited::account, "https://ca.example/acct/1", ""}, noon - Seconds(1));
    ledger.set({Limited::address, "", ""}, noon + days(1000));  // by a clock that was wrong
  });
  const store::Ledger read = place.read();
  CHECK(read.all().size() == 2);
  CHECK(read.full(names) == noon + hours(1));
  CHECK(store::parse_ledger(to_json(store::to_json(read)), "ledger") == read);
  CHECK(place.read(noon + hours(1)).all().size() == 1);
}

TEST_CASE("what is thrown while the ledger changes leaves it as it was") {
  const Place place;
  place.change([](store::Ledger& ledger) { ledger.set(names, noon + hours(1)); });
  CHECK(error_of([&] {
          place.change([](store::Ledger& ledger) {
            ledger.set(names, noon + hours(5));
            throw Error(Exit::later, "no");
          });
        }).code == Exit::later);
  CHECK(place.read().full(names) == noon + hours(1));
}

TEST_CASE("threads count each request") {
  const Place place;
  const auto take = [&] {
    for (int i = 0; i < 20; ++i)
      place.change([](store::Ledger& ledger) {
        ledger.set(names, store::after_taking({Limited::identifier_set, 100, Seconds(100)},
                                              ledger.full(names), noon));
      });
  };
  { const std::jthread first(take), second(take); }
  CHECK(place.read().full(names) == noon + Seconds(40));
}

TEST_CASE("a damaged ledger is set aside, and its limits count as used for an hour at most") {
  const Place place;
  place.change([](store::Ledger& ledger) { ledger.set(names, noon + hours(1)); });
  for (const char* damage : {"", "{", R"({"certo":"ledger/1"})", R"({"certo":"other/1","used":[]})",
                             R"({"certo":"ledger/1","used":[{"limit":"orders-per-account"}]})"}) {
    CAPTURE(damage);
    os::write_file(place.path, damage, 0600);
    CHECK(place.read().lost == noon);
    place.change([](store::Ledger&) {});
    CHECK(os::read_file(place.path + ".damaged") == damage);
    const store::Ledger ledger = place.read(noon + minutes(1));
    CHECK(ledger.lost == noon);
    CHECK(ledger.next_token(five_in_ten_hours, names, noon + minutes(1)) == noon + hours(1));
    CHECK(ledger.tokens_left(five_in_ten_hours, names, noon + minutes(59)) == 0);
    const store::LimitRule quick{Limited::account, 300, hours(3)};
    CHECK(ledger.next_token(quick, {Limited::account, "x", ""}, noon + minutes(1)) == noon + minutes(1));
    CHECK(place.read(noon + hours(1)).lost == std::nullopt);
  }
}

TEST_CASE("the ledger of a newer certo stays as it is, and nothing is known from it") {
  const Place place;
  os::make_folder(place.home.ca(directory), 0700);
  const std::string newer = R"({"certo":"ledger/2","used":{}})";
  os::write_file(place.path, newer, 0600);
  bool was_called = false;
  place.change([&](store::Ledger& ledger) {
    was_called = true;
    CHECK_FALSE(ledger.lost);
    ledger.set(names, noon + hours(4));
  });
  CHECK(was_called);
  CHECK(os::read_file(place.path) == newer);
  CHECK_FALSE(os::exists(place.path + ".damaged"));
  CHECK(place.read() == store::Ledger{});
}

TEST_CASE("something that is not a file in the ledger's place is set aside as well") {
  const Place place;
  os::make_folder(place.path, 0700);
  place.change([](store::Ledger& ledger) { ledger.set(names, noon + hours(1)); });
  CHECK(place.read().full(names) == noon + hours(1));
}

TEST_CASE("a ledger of too many buckets forgets those that are full first") {
  store::Ledger ledger;
  for (int i = 0; i < 20100; ++i) ledger.set({Limited::domain, "", std::to_string(i)}, noon + Seconds(1 + i));
  ledger.trim(noon);
  CHECK(ledger.all().size() == 20000);
  CHECK(ledger.full({Limited::domain, "", "99"}) == Time{});
  CHECK(ledger.full({Limited::domain, "", "100"}) == noon + Seconds(101));
}

TEST_CASE("what was counted by a clock that was ahead is set back with it") {
  const Place place;
  const Time ahead = noon + days(20);
  place.change([&](store::Ledger& ledger) { ledger.set(names, ahead + hours(10)); }, ahead);
  CHECK(place.read(ahead).tokens_left(five_in_ten_hours, names, ahead) == 0);
  CHECK(place.read().full(names) == noon + hours(10));
  CHECK(place.read().next_token(five_in_ten_hours, names, noon) == noon + hours(2));
  // The next change stores it so.
  place.change([&](store::Ledger& ledger) { ledger.set(names, ledger.full(names) + hours(1)); });
  CHECK(place.read(noon + minutes(1)).full(names) == noon + hours(11));
}
