#include <doctest/doctest.h>

#include "fixtures/support.h"
#include "os/file.h"
#include "store/account.h"

using namespace certo;
using namespace certo::store;
using namespace certo::test;

namespace {

constexpr const char* directory_url = "https://ca.example/directory";

struct Fixture {
  TempDir temporary;
  Home home{temporary / "home"};
  AccountFolder folder{home, directory_url};
  crypto::PrivateKey key = crypto::PrivateKey::generate(crypto::KeyType::ec256);

  std::string operator/(const std::string& name) const { return folder.folder() + "/" + name; }
};

}  // namespace

TEST_CASE("an account key is kept, and not overwritten by mistake") {
  Fixture f;
  CHECK_FALSE(f.folder.key());
  f.folder.save_key(f.key);
  CHECK(f.folder.key()->public_key() == f.key.public_key());
  CHECK(mode_of(f / "account.key") == 0600);
  CHECK(mode_of(f.folder.folder()) == 0700);

  const auto other = crypto::PrivateKey::generate(crypto::KeyType::ec256);
  CHECK(error_of([&] { f.folder.save_key(other); }).code == Exit::bug);
  CHECK(f.folder.key()->public_key() == f.key.public_key());
  f.folder.replace_key(other);
  CHECK(f.folder.key()->public_key() == other.public_key());
}

TEST_CASE("a damaged or lost account key is an error, never a new account") {
  Fixture f;
  f.folder.save_key(f.key);
  f.folder.save({"https://ca.example/acct/1", "valid", {}, true});
  for (const char* content : {"", "-----BEGIN PRIVATE KEY-----\nAAAA"}) {
    os::write_file(f / "account.key", content, 0600);
    const Error damaged = error_of([&] { f.folder.key(); });
    CHECK(damaged.code == Exit::bad_input);
    CHECK(damaged.hint == "restore it from a backup, or move it away to get a new account");
    CHECK(error_of([&] { f.folder.save_key(f.key); }).code == Exit::bug);
  }
  os::remove_file(f / "account.key");
  CHECK(error_of([&] { f.folder.key(); }).code == Exit::bad_input);
}

TEST_CASE("the key that a key change is about to bring is kept next to the old one") {
  Fixture f;
  f.folder.save_key(f.key);
  const auto next = crypto::PrivateKey::generate(crypto::KeyType::ec384);
  f.folder.save_next_key(next);
  CHECK(f.folder.key()->public_key() == f.key.public_key());
  CHECK(f.folder.next_key()->public_key() == next.public_key());
  CHECK(mode_of(f / "account.key.next") == 0600);
  os::write_file(f / "account.key.next", "", 0600);
  CHECK(error_of([&] { f.folder.next_key(); }).code == Exit::bad_input);
  f.folder.drop_next_key();
  CHECK_FALSE(f.folder.next_key());
}

TEST_CASE("an account is kept with the day on which it was made") {
  Fixture f;
  CHECK_FALSE(f.folder.account());
  f.folder.save({"https://ca.example/acct/1", "valid", {"mailto:a@example.com"}, true});
  const auto account = f.folder.account();
  REQUIRE(account);
  CHECK(account->url == "https://ca.example/acct/1");
  CHECK(account->contact == std::vector<std::string>{"mailto:a@example.com"});
  CHECK(account->terms_agreed);

  Json stored = parse_json(os::read_file(f / "account.json"), "account.json", Exit::bad_input);
  stored.set("created", "2020-01-01T00:00:00Z");
  os::write_file(f / "account.json", to_json(stored), 0600);
  const auto created = [&] {
    return parse_json(os::read_file(f / "account.json"), "account.json", Exit::bad_input)
        .find("created")
        ->string();
  };
  f.folder.save({"https://ca.example/acct/1", "deactivated", {}, true});
  CHECK(created() == "2020-01-01T00:00:00Z");
  f.folder.save({"https://ca.example/acct/2", "valid", {}, true});
  CHECK(created() != "2020-01-01T00:00:00Z");
}

TEST_CASE("a damaged account.json counts as missing, because the key finds the account") {
  Fixture f;
  f.folder.save_key(f.key);
  os::write_file(f / "account.json", "{\"certo\":\"account/1\"", 0600);
  CHECK_FALSE(f.folder.account());
  CHECK(f.folder.key());
  f.folder.save({"https://ca.example/acct/1", "valid", {}, false});
  CHECK(f.folder.account());
}

TEST_CASE("a gate is closed until its time, and a shorter wait does not open it") {
  Fixture f;
  const Time now = certo::now();
  using Gated = store::AccountFolder::Gated;
  CHECK_FALSE(f.folder.gate(Gated::new_order, now));
  f.folder.close_gate(Gated::new_order, {now + Seconds(3600), "too many new orders"});
  f.folder.close_gate(Gated::new_order, {now + Seconds(60), "too many requests"});
  CHECK(f.folder.gate(Gated::new_order, now)->until == now + Seconds(3600));
  CHECK(f.folder.gate(Gated::new_order, now)->why == "too many new orders");
  CHECK_FALSE(f.folder.gate(Gated::new_order, now + Seconds(3600)));
  os::write_file(f / "gate.json", "{}", 0600);
  CHECK_FALSE(f.folder.gate(Gated::new_order, now));
}

TEST_CASE("accounts are separated by CA and by name, and a name is not a path") {
  const Fixture f;
  CHECK(f.folder.folder() == f.home.path() + "/accounts/ca.example_directory/default");
  CHECK(AccountFolder(f.home, directory_url, "work").folder() != f.folder.folder());
  CHECK(error_of([&] { AccountFolder(f.home, directory_url, "../default"); }).code == Exit::usage);
}

TEST_CASE("two first runs take turns") {
  const Fixture f;
  const os::Lock lock = f.folder.lock(Millis(0));
  CHECK(error_of([&] { f.folder.lock(Millis(0)); }).code == Exit::later);
}

TEST_CASE("a directory is remembered, and forgotten when it is damaged or another's") {
  const Fixture f;
  const acme::Url url = net::parse_url(directory_url, "directory", Exit::usage);
  CHECK_FALSE(cached_directory(f.home, url));
  const Json json =
      parse_json(R"({"newNonce":"https://ca.example/nonce","newAccount":"https://ca.example/account",
    "newOrder":"https://ca.example/order","revokeCert":"https://ca.example/revoke",
    "keyChange":"https://ca.example/change"})",
                 "directory", Exit::protocol);
  save_directory(f.home, acme::parse_directory(url, json));
  const auto cached = cached_directory(f.home, url);
  REQUIRE(cached);
  CHECK(cached->new_nonce.text == "https://ca.example/nonce");
  CHECK(cached->json == json);

  const std::string path = f.home.ca(url.text) + "/directory.json";
  Json stored = parse_json(os::read_file(path), path, Exit::bad_input);
  for (const char* damage :
       {"", "{}", R"({"certo":"directory/1","url":"https://ca.example/directory"})",
        R"({"certo":"directory/1","url":"https://ca.example/directory","directory":{}})"}) {
    os::write_file(path, damage, 0600);
    CHECK_FALSE(cached_directory(f.home, url));
  }
  stored.set("url", "https://other.example/directory");
  os::write_file(path, to_json(stored), 0600);
  CHECK_FALSE(cached_directory(f.home, url));
}

TEST_CASE("the gate for new accounts is not the one for new orders") {
  Fixture f;
  using Gated = store::AccountFolder::Gated;
  f.folder.close_gate(Gated::new_account, {now() + Seconds(60), "too many new registrations"});
  CHECK(f.folder.gate(Gated::new_account, now()));
  CHECK_FALSE(f.folder.gate(Gated::new_order, now()));
}

TEST_CASE("the time of the last key change is kept as long as the account is the same") {
  Fixture f;
  CHECK_FALSE(f.folder.key_changed());
  acme::Account account;
  account.url = "https://ca.example/acct/1";
  account.status = "valid";
  f.folder.save(account);
  const Time when = *from_rfc3339("2026-11-21T00:00:00Z");
  f.folder.note_key_change(when);
  f.folder.save(account);
  CHECK(f.folder.key_changed() == when);
  account.url = "https://ca.example/acct/2";
  f.folder.save(account);
  CHECK_FALSE(f.folder.key_changed());
}
