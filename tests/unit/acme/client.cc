#include <doctest/doctest.h>

#include "acme/account.h"
#include "fixtures/acme_script.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::test;
using Refused = acme::ClientSettings::Refused;
using Standing = acme::ClientSettings::Standing;

namespace {
acme::Post read_of(const char* path) {
  return {.url = net::parse_url(std::string("https://ca.example") + path, "test", Exit::bug), .payload = ""};
}
acme::Post post_to(const char* path) {
  acme::Post post = read_of(path);
  post.payload = "{}";
  return post;
}
}  // namespace

TEST_CASE("a refused nonce is replaced by the one that the refusal brought") {
  Conversation talk;
  talk.ca.on("/x", problem(400, "badNonce"));
  talk.ca.on("/x", 200, "{}");
  talk.client.post(post_to("/x"));
  REQUIRE(talk.ca.count("/x") == 2);
  CHECK(talk.ca.count("/nonce") == 1);
  CHECK(talk.ca.seen.end()[-1].nonce != talk.ca.seen.end()[-2].nonce);
}

TEST_CASE("five refused nonces in a row are tolerated, the sixth is not") {
  Conversation talk;
  for (int i = 0; i < 5; ++i) talk.ca.on("/five", problem(400, "badNonce"));
  talk.ca.on("/five", 200, "{}");
  CHECK(talk.client.post(post_to("/five")).status == 200);

  talk.ca.on("/six", problem(400, "badNonce"));
  CHECK(code_of([&] { talk.client.post(post_to("/six")); }) == Exit::unreachable);
  CHECK(talk.ca.count("/six") == 6);
}

TEST_CASE("requests that go out together have different nonces") {
  Conversation talk;
  talk.ca.on("/x", 200, "{}");
  talk.client.post_all({read_of("/x"), read_of("/x"), read_of("/x")});
  std::vector<std::string> nonces;
  for (const ScriptedCa::Seen& one : talk.ca.seen)
    if (one.path == "/x") nonces.push_back(one.nonce);
  REQUIRE(nonces.size() == 3);
  CHECK(nonces[0] != nonces[1]);
  CHECK(nonces[1] != nonces[2]);
  CHECK(nonces[0] != nonces[2]);
}

TEST_CASE("a nonce that is not base64url is ignored, and a new one is fetched") {
  Conversation talk;
  talk.ca.gives_nonces = false;
  talk.ca.only("/nonce", reply(200, "", {{"replay-nonce", "Z29vZA"}}));
  talk.ca.on("/x", reply(200, "{}", {{"replay-nonce", "not a nonce!"}}));
  talk.client.post(post_to("/x"));
  talk.client.post(post_to("/x"));
  CHECK(talk.ca.count("/nonce") == 2);
}

TEST_CASE("a newNonce without a nonce is a broken protocol") {
  Conversation talk;
  talk.ca.gives_nonces = false;
  CHECK(code_of([&] { talk.client.post(post_to("/x")); }) == Exit::protocol);
}

TEST_CASE("a rate limited request is put off, not repeated") {
  Conversation talk;
  talk.ca.on("/x", problem(429, "rateLimited", {{"retry-after", "3600"}}));
  try {
    talk.client.post(post_to("/x"));
    FAIL("it was not refused");
  } catch (const acme::Refusal& refusal) {
    CHECK(refusal.code == Exit::later);
    REQUIRE(refusal.retry_at);
    CHECK(*refusal.retry_at > now() + Seconds(3500));
  }
  CHECK(talk.ca.count("/x") == 1);
  CHECK(talk.pauses.empty());
}

TEST_CASE("a read is tried again after a lost connection, a change is not") {
  Conversation talk;
  talk.ca.on("/read", reply(0, ""));
  talk.ca.on("/read", 200, "{}");
  CHECK(talk.client.post(read_of("/read")).status == 200);

  talk.ca.on("/change", reply(0, ""));
  CHECK(code_of([&] { talk.client.post(post_to("/change")); }) == Exit::unreachable);
  CHECK(talk.ca.count("/change") == 1);
}

TEST_CASE("the Retry-After of a 503 is obeyed") {
  Conversation talk;
  talk.ca.on("/x", reply(503, "", {{"retry-after", "7"}}));
  talk.ca.on("/x", 200, "{}");
  talk.client.post(post_to("/x"));
  REQUIRE(talk.pauses.size() == 1);
  CHECK(talk.pauses[0] == Seconds(7));
}

TEST_CASE("a redirected POST is refused") {
  Conversation talk;
  talk.ca.on("/x", reply(307, "", {{"location", "https://elsewhere.example/"}}));
  CHECK(code_of([&] { talk.client.post(post_to("/x")); }) == Exit::protocol);
}

TEST_CASE("an error without a problem document is reported by its status") {
  Conversation talk;
  talk.ca.on("/x", reply(403, "<html>"));
  try {
    talk.client.post(post_to("/x"));
    FAIL("it was not refused");
  } catch (const Error& error) {
    CHECK(error.message.find("403") != std::string::npos);
  }
}

TEST_CASE("a directory endpoint over http is refused") {
  Conversation talk;
  talk.ca.only("/dir",
               reply(200, R"({"newNonce":"http://ca.example/nonce","newAccount":"https://ca.example/a",
    "newOrder":"https://ca.example/o"})"));
  CHECK(code_of([&] { talk.client.directory(); }) == Exit::protocol);
}

TEST_CASE("a refused signature is made again with the account's other key, once for each") {
  Conversation talk;
  NoSigner other;
  int asked = 0;
  talk.regain = [&](const Refused& refused) -> std::optional<Standing> {
    ++asked;
    if (&refused.key == &other) return {};
    return Standing{&other, refused.account};
  };
  talk.ca.on("/x", problem(400, "malformed"));
  talk.ca.on("/x", 200, "{}");
  talk.client.post(post_to("/x"));
  CHECK(asked == 1);
  CHECK(&talk.client.key() == &other);
  CHECK(talk.ca.count("/x") == 2);

  talk.ca.only("/x", problem(403, "unauthorized"));
  CHECK(code_of([&] { talk.client.post(post_to("/x")); }) == Exit::failed);
  CHECK(asked == 2);
  CHECK(talk.ca.count("/x") == 3);
}

TEST_CASE("a request for a forgotten account is sent again for the one that took its place, once") {
  Conversation talk;
  int asked = 0;
  talk.regain = [&](const Refused& refused) -> std::optional<Standing> {
    CHECK(refused.problem.type == "accountDoesNotExist");
    return Standing{&refused.key, "https://ca.example/acct/" + std::to_string(2 + asked++)};
  };
  talk.ca.on("/acct/1", problem(400, "accountDoesNotExist"));
  talk.ca.on("/acct/2", 200, "{}");
  talk.client.post(read_of("/acct/1"));
  CHECK(talk.client.account() == "https://ca.example/acct/2");

  talk.ca.only("/x", problem(400, "accountDoesNotExist"));
  CHECK(code_of([&] { talk.client.post(post_to("/x")); }) == Exit::config);
  CHECK(asked == 2);
  CHECK(talk.ca.count("/x") == 2);
}

TEST_CASE("while a CA does not know a new key yet, the request is signed again after a pause") {
  Conversation talk;
  int left = 3;
  talk.regain = [&](const Refused& refused) -> std::optional<Standing> {
    if (left-- == 0) return {};
    return Standing{&refused.key, refused.account, Seconds(1)};
  };
  talk.ca.on("/x", problem(400, "malformed"));
  talk.ca.on("/x", problem(400, "malformed"));
  talk.ca.on("/x", 200, "{}");
  talk.client.post(read_of("/x"));
  CHECK(talk.pauses == std::vector<Millis>{Seconds(1), Seconds(1)});
  talk.ca.only("/x", problem(400, "malformed"));
  CHECK(code_of([&] { talk.client.post(read_of("/x")); }) == Exit::failed);
}

TEST_CASE("a nonce of random characters of base64url is used, whether or not it is canonical") {
  Conversation talk;
  talk.ca.gives_nonces = false;
  talk.ca.only("/nonce", reply(200, "", {{"replay-nonce", "abcde"}}));  // no bytes have this encoding
  talk.ca.on("/x", reply(200, "{}", {{"replay-nonce", "zz-_Z"}}));
  talk.client.post(read_of("/x"));
  talk.client.post(read_of("/x"));
  CHECK(talk.ca.seen[talk.ca.seen.size() - 2].nonce == "abcde");
  CHECK(talk.ca.seen.back().nonce == "zz-_Z");
}

TEST_CASE("new terms of service are named by a link if the problem names no page") {
  const auto hint_after = [](const char* body, const char* link) {
    Conversation talk;
    talk.ca.on("/order", reply(403, body, {{"link", link}}));
    return error_of([&] { talk.client.post({.url = talk.client.directory().new_order, .payload = "{}"}); });
  };
  constexpr const char* bare =
      R"({"type":"urn:ietf:params:acme:error:userActionRequired","detail":"new terms"})";
  constexpr const char* paged =
      R"({"type":"urn:ietf:params:acme:error:userActionRequired","detail":"new terms","instance":"https://ca.example/agree"})";
  constexpr const char* link =
      R"(<https://ca.example/dir>;rel="index", <https://ca.example/terms/2>; rel="terms-of-service")";
  CHECK(hint_after(bare, link).code == Exit::config);
  CHECK(hint_after(bare, link).hint == "open https://ca.example/terms/2, then run the same command again");
  CHECK(hint_after(paged, link).hint == "open https://ca.example/agree, then run the same command again");
  CHECK(hint_after(bare, "terms-of-service").hint.find("agree to new terms") != std::string::npos);
}

TEST_CASE("an external account is asked for before the terms, and made after them") {
  constexpr const char* directory =
      R"({"newNonce":"https://ca.example/nonce","newAccount":"https://ca.example/acct",
    "newOrder":"https://ca.example/order","meta":{"termsOfService":"https://ca.example/terms",
    "externalAccountRequired":true}})";
  Conversation talk;
  talk.ca.only("/dir", reply(200, directory));
  talk.ca.on("/acct", reply(201, R"({"status":"valid"})", {{"location", "https://ca.example/acct/1"}}));
  std::string steps;
  acme::Registration registration{.contact = {},
                                  .agrees_to =
                                      [&](const std::string&) {
                                        steps += "terms ";
                                        return true;
                                      },
                                  .binding = {},
                                  .get_binding = {}};
  CHECK_THROWS_AS(acme::register_account(talk.client, registration), acme::BindingRequired);
  CHECK(steps.empty());
  registration.get_binding = [&] {
    steps += "binding";
    return acme::ExternalBinding{"kid", "secret"};
  };
  CHECK(acme::register_account(talk.client, registration).url == "https://ca.example/acct/1");
  CHECK(steps == "terms binding");
  CHECK(talk.ca.seen.back().payload.find("externalAccountBinding") != std::string::npos);
}

TEST_CASE("only the closing of the account itself closes it") {
  const auto says = [](const char* type, const char* text) {
    acme::Problem problem;
    problem.type = type;
    problem.detail = text;
    return acme::says_closed(problem);
  };
  CHECK(says("unauthorized", "Account is not valid, has status \"deactivated\""));
  CHECK(says("unauthorized", "the account has been revoked"));
  CHECK_FALSE(says("unauthorized", "the authorization for www.example.com is deactivated"));
  CHECK_FALSE(says("unauthorized", "this account may not do that"));
  CHECK_FALSE(says("malformed", "the account is deactivated"));
}
