// Recipes: faults that are found in one, and the language, apart from the services that use it.
#include "recipe/recipe.h"

#include <algorithm>

#include "fixtures/recipe_run.h"
#include "fixtures/recipe_text.h"
#include "fixtures/support.h"
#include "recipe/carried.h"
#include "recipe/rehearsal.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using recipe::Recipe;

namespace {

Error fault(const std::string& before, const std::string& after) {
  return error_of([&] { recipe::parse(with(before, after), "r.json"); });
}

const std::string list_reply = "> GET https://api.example/v1/example.com/txt\n> Token: secret\n< 200\n< ";

}  // namespace

TEST_CASE("a mistake in a recipe is reported with its line and what was probably meant") {
  CHECK(error_of([] { recipe::parse(with("\"recipe\": 1,", "\"recipe\": 1"), "r.json"); }).message ==
        "r.json:3: not valid JSON from this line on");
  CHECK(fault("\"docs\"", "\"doc\"").message == "r.json:5: /doc: unknown member");
  CHECK(fault("\"docs\"", "\"doc\"").hint == "did you mean \"docs\"?");
  CHECK(fault("\"url\": \"/{zone}/txt\"}", "\"url\": \"/{zon}/txt\"}").message ==
        "r.json:15: /records/list/request/url: {zon} is not known here");
  CHECK(fault("{zone}/txt\"}", "{zon}/txt\"}").hint == "did you mean {zone}?");
  CHECK(fault("\"items\": \"/txt\",", "").message == "r.json:14: /records/list: \"items\" is missing");
  CHECK(fault("\"/id\"", "\"id\"").message == "r.json:18: /records/list/id: 'id' is not a JSON pointer");
  CHECK(fault("\"/text\": ", "\"text\": ").message ==
        "r.json:17: /records/list/where/text: its name is not a JSON pointer");
  CHECK(fault(", \"/text\": \"{value}\"", "").message ==
        "r.json:17: /records/list/where: does not compare the value");
  CHECK(fault("{value}\", \"ttl", "{value\", \"ttl").message ==
        "r.json:21: /records/add/json/text: a brace in the wrong place");
  CHECK(fault("\"soa\"", "\"guess\"").message ==
        "r.json:11: /zone/find: 'guess' is not a way to find a zone");
  CHECK(fault("\"DELETE\"", "\"GONE\"").message ==
        "r.json:22: /records/remove/method: 'GONE' is not a method");
  CHECK(fault("\"recipe\": 1", "\"recipe\": 3").message ==
        "r.json:2: /recipe: this certo knows only the versions 1 and 2");
  CHECK(fault("https://api", "http://api").message.starts_with("r.json:6: /base_url: not an https URL"));
  CHECK(fault("tokens\"}", "tokens\"}, {\"name\": \"B\", \"about\": \"b\", \"group\": 0}").message ==
        "r.json:8: /settings/1: B is never used");
  CHECK(fault("\"name\": \"{sub}\", \"text\"", "\"name\": \"{id}\", \"text\"").message ==
        "r.json:21: /records/add/json/name: {id} is not known here");
  CHECK(fault("/{zone}/txt/{id}", "/{zone}/txt/{sub}").message ==
        "r.json:22: /records/remove: contains neither {id} nor the value");
  CHECK(fault("\"/{zone}/txt/{id}\"", "\"https://{id}.example/txt\"").message ==
        "r.json:22: /records/remove/url: {id} in the host");
  CHECK(fault("\"POST\"", "\"GET\"").message == "r.json:21: /records/add: a GET request has no body");
}

TEST_CASE("a setting that may be left out needs a default where it is used") {
  const std::string setting = R"(tokens"}, {"name": "REGION", "about": "r", "group": 0)";
  const std::string optional = with("tokens\"}", setting + "}");
  const auto used = [](std::string text) {
    return text.replace(text.find("/{zone}/txt\"}"), 7, "/{REGION}/{zone}");
  };
  CHECK(error_of([&] { recipe::parse(used(optional), "r.json"); }).hint.find("default") != std::string::npos);
  const std::string fallback = used(with("tokens\"}", setting + R"(, "default": "eu west"})"));
  CHECK(run_recipe(fallback, "cleanup",
                   sample_zone +
                       "> GET https://api.example/v1/eu%20west/example.com/txt\n> Token: secret\n< 200\n< "
                       "{\"txt\":[]}\n")
            .status == CERTO_OK);
}

TEST_CASE("the next page must lie where the API lies, because the credentials go with it") {
  const std::string page = R"({"txt":[],"next":"https://api.example/v1/more"})";
  CHECK(run_recipe(sample_text, "cleanup",
                   sample_zone + list_reply + page +
                       "\n> GET https://api.example/v1/more\n> Token: secret\n< 200\n< "
                       R"({"txt":[],"next":null})"
                       "\n")
            .status == CERTO_OK);
  for (const char* elsewhere : {"https://evil.example/v1", "//evil.example/", "https://api.example.evil/"}) {
    CAPTURE(elsewhere);
    const Outcome outcome = run_recipe(
        sample_text, "cleanup", sample_zone + list_reply + R"({"txt":[],"next":")" + elsewhere + "\"}\n");
    CHECK(outcome.status == CERTO_FAILED);
    CHECK(outcome.why.starts_with("the next page of a list is on another host"));
  }
}

TEST_CASE("an API at another address may tell pages at its own") {
  const std::string page = R"({"txt":[],"next":"https://api.example/v1/more?page=2"})";
  const std::string list = "> GET https://proxy.example/api/example.com/txt\n> Token: secret\n< 200\n< ";
  CHECK(run_recipe(sample_text, "cleanup",
                   sample_zone + list + page +
                       "\n> GET https://proxy.example/api/more?page=2\n> Token: secret\n< 200\n< "
                       R"({"txt":[]})"
                       "\n",
                   {{"EXAMPLE_TOKEN", "secret"}, {"EXAMPLE_BASE_URL", "https://proxy.example/api/"}})
            .status == CERTO_OK);
}

TEST_CASE("a list that never ends is given up") {
  std::string transcript = sample_zone;
  for (int i = 0; i < 500; ++i)
    transcript += (i == 0 ? list_reply : "> GET https://api.example/v1/again\n> Token: secret\n< 200\n< ") +
                  std::string(R"({"txt":[],"next":"/v1/again"})") + "\n";
  CHECK(run_recipe(sample_text, "cleanup", transcript).why.ends_with("returned more than 500 pages"));
}

TEST_CASE("an answer that is not a list, or an error with the service's own words") {
  CHECK(run_recipe(sample_text, "present", sample_zone + list_reply + "{\"text\":[]}\n")
            .why.ends_with("answered without a list at /txt"));
  CHECK(run_recipe(sample_text, "present", sample_zone + list_reply + "<html>\n").status ==
        CERTO_UNREACHABLE);
  const Outcome words = run_recipe(sample_text, "present",
                                   sample_zone +
                                       "> GET https://api.example/v1/example.com/txt\n> Token: secret\n"
                                       "< 400\n< {\"why\":\"zone is locked\"}\n");
  CHECK(words.status == CERTO_FAILED);
  CHECK(words.why == "GET https://api.example/v1/example.com/txt answered 400: zone is locked");
}

TEST_CASE("an error that comes with status 200, and credentials that are refused by words") {
  const std::string recipe =
      with("\"error\": [\"/why\"]",
           R"("error": ["/why"], "ok": {"/ok": "true"}, "refused": {"/code": ["7", "8"]})");
  const Outcome error =
      run_recipe(recipe, "present", sample_zone + list_reply + R"({"ok":false,"why":"no","code":1})" + "\n");
  CHECK(error.status == CERTO_FAILED);
  CHECK(error.why.ends_with("answered 200: no"));
  const Outcome refused = run_recipe(
      recipe, "present", sample_zone + list_reply + R"({"ok":false,"why":"no key","code":8})" + "\n");
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why == "the credentials are refused: no key");
}

TEST_CASE("credentials by query, form, JSON and user and password") {
  const auto auth = [](const std::string& how, const std::string& body) {
    return R"({"recipe":1,"name":"example","title":"E","docs":"d","base_url":"https://api.example/v1",
      "settings":[{"name":"EXAMPLE_TOKEN","about":"a token"}],"zone":{"find":"soa"},"auth":[)" +
           how + R"(],"records":{"mode":"append","add":{"method":"POST","url":"/{zone}/txt",)" + body +
           R"(},"remove":{"method":"DELETE","url":"/{zone}/txt/{value}"}}})";
  };
  const std::string post = "> POST https://api.example/v1/example.com/txt";
  CHECK(run_recipe(auth(R"({"query": {"key": "{EXAMPLE_TOKEN}"}})", R"("json": {"t": "{value}"})"), "present",
                   sample_zone + post +
                       "?key=secret\n> Content-Type: application/json\n> \n> {\"t\":\"new\"}\n< 204\n")
            .status == CERTO_OK);
  CHECK(run_recipe(
            auth(R"({"form": {"key": "{EXAMPLE_TOKEN}"}})", R"("form": {"t": "{quoted}"})"), "present",
            sample_zone + post +
                "\n> Content-Type: application/x-www-form-urlencoded\n> \n> key=secret&t=%22new%22\n< 200\n")
            .status == CERTO_OK);
  CHECK(run_recipe(auth(R"({"json": {"key": "{EXAMPLE_TOKEN}"}})", R"("json": {"t": "{ttl_text}"})"),
                   "present",
                   sample_zone + post +
                       "\n> Content-Type: application/json\n> \n> {\"key\":\"secret\",\"t\":\"60\"}\n< 200\n")
            .status == CERTO_OK);
  CHECK(run_recipe(auth(R"({"basic": ["api", "{EXAMPLE_TOKEN}"]})", R"("json": {"t": "{ttl}"})"), "present",
                   sample_zone + post +
                       "\n> Authorization: Basic YXBpOnNlY3JldA==\n> Content-Type: application/json\n"
                       "> \n> {\"t\":60}\n< 200\n")
            .status == CERTO_OK);
}

TEST_CASE("a rehearsal shows the requests, with settings and ids as placeholders") {
  const Recipe recipe = recipe::parse(sample_text, "r.json");
  const recipe::Rehearsal rehearsal = recipe::rehearse(recipe, "_acme-challenge.example.com", "example.com");
  CHECK(rehearsal.present ==
        "GET https://api.example/v1/example.com/txt\n  Token: {EXAMPLE_TOKEN}\n\n"
        "POST https://api.example/v1/example.com/txt\n  Token: {EXAMPLE_TOKEN}\n"
        "  Content-Type: application/json\n\n"
        "  {\"name\":\"_acme-challenge\",\"text\":\"{value}\",\"ttl\":60}\n\n");
  CHECK(rehearsal.cleanup ==
        "GET https://api.example/v1/example.com/txt\n  Token: {EXAMPLE_TOKEN}\n\n"
        "DELETE https://api.example/v1/example.com/txt/{id}\n  Token: {EXAMPLE_TOKEN}\n\n");
}

TEST_CASE("a recipe that certo carries is found by its name and its aliases, and no other is") {
  for (const std::string& name : recipe::carried_names()) {
    CAPTURE(name);
    REQUIRE(recipe::find_carried(name));
    CHECK(recipe::find_carried(name)->recipe.name == name);
    for (const std::string& alias : recipe::find_carried(name)->recipe.aliases)
      CHECK(recipe::find_carried(alias)->recipe.name == name);
  }
  CHECK(!recipe::find_carried("append"));
  CHECK(!recipe::find_carried(""));
}

TEST_CASE("the description of a recipe that certo carries is that of the whole recipe") {
  const std::vector<recipe::Recipe>& all = recipe::carried_descriptions();
  REQUIRE(all.size() == recipe::carried_names().size());
  for (const recipe::Recipe& one : all) {
    CAPTURE(one.name);
    const recipe::Recipe& whole = recipe::find_carried(one.name)->recipe;
    CHECK(one.title == whole.title);
    CHECK(one.aliases == whole.aliases);
    CHECK(one.base_url == whole.base_url);
    CHECK(one.types == whole.types);
    CHECK(one.name_servers == whole.name_servers);
    CHECK(one.is_untried == whole.is_untried);
    CHECK(one.holds_one_value == whole.holds_one_value);
    REQUIRE(one.settings.size() == whole.settings.size());
    for (size_t i = 0; i < one.settings.size(); ++i) {
      CHECK(one.settings[i].name == whole.settings[i].name);
      CHECK(one.settings[i].fallback == whole.settings[i].fallback);
    }
  }
}

TEST_CASE("every recipe that certo carries goes through a rehearsal") {
  CHECK(recipe::carried_names().size() >= 100);
  for (const std::string& name : recipe::carried_names()) {
    CAPTURE(name);
    const recipe::Carried* const carried = recipe::find_carried(name);
    const recipe::Rehearsal rehearsal =
        recipe::rehearse(carried->recipe, "_acme-challenge.www.example.com", "example.com");
    for (const std::string& requests : {"\n" + rehearsal.present, "\n" + rehearsal.cleanup}) {
      const bool changes = requests.find("\nDELETE ") != std::string::npos ||
                           requests.find("\nP") != std::string::npos ||  // POST, PUT, PATCH
                           carried->recipe.changes_by_get();
      CHECK(changes);
    }
  }
}
