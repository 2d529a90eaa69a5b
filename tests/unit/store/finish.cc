#include <doctest/doctest.h>

#include <functional>

#include "base/text.h"
#include "fixtures/store_shelf.h"

using namespace certo;
using namespace certo::test;
using std::chrono::days;

namespace {

const Pair& older() {
  static const Pair pair = make_pair(test_time + days(30));
  return pair;
}
const Pair& newer() {
  static const Pair pair = make_pair(test_time + days(90));
  return pair;
}

constexpr const char* order_url = "https://ca.example/order/2";
constexpr const char* left_version = "20991231T235959Z-00000001";

/// What a renewal writes, one step after the other, done by hand.
std::vector<std::function<void()>> steps_of_a_renewal(const Shelf& shelf) {
  const auto write = [&shelf](const char* name, const std::string& text) {
    return [&shelf, name, text] { os::write_file(shelf / name, text, 0600); };
  };
  const std::span chain(newer().chain);
  return {
      [&shelf] { shelf.entry.save_next_key(newer().key); },
      [&shelf] { shelf.entry.save_next_order(make_order(order_url)); },
      write("next/cert.pem", crypto::pem(chain.first(1))),
      write("next/chain.pem", crypto::pem(chain.subspan(1))),
      write("next/fullchain.pem", crypto::pem(chain)),
      [&shelf] { os::rename(shelf / "next", shelf / left_version); },
      [&shelf] { os::switch_link(shelf / "live", left_version); },
      [&shelf] { os::remove_file(shelf / left_version + "/order.json"); },
  };
}

constexpr size_t steps_until_complete = 5;
constexpr size_t steps_until_live = 7;

}  // namespace

TEST_CASE("a finished certificate is live, with its key and nothing of its order") {
  const Shelf shelf;
  shelf.entry.save_next_key(newer().key);
  shelf.entry.save_next_order(make_order(order_url));
  const store::Live live = shelf.entry.finish(newer().chain);

  CHECK(shelf.is_live(newer()));
  CHECK(live.folder == shelf / live.version);
  CHECK(live.version.ends_with("-1c22aa07"));
  CHECK(os::read_link(shelf / "live") == live.version);
  CHECK(os::list_folder(live.folder) ==
        std::vector<std::string>{"cert.pem", "chain.pem", "fullchain.pem", "key.pem"});
  CHECK(os::read_file(live.folder + "/fullchain.pem") ==
        os::read_file(live.folder + "/cert.pem") + os::read_file(live.folder + "/chain.pem"));
  CHECK(mode_of(live.folder) == 0700);
  CHECK(mode_of(live.folder + "/key.pem") == 0600);
  CHECK_FALSE(os::exists(shelf / "next"));
}

TEST_CASE("power may fail after any step of a renewal, and the next run completes it") {
  for (size_t done = 0; done <= steps_until_live + 1; ++done) {
    CAPTURE(done);
    const Shelf shelf;
    shelf.finish(older());
    const auto steps = steps_of_a_renewal(shelf);
    for (size_t step = 0; step < done; ++step) steps[step]();

    // Readers of the live pair see the old one or the new one.
    CHECK(shelf.is_live(done < steps_until_live ? older() : newer()));

    const bool is_left_complete = done >= steps_until_complete && done < steps_until_live;
    CHECK(shelf.entry.adopt() == is_left_complete);
    CHECK_FALSE(shelf.entry.adopt());
    if (done >= steps_until_complete) {
      CHECK(shelf.is_live(newer()));
      CHECK_FALSE(os::exists(shelf / "next"));
      CHECK_FALSE(shelf.entry.next_order());
      continue;
    }

    // The run continues with the key and the order that it finds.
    CHECK(shelf.is_live(older()));
    CHECK(shelf.entry.next_key().has_value() == (done >= 1));
    CHECK(shelf.entry.next_order().has_value() == (done >= 2));
    shelf.finish(newer());
    CHECK(shelf.is_live(newer()));
  }
}

TEST_CASE("the rest of an interrupted write is removed with the next certificate") {
  const Shelf shelf;
  shelf.entry.save_next_key(newer().key);
  os::write_file(shelf / ".status.json.tmp-0a0b0c0d0e0f", "{", 0600);
  os::write_file(shelf / "next/.key.pem.tmp-0a0b0c0d0e0f", "half a key", 0600);
  const store::Live live = shelf.entry.finish(newer().chain);
  CHECK_FALSE(os::exists(shelf / ".status.json.tmp-0a0b0c0d0e0f"));
  CHECK_FALSE(os::exists(live.folder + "/.key.pem.tmp-0a0b0c0d0e0f"));
}

TEST_CASE("a chain for another key is a bug, and nothing changes") {
  const Shelf shelf;
  shelf.finish(older());
  CHECK(error_of([&] { shelf.entry.finish(newer().chain); }).code == Exit::bug);  // no key at all
  shelf.entry.save_next_key(older().key);
  CHECK(error_of([&] { shelf.entry.finish(newer().chain); }).code == Exit::bug);
  CHECK(shelf.is_live(older()));
  CHECK(shelf.versions().size() == 1);
}

TEST_CASE("a certificate that expires earlier replaces none unless told") {
  const Shelf shelf;
  shelf.finish(newer());
  CHECK(error_of([&] { shelf.finish(older()); }).code == Exit::failed);
  CHECK(shelf.is_live(newer()));
  CHECK_FALSE(os::exists(shelf / "next/fullchain.pem"));
  shelf.finish(older(), true);
  CHECK(shelf.is_live(older()));
}

TEST_CASE("the same certificate twice in one second makes two versions") {
  const Shelf shelf;
  const store::Live first = shelf.finish(newer());
  const store::Live second = shelf.finish(newer());
  CHECK(first.version < second.version);
  CHECK(shelf.is_live(newer()));
}

TEST_CASE("a version is newer than those before it although the clock was set back") {
  const Shelf shelf;
  shelf.put_version("20990101T000000Z-00000001", older());
  os::switch_link(shelf / "live", "20990101T000000Z-00000001");
  const store::Live live = shelf.finish(newer());
  CHECK(live.version.starts_with("20990101T000001Z-"));
}

TEST_CASE("three versions are kept, the live one among them") {
  const Shelf shelf;
  const std::string first = shelf.finish(newer()).version;
  for (int i = 0; i < 3; ++i) shelf.finish(newer());
  CHECK(shelf.versions().size() == 3);
  CHECK_FALSE(os::exists(shelf / first));

  // Rolled back by hand to the oldest, which a later adoption must not take away.
  const std::vector<std::string> kept = shelf.versions();
  os::switch_link(shelf / "live", kept.front());
  shelf.finish(newer());
  CHECK(shelf.versions() == std::vector{kept[1], kept[2], *os::read_link(shelf / "live")});
}

TEST_CASE("a version older than the live one is never adopted") {
  const Shelf shelf;
  shelf.finish(older());
  shelf.put_version("20200101T000000Z-00000001", newer());
  CHECK_FALSE(shelf.entry.adopt());
  CHECK(shelf.is_live(older()));
}

TEST_CASE("a version that expires before the live one is not adopted") {
  const Shelf shelf;
  shelf.finish(newer());
  shelf.put_version(left_version, older());
  CHECK_FALSE(shelf.entry.adopt());

  shelf.entry.save_next_key(older().key);
  os::write_file(shelf / "next/fullchain.pem", crypto::pem(std::span(older().chain)), 0644);
  CHECK_FALSE(shelf.entry.adopt());
  CHECK(shelf.is_live(newer()));
}

TEST_CASE("a version whose key does not belong to its chain is not adopted") {
  const Shelf shelf;
  shelf.finish(older());
  shelf.put_version(left_version, newer());
  os::write_file(shelf / left_version + "/key.pem", older().key.pkcs8_pem(), 0600);
  CHECK_FALSE(shelf.entry.adopt());

  shelf.entry.save_next_key(older().key);
  os::write_file(shelf / "next/fullchain.pem", crypto::pem(std::span(newer().chain)), 0644);
  CHECK_FALSE(shelf.entry.adopt());
  CHECK(os::exists(shelf / "next"));
  CHECK(shelf.is_live(older()));
}

TEST_CASE("with a live link that dangles or is gone, the newest complete version is adopted") {
  const Shelf shelf;
  shelf.put_version("20260101T000000Z-00000001", older());
  shelf.put_version("20260201T000000Z-00000001", newer());
  CHECK(shelf.entry.adopt());
  CHECK(shelf.is_live(newer()));

  os::remove_tree(shelf / "20260201T000000Z-00000001");
  CHECK(shelf.entry.adopt());
  CHECK(shelf.is_live(older()));
}

TEST_CASE("a damaged live pair gives way to whatever is new") {
  const Shelf shelf;
  const store::Live live = shelf.finish(newer());
  os::write_file(live.folder + "/key.pem", older().key.pkcs8_pem(), 0600);
  CHECK_FALSE(shelf.entry.adopt());
  shelf.finish(older());
  CHECK(shelf.is_live(older()));
}

TEST_CASE("a rollback makes a new version of the previous pair, and a second rollback undoes it") {
  const Shelf shelf;
  const Pair first = make_pair(), second = make_pair();
  shelf.finish(first);
  const std::string live = shelf.finish(second).version;
  const store::Live back = shelf.entry.roll_back(shelf.entry.version_before(), test_time);
  CHECK(shelf.is_live(first));
  CHECK(back.version > live);
  CHECK(shelf.versions().size() == 3);
  CHECK(test::mode_of(back.folder + "/key.pem") == 0600);
  CHECK_FALSE(shelf.entry.adopt());  // nothing newer is there
  CHECK(shelf.is_live(first));
  shelf.entry.roll_back(shelf.entry.version_before(), test_time);
  CHECK(shelf.is_live(second));
}

TEST_CASE("a rollback to a pair that does not exist, has expired or was revoked is refused") {
  const Shelf shelf;
  const auto refusal = [&](Time now) {
    return test::error_of([&] { shelf.entry.roll_back(shelf.entry.version_before(), now); }).message;
  };
  const Pair first = make_pair(test_time + std::chrono::days(10)), second = make_pair();
  CHECK(refusal(test_time) == "there is no version before the live one");
  const std::string old = shelf.finish(first).version;
  CHECK(refusal(test_time) == "there is no version before the live one");
  shelf.finish(second);
  CHECK(refusal(test_time + std::chrono::days(10)) == "the version " + old + " has expired");
  shelf.entry.mark_revoked(old);
  CHECK(refusal(test_time) == "the version " + old + " was revoked");
  CHECK(shelf.is_live(second));
}
