#include <doctest/doctest.h>

#include "fixtures/support.h"
#include "os/file.h"
#include "store/presented.h"

using namespace certo;
using namespace certo::store;
using namespace certo::test;

namespace {

const std::vector<DnsRecord> two_records = {{"_acme-challenge.example.com", "one"},
                                            {"_acme-challenge.example.com", "two"}};

struct Fixture {
  TempDir temporary;
  Home home{temporary / "home"};

  Way way() const {
    Dns way;
    way.provider = "exec:/bin/true";
    return way;
  }
  std::vector<std::string> files() const { return os::list_folder(home.presented()); }
  /// A run that presents records and dies.
  void die_with(const std::vector<DnsRecord>& records, bool keep = false) const {
    in_child([&] {
      Presented presented(home, way());
      presented.add(records);
      if (keep) presented.keep();
      ::_exit(0);
      return 0;
    });
  }
};

}  // namespace

TEST_CASE("a run that ends well leaves no journal") {
  const Fixture f;
  {
    Presented presented(f.home, f.way());
    CHECK(f.files().size() == 2);
    presented.add(two_records);
    presented.remove_all();
    CHECK(f.files().size() == 1);  // the lock, so that a second round is still ours
    presented.add(two_records);
    CHECK(Presented::left_over(f.home, now()).empty());
    presented.remove_all();
  }
  CHECK(f.files().empty());
}

TEST_CASE("records that were never added leave the journal, and the others stay in it") {
  const Fixture f;
  Presented presented(f.home, f.way());
  presented.add(two_records);
  presented.drop({two_records[0]});
  REQUIRE(presented.records().size() == 1);
  CHECK(presented.records()[0].value == two_records[1].value);
  presented.drop(two_records);
  CHECK(f.files().size() == 1);  // the lock
}

TEST_CASE("what a crash left is found once, by one") {
  const Fixture f;
  f.die_with(two_records);
  {
    std::vector<Presented> left = Presented::left_over(f.home, now());
    REQUIRE(left.size() == 1);
    CHECK(left[0].way() == f.way());
    REQUIRE(left[0].records().size() == 2);
    CHECK(left[0].records()[1].value == "two");
    CHECK(Presented::left_over(f.home, now()).empty());  // another run at the same time
  }
  {
    // It could not be removed, so the next run finds it.
    std::vector<Presented> left = Presented::left_over(f.home, now());
    REQUIRE(left.size() == 1);
    left[0].remove_all();
  }
  CHECK(f.files().empty());
}

TEST_CASE("a live run's journal is not left over") {
  const Fixture f;
  Presented presented(f.home, f.way());
  presented.add(two_records);
  CHECK(Presented::left_over(f.home, now()).empty());
  Presented moved(std::move(presented));
  CHECK(Presented::left_over(f.home, now()).empty());
  CHECK(moved.records().size() == 2);
  moved.remove_all();
}

TEST_CASE("a crash between the steps of a journal leaves nothing behind for long") {
  const Fixture f;
  os::make_folder(f.home.presented(), 0700);
  os::write_file(f.home.presented() + "/0a.lock", "", 0600);  // before the journal, or after it
  f.die_with({});                                             // before anything was presented
  CHECK(f.files().size() == 3);
  CHECK(Presented::left_over(f.home, now()).empty());
  CHECK(f.files().empty());
}

TEST_CASE("a journal says which file was made") {
  const Fixture f;
  in_child([&] {
    Presented presented(f.home, f.way());
    presented.add(PresentedFile{"/srv/www", "token-a", 0});
    presented.add(PresentedFile{"/srv/www", "token-b", 0});
    presented.made(PresentedFile{"/srv/www", "token-b", UINT64_MAX});
    ::_exit(0);
    return 0;
  });
  std::vector<Presented> left = Presented::left_over(f.home, now());
  REQUIRE(left.size() == 1);
  REQUIRE(left[0].files().size() == 2);
  CHECK(left[0].files()[0].inode == 0);
  CHECK(left[0].files()[1].inode == UINT64_MAX);
  CHECK(left[0].files()[1].name == "token-b");
}

TEST_CASE("records that stay on purpose are not left over, and forgotten when they were removed") {
  const Fixture f;
  f.die_with(two_records, true);
  CHECK(Presented::left_over(f.home, now()).empty());
  Presented::forget_kept(f.home, {two_records[0]});
  CHECK(f.files().size() == 2);
  Presented::forget_kept(f.home, {two_records[1]});
  CHECK(f.files().empty());
}

TEST_CASE("removing kept records forgets no journal of a crash") {
  const Fixture f;
  f.die_with(two_records);
  Presented::forget_kept(f.home, two_records);
  CHECK(Presented::left_over(f.home, now()).size() == 1);
}

TEST_CASE("a damaged journal stays and does not hide the others") {
  const Fixture f;
  f.die_with(two_records);
  for (const char* content : {"", "{}", R"({"certo":"presented/2"})"}) {
    os::write_file(f.home.presented() + "/00.json", content, 0600);
    CHECK(Presented::left_over(f.home, now()).size() == 1);
    CHECK(os::exists(f.home.presented() + "/00.json"));
  }
}

TEST_CASE("in a store without presented records, nothing is left over") {
  const Fixture f;
  CHECK(Presented::left_over(f.home, now()).empty());
  CHECK_FALSE(os::exists(f.home.path()));
}

TEST_CASE("a removal that fails is tried again after a time that grows to a day") {
  const Fixture f;
  f.die_with(two_records);
  const Time start = now();
  Time at = start;
  std::vector<long long> minutes;
  for (int i = 0; i < 10; ++i) {
    std::vector<Presented> left = Presented::left_over(f.home, at);
    REQUIRE(left.size() == 1);
    const Time again = left[0].postpone(at);
    minutes.push_back(std::chrono::duration_cast<Seconds>(again - at).count() / 60);
    left.clear();
    CHECK(Presented::left_over(f.home, again - Seconds(1)).empty());
    at = again;
  }
  CHECK(minutes == std::vector<long long>{10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440});
  CHECK(Presented::left_over(f.home, start - Seconds(100000)).size() == 1);  // the clock was set back
}

TEST_CASE("the journals forget what a person names") {
  const Fixture f;
  f.die_with(two_records);
  f.die_with({{"_acme-challenge.other.example", "x"}}, true);
  CHECK(Presented::names(f.home) ==
        std::set<std::string>{"_acme-challenge.example.com", "_acme-challenge.other.example"});
  CHECK(Presented::forget(f.home, "example.com") == 0);
  CHECK(Presented::forget(f.home, "_acme-challenge.example.com") == 2);
  CHECK(Presented::forget(f.home, "_acme-challenge.other.example") == 1);
  CHECK(f.files().empty());
}
