// A certificate that has several CAs.
#include "renew/several.h"

#include <doctest/doctest.h>

#include "fixtures/store_shelf.h"
#include "store/account_list.h"
#include "store/seen.h"

using namespace certo;
using namespace certo::test;
using renew::CaFailure;

namespace {

CaFailure failure(const char* directory, Exit code, const char* what, const char* hint = "") {
  return {directory, Error(code, what, hint)};
}

/// Nothing listens there.
const std::vector<std::string> unreachable = {"https://127.0.0.1:1/a", "https://127.0.0.1:1/b"};

}  // namespace

TEST_CASE("the failure of several CAs says what each said, and has the worst code") {
  const Error all = renew::failure_of_all({failure("a", Exit::unreachable, "is down"),
                                           failure("b", Exit::later, "limits", "wait"),
                                           failure("c", Exit::failed, "refuses", "ask")});
  CHECK(all.code == Exit::failed);
  CHECK(all.message == "none of its 3 CAs gave it: a: is down; b: limits; c: refuses");
  CHECK(all.hint == "wait");
}

TEST_CASE("the first time of all counts, if each CA said one") {
  CaFailure soon = failure("a", Exit::later, "limits"), late = soon;
  soon.error.retry_at = test_time + Seconds(10);
  late.error.retry_at = test_time + Seconds(90);
  CHECK(renew::failure_of_all({late, soon}).retry_at == soon.error.retry_at);
  CHECK_FALSE(renew::failure_of_all({late, failure("b", Exit::unreachable, "is down")}).retry_at);
}

TEST_CASE("real CAs and test CAs are not mixed") {
  const TempDir temporary;
  const store::Home home(temporary / "home");
  const std::string real = "https://acme-v02.api.letsencrypt.org/directory";
  const std::string test = "https://acme-staging-v02.api.letsencrypt.org/directory";
  renew::require_same_kind(home, {real, "https://ca.example/dir"});
  renew::require_same_kind(home, {test});
  for (const auto& mixed : {std::vector{real, test}, std::vector{test, real}}) {
    const Error error = error_of([&] { renew::require_same_kind(home, mixed); });
    CHECK(error.code == Exit::usage);
    CHECK(error.message.starts_with(test + " is a test CA, and " + real + " is not"));
  }
}

TEST_CASE("all CAs are asked if they are down, and none after a fault of this machine") {
  Shelf shelf;
  store::Request request;
  request.identifiers = crypto::identifiers({"example.com"});
  request.directory = unreachable[0];
  request.fallbacks = {unreachable[1]};
  request.ways.usual = store::Webroot{shelf.temporary.path};
  renew::Sessions sessions(shelf.home, {.time_limit = Seconds(5)});
  const auto failure_of = [&] {
    return error_of([&] { renew::issue(sessions, shelf.home, shelf.entry, request, {}); });
  };
  const Error down = failure_of();
  CHECK(down.code == Exit::unreachable);
  for (const std::string& url : unreachable) CHECK(down.message.find(url) != std::string::npos);
  request.ways.usual = store::Webroot{shelf.temporary / "missing"};
  CHECK(failure_of().message.find("none of its") == std::string::npos);
}

TEST_CASE("the accounts of the store are listed, whatever else is in the folder") {
  const TempDir temporary;
  const store::Home home(temporary / "home");
  CHECK(store::accounts(home).empty());
  const std::string url = "https://ca.example:8443/dir";
  store::AccountFolder known(home, url), other(home, url, "work");
  const auto key = crypto::PrivateKey::generate(crypto::KeyType::ec521);
  known.save_key(key);
  known.save({"https://ca.example/acct/1", "valid", {}, true});
  other.save_key(key);
  const std::string root = home.path() + "/accounts";
  os::make_folder(root + "/.cache", 0700);
  os::make_folder(root + "/ca.example%3A8443_dir/-x", 0700);
  os::write_file(root + "/note", "", 0600);
  const auto all = store::accounts(home);
  REQUIRE(all.size() == 2);
  CHECK(all[0].directory == url);
  CHECK(all[0].name == "default");
  CHECK(all[0].account->url == "https://ca.example/acct/1");
  CHECK(all[1].name == "work");
  CHECK_FALSE(all[1].account);
}

TEST_CASE("the challenge types of a CA are remembered, as far as they are types") {
  const TempDir temporary;
  const store::Home home(temporary / "home");
  const std::string url = "https://ca.example/dir";
  CHECK(store::seen_challenge_types(home, url).empty());
  store::note_challenge_types(home, url, {"http-01", "dns-01", "http-01", "", "a b", std::string(65, 'x')});
  store::note_challenge_types(home, url, {"tls-alpn-01"});
  CHECK(store::seen_challenge_types(home, url) ==
        std::vector<std::string>{"dns-01", "http-01", "tls-alpn-01"});
  for (int i = 0; i < 100; ++i) store::note_challenge_types(home, url, {"type-" + std::to_string(i)});
  CHECK(store::seen_challenge_types(home, url).size() == 32);
  os::write_file(home.ca(url) + "/seen.json", "[", 0600);
  CHECK(store::seen_challenge_types(home, url).empty());
}
