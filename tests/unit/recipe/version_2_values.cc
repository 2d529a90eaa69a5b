// What version 2 of the recipe format adds for names and values: the host of a challenge, other content
// types, lists that a reply may lack, and a single value without a list.
#include "fixtures/recipe_run.h"
#include "fixtures/support.h"
#include "recipe/recipe.h"
#include "recipe/rehearsal.h"

using namespace certo;
using namespace certo::test;

namespace {

std::string recipe_with(const std::string& records) {
  return R"({
  "recipe": 2,
  "name": "example",
  "title": "Example",
  "docs": "https://example.com/docs",
  "base_url": "https://api.example/v1",
  "settings": [{"name": "EXAMPLE_TOKEN", "about": "a token: https://example.com/tokens"}],
  "auth": [{"headers": {"Token": "{EXAMPLE_TOKEN}"}}],
  "zone": {"find": "soa"},
  "records": )" +
         records + "}";
}

const std::string appending = recipe_with(R"({
    "mode": "append",
    "list": {
      "request": {"url": "/{zone}"},
      "items": "/records",
      "optional": true,
      "where": {"/host": "{host}", "/text": "{value}"},
      "id": "/id"
    },
    "add": {
      "method": "POST",
      "url": "/{zone}",
      "headers": {"content-type": "application/merge-patch+json"},
      "json": {"host": "{host}", "text": "{value}"}
    },
    "remove": {"method": "DELETE", "url": "/{zone}/{id}"}
  })");

const std::string replacing = recipe_with(R"({
    "mode": "rrset",
    "read": {"request": {"url": "/{zone}"}, "list": "", "where": {"/name": "{sub}"}, "items": "/content"},
    "value": "{value}",
    "replace": {"method": "PUT", "url": "/{zone}", "json": {"content": "{values}"}}
  })");

std::string read_reply(const std::string& body) {
  return "> GET https://api.example/v1/example.com\n> Token: secret\n< 200\n< " + body + "\n";
}

std::string added(const std::string& host) {
  return "> POST https://api.example/v1/example.com\n> Token: secret\n"
         "> content-type: application/merge-patch+json\n>\n> {\"host\":\"" +
         host + "\",\"text\":\"new\"}\n< 201\n";
}

std::string written(const std::string& content) {
  return "> PUT https://api.example/v1/example.com\n> Token: secret\n> Content-Type: application/json\n>\n"
         "> {\"content\":[" +
         content + "]}\n< 200\n";
}

}  // namespace

TEST_CASE("the host of a challenge is the name without its label, and another name is itself") {
  CHECK(run_recipe(appending, "present", sample_zone + read_reply(R"({"records":[]})") + added("example.com"))
            .status == CERTO_OK);
  CHECK(run_recipe(appending, "present",
                   "> ZONE acme.example.com\n< example.com\n" + read_reply(R"({"records":[]})") +
                       added("acme.example.com"),
                   {{"EXAMPLE_TOKEN", "secret"}}, {{"acme.example.com", "new", 60}})
            .status == CERTO_OK);
}

TEST_CASE("a rehearsal removes a record whose id is its value") {
  std::string text = appending;
  text.replace(text.find(R"("id": "/id")"), 11, R"("id": "/text")");
  const auto shown =
      recipe::rehearse(recipe::parse(text, "r.json"), "_acme-challenge.example.com", "example.com");
  CHECK(shown.cleanup.find("DELETE https://api.example/v1/example.com/{value}") != std::string::npos);
}

TEST_CASE("an optional list may be absent from a reply, but the reply must be one") {
  CHECK(run_recipe(appending, "cleanup", sample_zone + read_reply("{}")).status == CERTO_OK);
  CHECK(run_recipe(appending, "present", sample_zone + read_reply("{}") + added("example.com")).status ==
        CERTO_OK);
  CHECK(run_recipe(appending, "present", sample_zone + read_reply("<html>Sign in</html>")).status ==
        CERTO_UNREACHABLE);
  CHECK(run_recipe(appending, "present", sample_zone + read_reply(R"({"records":7})")).status ==
        CERTO_UNREACHABLE);
}

TEST_CASE("a single value may be shown without a list, and a list is written") {
  CHECK(run_recipe(replacing, "present",
                   sample_zone + read_reply(R"([{"name":"_acme-challenge","content":"theirs"}])") +
                       written(R"("theirs","new")"))
            .status == CERTO_OK);
  CHECK(run_recipe(replacing, "cleanup",
                   sample_zone + read_reply(R"([{"name":"_acme-challenge","content":"new"}])") + written(""))
            .status == CERTO_OK);
  CHECK(run_recipe(replacing, "present",
                   sample_zone + read_reply(R"([{"name":"_acme-challenge","content":7}])"))
            .status == CERTO_UNREACHABLE);
}
