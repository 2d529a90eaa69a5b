// What version 2 of the recipe format adds: addresses, templates and the signs of success.
#include <algorithm>

#include "fixtures/recipe_run.h"
#include "fixtures/recipe_text.h"
#include "fixtures/support.h"
#include "provider/descriptor.h"
#include "recipe/rehearsal.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;

namespace {

/// sample_text in version 2, with changes: before and after.
std::string second(std::initializer_list<std::pair<const char*, const char*>> changes = {}) {
  std::string text = with("\"recipe\": 1", "\"recipe\": 2");
  for (const auto& [before, after] : changes) {
    const size_t at = text.find(before);
    REQUIRE(at != text.npos);
    text.replace(at, std::string(before).size(), after);
  }
  return text;
}

std::string fault_of(const std::string& text) {
  return error_of([&] { recipe::parse(text, "r.json"); }).message;
}

std::string empty_list(const std::string& url) {
  return "> GET " + url + "\n> Token: secret\n< 200\n< {\"txt\":[]}\n";
}

constexpr const char* base = "\"https://api.example/v1\"";
constexpr const char* settings_end = "tokens\"}";
constexpr const char* with_server = R"(tokens"}, {"name": "EXAMPLE_URL", "about": "the server's URL"})";

}  // namespace

TEST_CASE("members of version 2 are refused in version 1, with the way out") {
  CHECK(fault_of(with("\"error\":", "\"absent\": [\"/e\"], \"error\":")) ==
        "r.json:24: /absent: version 1 of the format does not have it");
  CHECK(fault_of(with("\"error\":", "\"single\": true, \"error\":")) ==
        "r.json:24: /single: version 1 of the format does not have it");
  CHECK(fault_of(with(base, "\"{EXAMPLE_TOKEN}/v1\"")).starts_with("r.json:6: /base_url: not an https URL"));
  CHECK(fault_of(with("{sub}\", \"text", "{{sub}}\", \"text")).ends_with("a brace in the wrong place"));
}

TEST_CASE("braces in names and pointers are text in version 1, and templates in version 2") {
  const std::string keyed = R"("json": {"{zone}": "{value}"})";
  const char* json = R"("json": {"name": "{sub}", "text": "{value}", "ttl": "{ttl}"})";
  const std::string post =
      sample_zone + empty_list("https://api.example/v1/example.com/txt") +
      "> POST https://api.example/v1/example.com/txt\n> Token: secret\n> Content-Type: application/json\n> \n> ";
  CHECK(run_recipe(with(json, keyed), "present", post + "{\"{zone}\":\"new\"}\n< 200\n").status == CERTO_OK);
  CHECK(run_recipe(second({{json, keyed.c_str()}}), "present", post + "{\"example.com\":\"new\"}\n< 200\n")
            .status == CERTO_OK);
  CHECK(run_recipe(second({{json, R"("json": {"a": "{{{value}}}"})"}}), "present",
                   post + "{\"a\":\"{new}\"}\n< 200\n")
            .status == CERTO_OK);
  CHECK(run_recipe(second({{"\"items\": \"/txt\"", "\"items\": \"/{name}/txt\""}}), "cleanup",
                   sample_zone + "> GET https://api.example/v1/example.com/txt\n> Token: secret\n< 200\n< "
                                 "{\"_acme-challenge.example.com\":{\"txt\":[]}}\n")
            .status == CERTO_OK);
  CHECK(fault_of(second({{"\"/txt\"", "\"/{zon}\""}})) ==
        "r.json:16: /records/list/items: {zon} is not known here");
}

TEST_CASE("a placeholder that nothing replaces is refused") {
  CHECK(fault_of(second({{"{\"find\": \"soa\"}", R"({"find": "soa", "apex": "{zone}"})"}})) ==
        "r.json:11: /zone/apex: {zone} is not replaced here");
  CHECK(fault_of(second({{"{\"url\": \"/next\"}", R"({"page": "{zone}"})"}})) ==
        "r.json:19: /records/list/next/page: {zone} is not replaced here");
  CHECK(fault_of(second({{"\"/why\"", "\"/{zone}\""}})) == "r.json:24: /error/0: {zone} is not known here");
}

TEST_CASE("the URL of the user's own server") {
  const std::string recipe = second({{base, "\"{EXAMPLE_URL}/api\""}, {settings_end, with_server}});
  for (const char* url : {"https://dns.example.net:8443/x", "https://dns.example.net:8443/x///"}) {
    CHECK(run_recipe(recipe, "cleanup",
                     sample_zone + empty_list("https://dns.example.net:8443/x/api/example.com/txt"),
                     {{"EXAMPLE_TOKEN", "secret"}, {"EXAMPLE_URL", url}})
              .status == CERTO_OK);
  }
  for (const char* url :
       {"dns.example.net", "https://user:pass@dns.example.net", "https://dns.example.net/?a=b",
        "ftp://dns.example.net", "https://dns.example.net/ x"}) {
    const Outcome outcome =
        run_recipe(recipe, "cleanup", "", {{"EXAMPLE_TOKEN", "secret"}, {"EXAMPLE_URL", url}});
    CHECK(outcome.status == CERTO_CONFIG);
    CHECK(outcome.why == "EXAMPLE_URL is not a URL like https://dns.example.com");
  }
  const provider::Descriptor descriptor = provider::describe(recipe::parse(recipe, "r.json"));
  CHECK(descriptor.base_url == "");
  CHECK(recipe::rehearse(recipe::parse(recipe, "r.json"), "_acme-challenge.example.com", "example.com")
            .cleanup.starts_with("GET {EXAMPLE_URL}/api/example.com/txt\n"));
  CHECK(fault_of(second({{base, "\"{EXAMPLE_URL}\""}})) ==
        "r.json:6: /base_url: {EXAMPLE_URL} is not known here");
}

TEST_CASE("a setting in the host or path of the API's URL, and another URL of the user") {
  const std::string recipe =
      second({{base, "\"https://{REGION}.api.example/{ACCOUNT}\""},
              {settings_end, R"(tokens"}, {"name": "REGION", "about": "r", "group": 0, "default": "eu"},
                             {"name": "ACCOUNT", "about": "a"})"}});
  provider::Values settings = {{"EXAMPLE_TOKEN", "secret"}, {"ACCOUNT", "a/b"}};
  CHECK(run_recipe(recipe, "cleanup",
                   sample_zone + empty_list("https://eu.api.example/a%2Fb/example.com/txt"), settings)
            .status == CERTO_OK);
  settings["REGION"] = "evil.example/";
  CHECK(run_recipe(recipe, "cleanup", "", settings).why == "REGION is not a host name or a part of one");
  settings["REGION"] = "us";
  settings["EXAMPLE_BASE_URL"] = "https://proxy.example";
  CHECK(run_recipe(recipe, "cleanup", sample_zone + empty_list("https://proxy.example/example.com/txt"),
                   settings)
            .status == CERTO_OK);
}

TEST_CASE("success is shown by a member that is absent, and by the content of a reply") {
  const std::string list =
      sample_zone + "> GET https://api.example/v1/example.com/txt\n> Token: secret\n< 200\n< ";
  const std::string recipe =
      second({{"\"error\": [\"/why\"]", R"("error": ["/error/why"], "absent": ["/error"])"}});
  const Outcome refused = run_recipe(recipe, "present", list + R"({"error":{"why":"no"},"txt":[]})" + "\n");
  CHECK(refused.status == CERTO_FAILED);
  CHECK(refused.why.ends_with("answered 200: no"));
  CHECK(run_recipe(recipe, "cleanup", list + R"({"error":null,"txt":[]})" + "\n").status == CERTO_OK);
  CHECK(run_recipe(recipe, "cleanup", list + "<html>\n").status == CERTO_UNREACHABLE);

  const std::string coded =
      second({{"\"items\": \"/txt\"", R"("missing": [{"/code": ["6", "7"]}], "items": "/txt")"},
              {"/{zone}/txt\", \"json\"", R"(/{zone}/txt", "success": [{"/code": "9"}], "json")"},
              {"\"error\":", R"("ok": {"/code": "1"}, "error":)"}});
  const std::string post =
      "> POST https://api.example/v1/example.com/txt\n> Token: secret\n> Content-Type: application/json\n> \n"
      "> {\"name\":\"_acme-challenge\",\"text\":\"new\",\"ttl\":60}\n";
  CHECK(run_recipe(coded, "present", list + "{\"code\":7}\n" + post + "< 200\n< {\"code\":9}\n").status ==
        CERTO_OK);
  CHECK(run_recipe(coded, "present", list + "{\"code\":\"6\"}\n" + post + "< 400\n< {\"code\":9}\n").status ==
        CERTO_OK);
  CHECK(run_recipe(coded, "present", list + "{\"code\":8}\n").status == CERTO_FAILED);
}

TEST_CASE("a service that holds one value may have no removal, and has the trait of such services") {
  const std::string recipe = second({{R"("remove": {"method": "DELETE", "url": "/{zone}/txt/{id}"})", ""},
                                     {"\"ttl\": \"{ttl}\"}},", "\"ttl\": \"{ttl}\"}}"},
                                     {"\"error\":", "\"single\": true, \"error\":"}});
  CHECK(provider::describe(recipe::parse(recipe, "r.json")).is(CERTO_SINGLE_VALUE));
  CHECK(run_recipe(recipe, "cleanup", sample_zone).status == CERTO_OK);
}

TEST_CASE("the first label of a zone and the rest") {
  const std::string recipe = second({{"/{zone}/txt\"}", "/{zone_label}/{zone_suffix}\"}"}});
  CHECK(run_recipe(recipe, "cleanup",
                   "> ZONE _acme-challenge.example.co.uk\n< example.co.uk\n" +
                       empty_list("https://api.example/v1/example/co.uk"),
                   {{"EXAMPLE_TOKEN", "secret"}}, {{"_acme-challenge.example.co.uk", "new", 60}})
            .status == CERTO_OK);
}
