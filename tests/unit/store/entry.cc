#include <doctest/doctest.h>

#include <thread>

#include "fixtures/store_shelf.h"

using namespace certo;
using namespace certo::test;

namespace {

store::Request sample_request() {
  store::Request request;
  request.identifiers = crypto::identifiers({"example.com"});
  request.directory = "https://ca.example/directory";
  request.ways.usual = store::Webroot{"/srv/www"};
  return request;
}

}  // namespace

TEST_CASE("a certificate that is not in the store is an unknown name") {
  const Shelf shelf;
  CHECK_FALSE(shelf.entry.exists());
  CHECK(error_of([&] { shelf.entry.request(); }).code == Exit::unknown_name);
  CHECK_FALSE(shelf.entry.live());
  CHECK_FALSE(shelf.entry.live_fingerprint());
  CHECK_FALSE(shelf.entry.adopt());
  CHECK(shelf.entry.status().failures == 0);
  CHECK_FALSE(os::exists(shelf.home.path()));  // reading makes nothing
}

TEST_CASE("an entry keeps its request and its status") {
  const Shelf shelf;
  shelf.entry.save(sample_request());
  store::Status status;
  status.failures = 2;
  shelf.entry.save(status);
  CHECK(shelf.entry.exists());
  CHECK(shelf.entry.request() == sample_request());
  CHECK(shelf.entry.status().failures == 2);
  CHECK(mode_of(shelf.entry.folder()) == 0700);
  CHECK(mode_of(shelf / "request.json") == 0600);
}

TEST_CASE("a damaged request stops neither the list nor the others") {
  const Shelf shelf;
  shelf.entry.save(sample_request());
  const store::Entry damaged(shelf.home, "a.example");
  os::make_folder(damaged.folder(), 0700);
  os::write_file(damaged.folder() + "/request.json", "{\"certo\":", 0600);
  os::make_folder(shelf.home.certs() + "/no-request", 0700);
  os::make_folder(shelf.home.certs() + "/.hidden", 0700);
  os::write_file(shelf.home.certs() + "/.hidden/request.json", "{}", 0600);
  os::write_file(shelf.home.certs() + "/stray", "", 0600);

  CHECK(store::entries(shelf.home) == std::vector<std::string>{"a.example", "example.com"});
  CHECK(error_of([&] { damaged.request(); }).code == Exit::bad_input);
  CHECK(shelf.entry.request() == sample_request());
}

TEST_CASE("a damaged status is read as a new one") {
  const Shelf shelf;
  os::make_folder(shelf.entry.folder(), 0700);
  os::write_file(shelf / "status.json", R"({"certo":"status/1","failures":"many"})", 0600);
  CHECK(shelf.entry.status().failures == 0);
}

TEST_CASE("a live link that does not name a version is damaged") {
  const Shelf shelf;
  const store::Live live = shelf.finish(make_pair());
  for (const std::string& target :
       {"../example.com/" + live.version, shelf / live.version, std::string("next"),
        std::string("20261399T022200Z-4f1c22aa"), std::string("20991231T235959Z-00000001")}) {
    CAPTURE(target);
    os::switch_link(shelf / "live", target);
    CHECK(error_of([&] { shelf.entry.live(); }).code == Exit::bad_input);
    CHECK_FALSE(shelf.entry.live_fingerprint());
  }
  os::switch_link(shelf / "live", live.version);
  CHECK(shelf.entry.live()->version == live.version);
}

TEST_CASE("a live pair that was damaged says which file it is") {
  const Shelf shelf;
  const store::Live live = shelf.finish(make_pair());
  os::write_file(live.folder + "/key.pem", make_pair().key.pkcs8_pem(), 0600);
  const Error mismatched = error_of([&] { shelf.entry.live(); });
  CHECK(mismatched.code == Exit::bad_input);
  CHECK(mismatched.message.find("key.pem") != std::string::npos);

  os::write_file(live.folder + "/fullchain.pem", "-----BEGIN CERT", 0644);
  CHECK(error_of([&] { shelf.entry.live(); }).message.find("fullchain.pem") != std::string::npos);
  os::remove_file(live.folder + "/key.pem");
  CHECK(error_of([&] { shelf.entry.live(); }).code == Exit::bad_input);
}

TEST_CASE("the live fingerprint changes with a file of the pair and with the version") {
  const Shelf shelf;
  const store::Live live = shelf.finish(make_pair());
  const auto before = shelf.entry.live_fingerprint();
  REQUIRE(before);
  CHECK(before->version == live.version);
  CHECK(shelf.entry.live_fingerprint() == before);

  os::write_file(live.folder + "/key.pem", os::read_file(live.folder + "/key.pem"), 0600);
  const auto touched = shelf.entry.live_fingerprint();
  CHECK(touched != before);
  shelf.finish(make_pair());
  CHECK(shelf.entry.live_fingerprint()->version != live.version);
}

TEST_CASE("a key or an order in flight that is damaged counts as none") {
  const Shelf shelf;
  shelf.entry.save_next_key(make_pair().key);
  shelf.entry.save_next_order(make_order("https://ca.example/order/2"));
  CHECK(shelf.entry.next_key());
  CHECK(shelf.entry.next_order()->order.url.text == "https://ca.example/order/2");
  CHECK(mode_of(shelf / "next") == 0700);
  CHECK(mode_of(shelf / "next/key.pem") == 0600);

  os::write_file(shelf / "next/key.pem", "", 0600);
  os::write_file(shelf / "next/order.json", "{}", 0600);
  CHECK_FALSE(shelf.entry.next_key());
  CHECK_FALSE(shelf.entry.next_order());
}

TEST_CASE("an order in flight is dropped with or without its key") {
  const Shelf shelf;
  shelf.entry.drop_next();  // there is none yet
  shelf.entry.save_next_key(make_pair().key);
  shelf.entry.save_next_order(make_order("https://ca.example/order/2"));
  shelf.entry.drop_next_order();
  CHECK(shelf.entry.next_key());
  CHECK_FALSE(shelf.entry.next_order());
  shelf.entry.drop_next();
  CHECK_FALSE(os::exists(shelf / "next"));
}

TEST_CASE("a removed certificate leaves nothing") {
  const Shelf shelf;
  shelf.entry.save(sample_request());
  shelf.finish(make_pair());
  const os::Lock lock = shelf.entry.lock(Millis(0));
  shelf.entry.remove();
  CHECK_FALSE(os::exists(shelf.entry.folder()));
  CHECK(store::entries(shelf.home).empty());
}

TEST_CASE("an entry is locked for one at a time") {
  const Shelf shelf;
  const os::Lock lock = shelf.entry.lock(Millis(0));
  CHECK(error_of([&] { shelf.entry.lock(Millis(0)); }).code == Exit::later);
}

TEST_CASE("who waits for a certificate that is removed meanwhile hears of it, and makes nothing") {
  const Shelf shelf;
  shelf.entry.save(sample_request());
  CHECK_FALSE(error_of([&] { store::Entry(shelf.home, "b.example").lock_existing(Millis(0)); }).hint.empty());
  std::optional<os::Lock> held = shelf.entry.lock(Millis(0));
  CHECK(error_of([&] { shelf.entry.lock_existing(Millis(0)); }).code == Exit::later);

  std::optional<Error> error;
  std::thread waiting([&] { error = error_of([&] { shelf.entry.lock_existing(Seconds(60)); }); });
  shelf.entry.remove();
  held.reset();
  waiting.join();
  CHECK(error->code == Exit::unknown_name);
  CHECK(error->message == "example.com: the certificate was removed by another command");
  CHECK_FALSE(os::exists(shelf.entry.folder()));
  CHECK_FALSE(shelf.entry.try_lock());
}

TEST_CASE("a folder that a failed first issue has left bare is removed, and one of value is kept") {
  const Shelf shelf;
  const std::string& folder = shelf.entry.folder();
  {
    const os::Lock lock = shelf.entry.lock(Millis(0));
    shelf.entry.save_next_csr("CSR");
    os::write_file(folder + "/hooks.json", "{}", 0600);
    CHECK_FALSE(shelf.entry.remove_if_bare());
    CHECK(shelf.entry.remove_if_bare("hooks.json"));
    CHECK_FALSE(os::exists(folder));
  }
  for (const char* const valuable : {"next/key.pem", "next/order.json", "status.json", "request.json"}) {
    CAPTURE(valuable);
    const os::Lock lock = shelf.entry.lock(Millis(0));
    os::make_folder(folder + "/next", 0700);
    os::write_file(folder + "/" + valuable, "{}", 0600);
    CHECK_FALSE(shelf.entry.remove_if_bare("hooks.json"));
    CHECK(os::exists(folder + "/" + valuable));
    shelf.entry.remove();
  }
}

TEST_CASE("who waits to issue a certificate makes its folder again if the one before removes it") {
  const Shelf shelf;
  std::optional<os::Lock> held = shelf.entry.lock(Millis(0));
  std::thread waiting([&] {
    const os::Lock lock = shelf.entry.lock(Seconds(60));
    shelf.entry.save(sample_request());
  });
  shelf.entry.remove_if_bare();
  held.reset();
  waiting.join();
  CHECK(shelf.entry.exists());
}
