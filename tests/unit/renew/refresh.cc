// The status of a certificate, with a clock that is passed in and a CA that cannot be reached.
#include "renew/refresh.h"

#include <doctest/doctest.h>

#include "crypto/hash.h"
#include "fixtures/crl.h"
#include "fixtures/store_shelf.h"
#include "renew/due.h"
#include "store/rekey.h"

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
    finish(make_pair(test_time + days(90)));
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
  const store::Status status = known.refresh(test_time);
  CHECK(status.not_after == test_time + days(90));
  CHECK(status.due > test_time);
  CHECK(status.checked == test_time);
  CHECK(status.renew_because.empty());
  CHECK(known.entry.status().due == status.due);
}

TEST_CASE("the CA cannot be asked: the lifetime decides, and it is asked again an hour later") {
  Known known;
  CHECK(known.refresh(test_time).ari_again == test_time + hours(1));
  CHECK(known.refresh(test_time + hours(1) - Seconds(1)).ari_again == test_time + hours(1));
  CHECK(known.refresh(test_time + hours(1)).ari_again == test_time + hours(2));
}

TEST_CASE("a pair that has not changed is read once a day") {
  Known known;
  known.refresh(test_time);
  CHECK(known.refresh(test_time + hours(23)).checked == test_time);
  CHECK(known.refresh(test_time + hours(24)).checked == test_time + hours(24));
}

TEST_CASE("another pair is read at once, and is due at another time") {
  Known known;
  const store::Status before = known.refresh(test_time);
  known.finish(make_pair(test_time + days(120)));
  const store::Status after = known.refresh(test_time + hours(1));
  CHECK(after.checked == test_time + hours(1));
  CHECK(after.not_after == test_time + days(120));
  CHECK(after.due > before.due);
}

TEST_CASE("a pair that is missing, damaged or not the requested one is due at once") {
  Known known;
  const Time due = known.refresh(test_time).due;
  os::write_file(known / "live/key.pem", "no key", 0600);
  CHECK(known.refresh(test_time + hours(1)).renew_because == "it is damaged");
  os::remove_file(known / "live");
  const store::Status missing = known.refresh(test_time + hours(2));
  CHECK(missing.due == test_time + hours(2));
  known.finish(make_pair(test_time + days(90)));
  CHECK(known.refresh(test_time + hours(3)).renew_because.empty());
  known.request("https://127.0.0.1:2/directory");
  const store::Status changed = known.refresh(test_time + hours(4));
  CHECK(changed.renew_because == "its request was changed");
  CHECK(changed.due >= due);
}

TEST_CASE("a pair whose key is being replaced is read in each pass, and is due") {
  Known known;
  known.refresh(test_time);
  const std::optional<store::Live> live = known.entry.live();
  REQUIRE(live);
  store::save(known.entry,
              {.key = store::key_digest(live->chain.front().spki), .since = test_time, .owed = {}});
  const store::Status status = known.refresh(test_time + hours(1));
  CHECK(status.checked == test_time + hours(1));
  CHECK(status.renew_because == "its key is compromised");
}

TEST_CASE("foreseeing asks nobody and stores nothing") {
  const Known known;
  const store::Status status = renew::foresee(known.entry, test_time);
  CHECK(status.due > test_time);
  CHECK_FALSE(os::exists(known / "status.json"));
}

TEST_CASE("a damaged request is an error that names the file") {
  Known known;
  os::write_file(known / "request.json", "{", 0600);
  const Error error = error_of([&] { known.refresh(test_time); });
  CHECK(error.code == Exit::bad_input);
  CHECK(error.message.find(known / "request.json") != std::string::npos);
}

namespace {

/// Its certificate names a CRL, which is in the cache, so that nobody is asked.
struct WithCrl : Known {
  const std::string url = "http://127.0.0.1/1.crl";  // it is never asked
  const Bytes serial = {0x5f, 0x01};
  std::string version = finish(make_pair(test_time + days(80), serial, {crl_point({url})}), true).version;

  std::string path() const { return home.crls() + "/" + hex(crypto::sha256(url)).substr(0, 32) + ".crl"; }
  void keep(const Bytes& crl) const {
    os::make_folder(home.crls(), 0700);
    os::write_file(path(), as_text(crl), 0600);
  }
};

}  // namespace

TEST_CASE("a certificate that its CA has revoked is due at once, whatever held it back") {
  WithCrl known;
  known.keep(make_crl(issuing_ca(), {.entries = {{{0x5f, 0x02}}}}));
  store::Status status = known.refresh(test_time);
  CHECK(status.renew_because.empty());
  status.retry_at = test_time + days(40);
  known.entry.save(status);
  known.keep(make_crl(issuing_ca(), {.entries = {{known.serial, {reason(1)}}}}));
  CHECK(known.refresh(test_time + hours(20)).renew_because.empty());  // it is looked at once a day
  known.keep(make_crl(issuing_ca(), {.this_update = test_time + hours(20), .entries = {{known.serial}}}));
  status = known.refresh(test_time + hours(25));
  CHECK(status.renew_because == "it was revoked");
  CHECK_FALSE(status.retry_at);
  CHECK(renew::due(status, test_time + hours(25)) == renew::Due::now);
  CHECK(known.entry.is_revoked(known.version));
  CHECK(known.entry.status().renew_because == "it was revoked");
}

TEST_CASE("a CRL of somebody else changes nothing") {
  WithCrl known;
  const Authority other = make_ca("Test Intermediate");
  known.keep(make_crl(other, {.entries = {{known.serial}}}));
  CHECK(known.refresh(test_time).renew_because.empty());
  CHECK_FALSE(known.entry.is_revoked(known.version));
}
