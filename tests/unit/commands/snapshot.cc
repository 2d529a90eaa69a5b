// What list and info make of an entry, a damaged one too.
#include <doctest/doctest.h>

#include "commands/snapshot.h"
#include "fixtures/store_shelf.h"

using namespace certo;
using namespace certo::commands;
using namespace certo::test;

TEST_CASE("an entry without a readable request is shown as damaged") {
  const Shelf shelf;
  os::make_folder(shelf.entry.folder(), 0700);
  os::write_file(shelf.entry.folder() + "/request.json", "{", 0600);
  const Snapshot snapshot = look(shelf.home, shelf.entry.name(), commands::Look::thorough);
  CHECK(state(snapshot, test_time) == State::damaged);
  CHECK_FALSE(snapshot.damage.empty());
  CHECK(snapshot.has_lost_request);
}

TEST_CASE("the state follows from dates and failures") {
  Snapshot snapshot;
  CHECK(state(snapshot, test_time) == State::missing);
  snapshot.not_after = test_time + std::chrono::days(30);
  snapshot.renew_at = test_time + std::chrono::days(1);
  CHECK(state(snapshot, test_time) == State::valid);
  CHECK(state(snapshot, test_time + std::chrono::days(1)) == State::due);
  snapshot.status.failures = 1;
  CHECK(state(snapshot, test_time) == State::failing);
  CHECK(state(snapshot, snapshot.not_after) == State::expired);
  snapshot.damage = "key.pem: not a key";
  CHECK(state(snapshot, test_time) == State::damaged);
}

TEST_CASE("a folder without a request is damaged, unless a first issue has begun there") {
  const Shelf shelf;
  shelf.finish(make_pair());
  const Snapshot lost = look(shelf.home, shelf.entry.name(), Look::quick);
  CHECK(lost.has_lost_request);
  CHECK(state(lost, test_time) == State::damaged);
  CHECK(lost.damage.find("request.json is missing") != lost.damage.npos);

  const store::Entry begun(shelf.home, "begun.example");
  begun.lock(Millis(0));
  const Snapshot first = look(shelf.home, "begun.example", Look::quick);
  CHECK_FALSE(first.has_lost_request);
  CHECK(state(first, test_time) == State::missing);

  os::make_folder(shelf.home.certs() + "/empty.example", 0700);
  CHECK(look(shelf.home, "empty.example", Look::quick).has_lost_request);
  CHECK(store::folders(shelf.home) ==
        std::vector<std::string>{"begun.example", "empty.example", "example.com"});
  CHECK(store::entries(shelf.home).empty());
}

TEST_CASE("a damaged hooks.json is damage with the file's name, and not a hook that failed") {
  const Shelf shelf;
  shelf.finish(make_pair());
  store::Request request;
  request.identifiers = crypto::identifiers({"example.com"});
  request.directory = "https://ca.example/directory";
  request.ways.usual = store::Standalone{};
  shelf.entry.save(request);
  os::write_file(shelf.entry.folder() + "/hooks.json", R"({"certo":"hooks/1","deply":[]})", 0600);
  const Snapshot snapshot = look(shelf.home, shelf.entry.name(), Look::thorough);
  CHECK(state(snapshot, test_time) == State::damaged);
  CHECK(snapshot.damage.find(shelf.entry.folder() + "/hooks.json: it is damaged: unknown member") == 0);
  CHECK_FALSE(snapshot.are_hooks_pending);
}
