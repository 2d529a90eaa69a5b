// What is known of a certificate, with a clock that is passed in and a CA that cannot be reached.
#include "renew/refresh.h"

#include <doctest/doctest.h>

#include "fixtures/store_shelf.h"

using namespace certo;
using namespace certo::test;
using std::chrono::days;
using std::chrono::hours;

namespace {

struct Known : Shelf {
  renew::Sessions sessions{home, [] {
                             renew::SessionSettings settings;
                             settings.time_limit = Seconds(5);
                             return settings;
                           }()};

  Known() {
    request("https://127.0.0.1:1/directory");
    finish(make_pair(kNow + days(90)));
  }
  void request(const std::string& directory) const {
    store::Request request;
    request.identifiers = crypto::identifiers({"example.com"});
    request.directory = directory;
    request.ways.usual = store::Webroot{"/srv/www"};
    entry.save(request);
  }
  store::Status refresh(Time now) { return renew::refresh(entry, sessions, now, renew::EntryLock::free); }
};

}  // namespace

TEST_CASE("the first look reads the pair, and chooses when it is due") {
  Known known;
  const store::Status status = known.refresh(kNow);
  CHECK(status.not_after == kNow + days(90));
  CHECK(status.due > kNow);
  CHECK(status.checked == kNow);
  CHECK(status.renew_because.empty());
  CHECK(known.entry.status().due == status.due);
}

TEST_CASE("the CA cannot be asked: the lifetime decides, and it is asked again an hour later") {
  Known known;
  CHECK(known.refresh(kNow).ari_again == kNow + hours(1));
  CHECK(known.refresh(kNow + hours(1) - Seconds(1)).ari_again == kNow + hours(1));
  CHECK(known.refresh(kNow + hours(1)).ari_again == kNow + hours(2));
}

TEST_CASE("a pair that has not changed is read once a day") {
  Known known;
  known.refresh(kNow);
  CHECK(known.refresh(kNow + hours(23)).checked == kNow);
  CHECK(known.refresh(kNow + hours(24)).checked == kNow + hours(24));
}

TEST_CASE("another pair is read at once, and is due at another time") {
  Known known;
  const store::Status before = known.refresh(kNow);
  known.finish(make_pair(kNow + days(120)));
  const store::Status after = known.refresh(kNow + hours(1));
  CHECK(after.checked == kNow + hours(1));
  CHECK(after.not_after == kNow + days(120));
  CHECK(after.due > before.due);
}

TEST_CASE("a pair that is missing, damaged or not what is asked for is due at once") {
  Known known;
  const Time due = known.refresh(kNow).due;
  os::write_file(known / "live/key.pem", "no key", 0600);
  CHECK(known.refresh(kNow + hours(1)).renew_because == "it is damaged");
  os::remove_file(known / "live");
  const store::Status missing = known.refresh(kNow + hours(2));
  CHECK(missing.due == kNow + hours(2));
  known.finish(make_pair(kNow + days(90)));
  CHECK(known.refresh(kNow + hours(3)).renew_because.empty());
  known.request("https://127.0.0.1:2/directory");
  const store::Status changed = known.refresh(kNow + hours(4));
  CHECK(changed.renew_because == "its request was changed");
  CHECK(changed.due >= due);
}

TEST_CASE("foreseeing asks nobody and stores nothing") {
  const Known known;
  const store::Status status = renew::foresee(known.entry, kNow);
  CHECK(status.due > kNow);
  CHECK_FALSE(os::exists(known / "status.json"));
}

TEST_CASE("a damaged request is an error that names the file") {
  Known known;
  os::write_file(known / "request.json", "{", 0600);
  const Error error = error_of([&] { known.refresh(kNow); });
  CHECK(error.code == Exit::bad_input);
  CHECK(error.message.find(known / "request.json") != std::string::npos);
}
