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
