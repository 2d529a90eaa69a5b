#include "store/test_certificate.h"

#include <doctest/doctest.h>

#include "fixtures/store_shelf.h"
#include "install/deliver.h"
#include "install/over_real.h"
#include "store/servers.h"

using namespace certo;
using namespace certo::test;
using install::Installation;
using install::Part;
using std::chrono::days;

namespace {

constexpr const char* real = "https://ca.example/directory";
constexpr const char* stage = "https://stage.ca.example/directory";
constexpr const char* lab = "https://lab.example/directory";
constexpr const char* letsencrypt_staging = "https://acme-staging-v02.api.letsencrypt.org/directory";

/// A store that knows the test CAs above, with one certificate.
struct Store : Shelf {
  Store() {
    os::make_folder(home.path(), 0700);
    os::write_file(home.path() + "/servers.json",
                   R"({"certo":"servers/1","servers":[
        {"name":"ca","directory":"https://ca.example/directory","staging":"stage-alias"},
        {"name":"stage","aliases":["stage-alias"],"directory":"https://stage.ca.example/directory"},
        {"name":"letsencrypt-staging","directory":"https://other.example/directory"},
        {"name":"lab","directory":"https://lab.example/directory","test":true}]})",
                   0600);
  }
  void request(const std::string& directory) const {
    store::Request request;
    request.identifiers = crypto::identifiers({"example.com"});
    request.directory = directory;
    request.ways.usual = store::Webroot{"/srv/www"};
    entry.save(request);
  }
  Pair issue(const std::string& directory, int valid_for) const {
    Pair pair = make_pair(test_time + days(valid_for));
    entry.save_next_key(pair.key);
    entry.save_next_directory(directory);
    entry.finish(pair.chain, true);
    request(directory);
    return pair;
  }
};

}  // namespace

TEST_CASE("a test CA is the staging server of another one, or is marked as one in the table") {
  const Store store;
  CHECK(store::is_test_directory(store.home, stage));
  CHECK(store::is_test_directory(store.home, "https://STAGE.ca.example:443/directory"));
  CHECK(store::is_test_directory(store.home, lab));
  CHECK_FALSE(store::is_test_directory(store.home, real));
  CHECK_FALSE(store::is_test_directory(store.home, "https://private.example/acme/staging"));
  CHECK_FALSE(store::is_test_directory(store.home, "https://other.example/nothing"));
  CHECK_FALSE(store::is_test_directory(store.home, ""));
}

TEST_CASE("the built-in test CAs are test CAs, whatever servers.json says, and even if it is damaged") {
  const Store store;
  CHECK(store::is_test_directory(store.home, letsencrypt_staging));
  CHECK(store::is_test_directory(store.home, "https://dv.acme-v02.test-api.pki.goog/directory"));
  CHECK(store::is_test_directory(store.home, "https://api.test4.buypass.no/acme/directory"));
  CHECK_FALSE(store::is_test_directory(store.home, "https://acme-v02.api.letsencrypt.org/directory"));
  os::write_file(store.home.path() + "/servers.json", "{", 0600);
  CHECK(store::is_test_directory(store.home, letsencrypt_staging));
  CHECK_FALSE(store::is_test_directory(store.home, stage));
}

TEST_CASE("a production certificate is not replaced from a test CA, a test certificate is from any") {
  const Store store;
  CHECK_NOTHROW(store::keep_apart(store.home, store.entry, stage));  // there is none yet
  store.issue(stage, 60);
  CHECK(store::is_test(store.home, store.entry));
  CHECK_NOTHROW(store::keep_apart(store.home, store.entry, stage));
  CHECK_NOTHROW(store::keep_apart(store.home, store.entry, lab));
  CHECK_NOTHROW(store::keep_apart(store.home, store.entry, real));
  store.issue(real, 90);
  CHECK_FALSE(store::is_test(store.home, store.entry));
  CHECK_NOTHROW(store::keep_apart(store.home, store.entry, real));
  CHECK_NOTHROW(store::keep_apart(store.home, store.entry, "https://private.example/acme"));
  for (const char* test : {stage, lab, letsencrypt_staging}) {
    const Error error = error_of([&] { store::keep_apart(store.home, store.entry, test); });
    CHECK(error.code == Exit::usage);
    CHECK(error.hint.find("--dry-run") != std::string::npos);
  }
}

TEST_CASE("what the live version was issued by counts, not what somebody wrote into request.json") {
  const Store store;
  store.issue(real, 90);
  store.request(stage);
  CHECK_FALSE(store::is_test(store.home, store.entry));
  CHECK(error_of([&] { store::keep_apart(store.home, store.entry, stage); }).code == Exit::usage);
}

TEST_CASE("a version of certo 0.1.0 does not say which CA it is from: the request of the live one does") {
  const Store store;
  store.finish(make_pair());
  store.request(stage);
  CHECK(store::is_test(store.home, store.entry));
  store.request(real);
  CHECK_FALSE(store::is_test(store.home, store.entry));
}

TEST_CASE("a version that is made live again is from the CA that it was from") {
  const Store store;
  store.issue(stage, 60);
  store.issue(real, 90);
  CHECK(store::is_test(store.home, store.entry, store.entry.version_before()));
  store.entry.roll_back(store.entry.version_before(), test_time);
  CHECK(store::is_test(store.home, store.entry));
}

TEST_CASE("a test certificate is installed to new files and over a test one, but not over a real one") {
  const Store store;
  const std::string folder = store.temporary / "srv";
  os::make_folder(folder + "/set", 0755);
  const Pair test = store.issue(stage, 60), other = make_pair();
  struct Case {
    Part part;
    std::string path, content;
    bool is_refused;
  };
  const std::string chain = crypto::pem(std::span(other.chain)), key = other.key.pkcs8_pem();
  const std::string test_chain = crypto::pem(std::span(test.chain)), test_key = test.key.pkcs8_pem();
  const Case cases[] = {
      {Part::fullchain, "/absent", "", false},
      {Part::fullchain, "/chain", chain, true},
      {Part::certificate, "/chain", chain, true},
      {Part::fullchain, "/chain", test_chain, false},
      {Part::key, "/key", key, true},
      {Part::key, "/key", test_key, false},
      {Part::key, "/key",
       "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", true},
      {Part::pem, "/pem", key + chain, true},
      {Part::pem, "/pem", test_key + chain, true},
      {Part::pem, "/pem", test_key + test_chain, false},
      {Part::pem, "/cut", "-----BEGIN CERTIFICATE-----\nAAAA", true},
      {Part::fullchain, "/note", "not installed yet\n", false},
      {Part::pfx, "/pfx", "\x30\x82", true},
      {Part::folder, "/set", "", false},
      {Part::folder, "/set", "set/fullchain.pem", true},
  };
  for (const auto& [part, name, content, is_refused] : cases) {
    CAPTURE(name);
    CAPTURE(content);
    if (part == Part::folder && !content.empty()) os::write_file(folder + "/" + content, chain, 0644);
    if (part != Part::folder && name != "/absent") os::write_file(folder + name, content, 0600);
    Installation wanted;
    wanted.targets = {{part, folder + name, {}, {}, {}}};
    const auto check = [&] { install::require_no_real(store.home, store.entry, wanted); };
    if (is_refused)
      CHECK(error_of(check).code == Exit::usage);
    else
      CHECK_NOTHROW(check());
  }
}

TEST_CASE("a PFX file that holds the test certificate of before is replaced") {
  const Store store;
  store.issue(stage, 60);
  const std::string path = store.temporary / "a.pfx";
  Installation wanted;
  wanted.targets = {{Part::pfx, path, {}, {}, {}}};
  install::save(store.entry, {wanted});
  CHECK(install::deliver(store.home, {"example.com"}, {}).at(0).installed);
  store.issue(stage, 61);
  CHECK(install::deliver(store.home, {"example.com"}, {}).at(0).installed);
}

TEST_CASE("a delivery does not replace a real certificate unless it is allowed to") {
  const Store store;
  const std::string path = store.temporary / "full.pem";
  const Pair real_one = store.issue(real, 90);
  Installation wanted;
  wanted.targets = {{Part::fullchain, path, {}, {}, {}}};
  os::write_file(path, crypto::pem(std::span(real_one.chain)), 0644);
  const Pair test = store.issue(stage, 60);
  install::save(store.entry, {wanted});
  const auto refused = install::deliver(store.home, {"example.com"}, {});
  CHECK(refused.at(0).failure.code == Exit::not_installed);
  CHECK(refused.at(0).failure.hint.find("--force") != std::string::npos);
  CHECK(os::read_file(path) == crypto::pem(std::span(real_one.chain)));
  CHECK(install::deliver(store.home, {"example.com"}, {.over_real = true}).at(0).installed);
  CHECK(os::read_file(path) == crypto::pem(std::span(test.chain)));
}
