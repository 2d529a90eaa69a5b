// Lists of version 2: an object of items, pages by offset; and failures that only the content tells.
#include "fixtures/recipe_run.h"
#include "fixtures/recipe_text.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;

namespace {

constexpr const char* items = "\"items\": \"/txt\",";
constexpr const char* next = "\"next\": {\"url\": \"/next\"}";
constexpr const char* error = "\"error\":";

std::string second(const char* before, const std::string& after) {
  std::string text = with(before, after);
  return text.replace(text.find("\"recipe\": 1"), 11, "\"recipe\": 2");
}

std::string asked(const std::string& query = "") {
  return "> GET https://api.example/v1/example.com/txt" + query + "\n> Token: secret\n< 200\n< ";
}

const std::string removal = "> DELETE https://api.example/v1/example.com/txt/7\n> Token: secret\n< 204\n";
const std::string ours = R"({"name":"_acme-challenge","text":"new","id":7})";

std::string fault_of(const std::string& text) {
  return error_of([&] { recipe::parse(text, "r.json"); }).message;
}

}  // namespace

TEST_CASE("the items of a list may be the members of an object") {
  const std::string recipe = second(items, R"("items": "/txt", "keyed": true,)");
  const auto play = [&](const std::string& reply) {
    return run_recipe(recipe, "cleanup", sample_zone + asked() + reply);
  };
  CHECK(play("{\"txt\":{\"6\":{\"name\":\"other\"},\"7\":" + ours + "}}\n" + removal).status == CERTO_OK);
  CHECK(play("{\"txt\":[" + ours + "]}\n" + removal).status == CERTO_OK);
  CHECK(play("{\"txt\":[]}\n").status == CERTO_OK);
  CHECK(play("{\"txt\":{}}\n").status == CERTO_OK);
  CHECK(play("{\"txt\":\"none\"}\n").status == CERTO_UNREACHABLE);
  CHECK(
      run_recipe(sample_text, "cleanup", sample_zone + asked() + "{\"txt\":{\"7\":" + ours + "}}\n").status ==
      CERTO_UNREACHABLE);
  CHECK(fault_of(with(items, R"("items": "/txt", "keyed": true,)")) ==
        "r.json:16: /records/list/keyed: version 1 of the format does not have it");
}

TEST_CASE("pages by offset") {
  const auto recipe = [](const char* how) { return second(next, "\"next\": {" + std::string(how) + "}"); };
  const auto list = [](const std::string& content, const std::string& rest = "") {
    return "{\"txt\":[" + content + "]" + rest + "}\n";
  };
  CHECK(run_recipe(recipe(R"("page": "skip", "first": 0, "step": 2, "size": 2)"), "cleanup",
                   sample_zone + asked("?skip=0") + list("{},{}") + asked("?skip=2") + list("{},{}") +
                       asked("?skip=4") + list(ours) + removal)
            .status == CERTO_OK);
  CHECK(run_recipe(recipe(R"("page": "skip", "first": 0, "step": 2, "pages": "/total")"), "cleanup",
                   sample_zone + asked("?skip=0") + list("{},{}", ",\"total\":3") + asked("?skip=2") +
                       list(ours, ",\"total\":3") + removal)
            .status == CERTO_OK);
  CHECK(fault_of(recipe(R"("page": "skip", "step": 0)")) ==
        "r.json:19: /records/list/next/step: not positive");
  CHECK(fault_of(with(next, R"("next": {"page": "skip", "step": 2})")) ==
        "r.json:19: /records/list/next/step: version 1 of the format does not have it");
}

TEST_CASE("a failure that only the content of a reply tells") {
  const std::string recipe =
      second(error, R"("failed": {"/status": "Failed", "/code": ["1", "2"]}, "error":)");
  const auto play = [&](const std::string& reply) {
    return run_recipe(recipe, "cleanup", sample_zone + asked() + reply + "\n");
  };
  CHECK(play(R"({"txt":[]})").status == CERTO_OK);
  CHECK(play(R"({"txt":[],"status":"Success","code":3})").status == CERTO_OK);
  CHECK(play(R"({"txt":[],"status":"Failed","why":"no"})").status == CERTO_FAILED);
  CHECK(play(R"({"txt":[],"code":2,"why":"no"})").why.ends_with("no"));
  CHECK(play("<html>").status == CERTO_UNREACHABLE);
  CHECK(fault_of(with(error, R"("failed": {"/status": "Failed"}, "error":)")) ==
        "r.json:24: /failed: version 1 of the format does not have it");
}
