// Recipes that log in first, and keep what the login gave for the batch.
#include "fixtures/recipe_run.h"
#include "fixtures/recipe_text.h"
#include "fixtures/support.h"
#include "recipe/rehearsal.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;

namespace {

std::string with_login(const std::string& first, const std::string& auth) {
  std::string text = with("\"recipe\": 1", "\"recipe\": 2");
  const std::string old = R"("auth": [{"headers": {"Token": "{EXAMPLE_TOKEN}"}}],)";
  text.replace(text.find(old), old.size(), "\"first\": " + first + ", \"auth\": [" + auth + "],");
  return text;
}

std::string token_login() {
  return with_login(
      R"({"request": {"method": "POST", "url": "/login", "json": {"key": "{EXAMPLE_TOKEN}"}}, "take": {"token": "/a/token"}})",
      R"({"headers": {"X-Auth": "{token}"}})");
}

const std::string login =
    "> POST https://api.example/v1/login\n> Content-Type: application/json\n> \n> {\"key\":\"secret\"}\n< 200\n< ";
const std::string list = "> GET https://api.example/v1/example.com/txt\n> X-Auth: ";

}  // namespace

TEST_CASE("a token is taken from the reply of a login, and sent with every other request") {
  CHECK(run_recipe(token_login(), "present",
                   login + R"({"a":{"token":"first-token"}})" + "\n" + sample_zone + list +
                       "first-token\n< 200\n< {\"txt\":[]}\n"
                       "> POST https://api.example/v1/example.com/txt\n> X-Auth: first-token\n"
                       "> Content-Type: application/json\n> \n"
                       "> {\"name\":\"_acme-challenge\",\"text\":\"new\",\"ttl\":60}\n< 201\n")
            .status == CERTO_OK);
  const Outcome wrong = run_recipe(token_login(), "present", login.substr(0, login.rfind("200")) + "401\n");
  CHECK(wrong.status == CERTO_CONFIG);
  CHECK(wrong.untouched);
  const Outcome none = run_recipe(token_login(), "present", login + "{\"a\":{}}\n");
  CHECK(none.status == CERTO_CONFIG);
  CHECK(none.why == "POST https://api.example/v1/login answered without token for these credentials");
}

TEST_CASE("a login that has become too old is renewed once") {
  const std::string start = login + R"({"a":{"token":"first-token"}})" + "\n" + sample_zone;
  const std::string again = login + R"({"a":{"token":"other-token"}})" + "\n";
  CHECK(run_recipe(
            token_login(), "cleanup",
            start + list + "first-token\n< 401\n" + again + list + "other-token\n< 200\n< {\"txt\":[]}\n")
            .status == CERTO_OK);
  const Outcome refused = run_recipe(token_login(), "present",
                                     start + list + "first-token\n< 401\n" + again + list +
                                         "other-token\n< 401\n< {\"why\":\"other-token is old\"}\n");
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.untouched);
  CHECK(refused.why.ends_with("answered 401: *** is old"));
  const std::string by_words = token_login().substr(0, token_login().rfind("\"error\"")) +
                               R"("refused": {"/code": "7"}, "error": ["/why"]})";
  CHECK(run_recipe(by_words, "cleanup",
                   start + list + "first-token\n< 200\n< {\"code\":7}\n" + again + list +
                       "other-token\n< 200\n< {\"txt\":[]}\n")
            .status == CERTO_OK);
}

TEST_CASE("a cookie and a header of a login, in several steps") {
  const std::string recipe = with_login(
      R"([{"request": {"url": "/start"}, "take": {"session": {"cookie": "SID"}}},
          {"request": {"method": "POST", "url": "/login", "form": {"key": "{EXAMPLE_TOKEN}"}},
           "take": {"csrf": {"header": "X-CSRF"}}}])",
      R"({"headers": {"Cookie": "SID={session}", "X-CSRF": "{csrf}"}})");
  CHECK(run_recipe(recipe, "cleanup",
                   "> GET https://api.example/v1/start\n< 200 +headers\n< set-cookie: SID=old; path=/\n"
                   "< set-cookie: other=1\n< set-cookie: SID=one two; HttpOnly\n< \n"
                   "> POST https://api.example/v1/login\n> Cookie: SID=one two\n"
                   "> Content-Type: application/x-www-form-urlencoded\n> \n> key=secret\n"
                   "< 200 +headers\n< x-csrf: c1\n< \n" +
                       sample_zone +
                       "> GET https://api.example/v1/example.com/txt\n> Cookie: SID=one two\n> X-CSRF: c1\n"
                       "< 200\n< {\"txt\":[]}\n")
            .status == CERTO_OK);
  const recipe::Rehearsal rehearsal =
      recipe::rehearse(recipe::parse(recipe, "r.json"), "_acme-challenge.example.com", "example.com");
  CHECK(rehearsal.cleanup.find("  Cookie: SID={session}\n  X-CSRF: {csrf}\n") != std::string::npos);
  const std::string all = with_login(R"({"request": {"url": "/start"}, "take": {"c": {"cookie": "*"}}})",
                                     R"({"headers": {"Cookie": "{c}", "Token": "{EXAMPLE_TOKEN}"}})");
  CHECK(run_recipe(
            all, "cleanup",
            "> GET https://api.example/v1/start\n> Token: secret\n< 200 +headers\n< set-cookie: a=1; path=/\n"
            "< set-cookie: b=2\n< \n" +
                sample_zone +
                "> GET https://api.example/v1/example.com/txt\n> Cookie: a=1; b=2\n> Token: secret\n"
                "< 200\n< {\"txt\":[]}\n")
            .status == CERTO_OK);
}

TEST_CASE("a login by user and password in the header, and a hostile one") {
  const std::string recipe = with_login(
      R"({"request": {"method": "POST", "url": "/token", "basic": ["id", "{EXAMPLE_TOKEN}"], "form": {"grant_type": "client_credentials"}},
          "take": {"token": "/access_token"}})",
      R"({"headers": {"Authorization": "Bearer {token}"}})");
  const std::string request =
      "> POST https://api.example/v1/token\n> Authorization: Basic aWQ6c2VjcmV0\n"
      "> Content-Type: application/x-www-form-urlencoded\n> \n> grant_type=client_credentials\n< 200\n< ";
  CHECK(run_recipe(recipe, "cleanup",
                   request + R"({"access_token":"t1"})" + "\n" + sample_zone +
                       "> GET https://api.example/v1/example.com/txt\n> Authorization: Bearer t1\n< 200\n< "
                       "{\"txt\":[]}\n")
            .status == CERTO_OK);
  CHECK(run_recipe(recipe, "cleanup", request + R"({"access_token":"a\r\nHost: evil"})" + "\n" + sample_zone)
            .why == "the service sent a value with a line break for the header Authorization");
  CHECK(run_recipe(recipe, "cleanup", request + "{\"access_token\":\"" + std::string(20000, 'a') + "\"}\n")
            .status == CERTO_UNREACHABLE);
}

TEST_CASE("faults in a login are reported with their place") {
  const auto fault = [](const std::string& first, const std::string& auth) {
    return error_of([&] { recipe::parse(with_login(first, auth), "r.json"); }).message;
  };
  const std::string fine = R"({"headers": {"X": "{token}", "Y": "{EXAMPLE_TOKEN}"}})";
  CHECK(fault(R"([{"request": {"url": "/a"}, "take": {"token": {"heder": "x"}}}])", fine) ==
        "r.json:10: /first/0/take/token/heder: unknown member");
  CHECK(fault(R"({"request": {"url": "/{tokn}"}, "take": {"token": "/t"}})", fine) ==
        "r.json:10: /first/request/url: {tokn} is not known here");
  CHECK(fault(R"({"request": {"url": "/a"}, "take": {"zone": "/t"}})", fine) ==
        "r.json:10: /first/take/zone: a setting or another placeholder has this name");
  CHECK(fault(R"({"request": {"url": "/a"}, "take": {"other": "/t"}})", fine) ==
        "r.json:10: /auth/0/headers/X: {token} is not known here");
}
