// Replies in XML and in plain text, and the pages of lists.
#include "fixtures/recipe_run.h"
#include "fixtures/recipe_text.h"
#include "fixtures/support.h"
#include "recipe/rehearsal.h"
#include "recipe/reply_tree.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using recipe::ReplyForm;

namespace {

std::string xml(const std::string& body, int status = 200) {
  return to_json(recipe::tree_of({status, body, "GET x"}, {ReplyForm::Format::xml}, status == 200));
}

std::string text(const std::string& body, std::vector<std::string> separators, const std::string& pair = {}) {
  return to_json(
      recipe::tree_of({200, body, "GET x"}, {ReplyForm::Format::text, std::move(separators), pair}, true));
}

std::string second(std::initializer_list<std::pair<const char*, const char*>> changes) {
  std::string recipe = with("\"recipe\": 1", "\"recipe\": 2");
  for (const auto& [before, after] : changes) {
    REQUIRE(recipe.find(before) != recipe.npos);
    recipe.replace(recipe.find(before), std::string(before).size(), after);
  }
  return recipe;
}

const std::string get = "> GET https://api.example/v1/example.com/txt\n> Token: secret\n< 200\n< ";
const std::string remove_7 = "> DELETE https://api.example/v1/example.com/txt/7\n> Token: secret\n< 200\n< ";

}  // namespace

TEST_CASE("XML is a tree: elements, attributes, text, and arrays of what is repeated") {
  CHECK(xml("<a><b>1</b><b> 2 </b><c x='y'>t</c><d/></a>") ==
        R"({"a":{"b":["1","2"],"c":{"@x":"y","#text":"t"},"d":""}})");
  CHECK(xml("<a k=\"v\"><n:b><![CDATA[<&>]]></n:b></a>") == R"({"a":{"@k":"v","n:b":"<&>"}})");
  CHECK(xml("<html><body>Bad gateway<br></body></html>", 502) == "null");
  CHECK_THROWS_AS(xml("<html><br></html>"), sdk::Failure);
  CHECK_THROWS_AS(xml("<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>"), sdk::Failure);
  CHECK_THROWS_AS(xml("{\"a\":1}"), sdk::Failure);
  CHECK_THROWS_AS(xml("<a>" + std::string(5 << 20, ' ') + "</a>"), sdk::Failure);
}

TEST_CASE("text is whole, in parts, or pairs of key and value") {
  CHECK(text(" OK\r\n", {}) == "\"OK\"");
  CHECK(text("a TXT x\r\n\nb A y\n", {"\n", " "}) == R"([["a","TXT","x"],["b","A","y"]])");
  CHECK(text("good 192.0.2.1", {" "}) == R"(["good","192.0.2.1"])");
  CHECK(text("", {"\n"}) == "[]");
  CHECK(text("[RESPONSE]\ncode = 200\nname=a=b\nx=1\nx=2\nx=3\nEOF", {}, "=") ==
        R"({"code":"200","name":"a=b","x":["1","2","3"]})");
  CHECK(text("a:1;b:2", {";"}, ":") == R"({"a":"1","b":"2"})");
}

TEST_CASE("a recipe whose service answers in XML") {
  const std::string recipe =
      second({{"\"error\": [\"/why\"]", R"("reply": "xml", "error": ["/r/why"],
            "ok": {"/r/code": "300"}, "refused": {"/r/code": "110"})"},
              {"\"items\": \"/txt\"", "\"items\": \"/r/list/txt\""},
              {"\"/name\": \"{sub}\"", "\"/@name\": \"{sub}\""},
              {"\"id\": \"/id\"", "\"id\": \"/@id\""},
              {"\"next\": {\"url\": \"/next\"}", R"("next": {"page": "p", "pages": "/r/pages"})"}});
  const std::string page = "> GET https://api.example/v1/example.com/txt?p=";
  const auto list = [&](const char* number, const std::string& items) {
    return page + number +
           "\n> Token: secret\n< 200\n< <?xml version=\"1.0\"?><r><code>300</code><pages>2</pages>" + items +
           "</r>\n";
  };
  const std::string ours = "<txt name=\"_acme-challenge\" id=\"7\"><text>new</text></txt>";
  CHECK(run_recipe(recipe, "cleanup",
                   sample_zone + list("1", "<list>" + ours + "</list>") +
                       list("2", "<list><txt name=\"a\" id=\"1\"/><txt name=\"b\" id=\"2\"/></list>") +
                       remove_7 + "<r><code>300</code></r>\n")
            .status == CERTO_OK);
  CHECK(run_recipe(recipe, "cleanup", sample_zone + list("1", "<list/>") + list("2", "<list/>")).status ==
        CERTO_OK);
  CHECK(run_recipe(recipe, "cleanup", sample_zone + list("1", "<other/>"))
            .why.ends_with("without a list at /r/list/txt"));
  CHECK(run_recipe(
            recipe, "cleanup",
            sample_zone + page + "1\n> Token: secret\n< 200\n< <r><code>110</code><why>bad key</why></r>\n")
            .why == "the credentials are refused: bad key");
  CHECK(run_recipe(recipe, "cleanup", sample_zone + page + "1\n> Token: secret\n< 502\n< <html><br></html>\n")
            .status == CERTO_UNREACHABLE);
  CHECK(recipe::rehearse(recipe::parse(recipe, "r.json"), "_acme-challenge.example.com", "example.com")
            .cleanup.find("DELETE https://api.example/v1/example.com/txt/{id}") != std::string::npos);
}

TEST_CASE("a recipe whose service answers in text") {
  const std::string recipe =
      second({{"\"error\": [\"/why\"]", R"("error": [""], "reply": {"text": []},
            "ok": {"": {"begins": ["OK", "good"]}}, "refused": {"": {"contains": "badauth"}})"},
              {"{\"url\": \"/{zone}/txt\"}",
               R"({"url": "/{zone}/txt", "reply": {"text": ["\n", " "]}, "success": [200]})"},
              {"\"items\": \"/txt\"", "\"items\": \"\""},
              {R"("/name": "{sub}", "/text": "{value}")", R"("/0": "{sub}", "/2": "{value}")"},
              {"\"id\": \"/id\",", "\"id\": \"/3\""},
              {"\"next\": {\"url\": \"/next\"}", ""}});
  CHECK(run_recipe(recipe, "cleanup",
                   sample_zone + get + "a TXT b 1\n< _acme-challenge TXT new 7\n" + remove_7 + "good 7\n")
            .status == CERTO_OK);
  const Outcome failed = run_recipe(
      recipe, "cleanup", sample_zone + get + "_acme-challenge TXT new 7\n" + remove_7 + "KO: locked\n");
  CHECK(failed.status == CERTO_FAILED);
  CHECK(failed.why.ends_with("answered 200: KO: locked"));
  CHECK(run_recipe(recipe, "cleanup",
                   sample_zone + get + "_acme-challenge TXT new 7\n" + remove_7 + "x badauth\n")
            .status == CERTO_CONFIG);
  const auto fault = [](const char* reply) {
    const std::string text =
        second({{"\"error\":", ("\"reply\": " + std::string(reply) + ", \"error\":").c_str()}});
    return error_of([&] { recipe::parse(text, "r.json"); }).message;
  };
  CHECK(fault("\"yaml\"") == "r.json:24: /reply: 'yaml' is not a form of replies");
  CHECK(fault("{\"text\": [\"\"]}") == "r.json:24: /reply: a separator is empty");
}

TEST_CASE("pages by offset, and by the Link header") {
  const auto by = [](const char* next) { return second({{"{\"url\": \"/next\"}", next}}); };
  const std::string url = "> GET https://api.example/v1/example.com/txt?offset=";
  const std::string two = "\n> Token: secret\n< 200\n< {\"n\":3,\"txt\":[{\"id\":1},{\"id\":2}]}\n";
  const std::string one = "\n> Token: secret\n< 200\n< {\"n\":3,\"txt\":[{\"id\":3}]}\n";
  CHECK(run_recipe(by(R"({"page": "offset", "first": 0, "step": 2, "size": 2})"), "cleanup",
                   sample_zone + url + "0" + two + url + "2" + one)
            .status == CERTO_OK);
  CHECK(run_recipe(by(R"({"page": "offset", "first": 0, "step": 2, "pages": "/n"})"), "cleanup",
                   sample_zone + url + "0" + two + url + "2" + one)
            .status == CERTO_OK);
  const std::string linked =
      "> GET https://api.example/v1/example.com/txt\n> Token: secret\n< 200 +headers\n< link: ";
  CHECK(
      run_recipe(
          by(R"({"link": "next"})"), "cleanup",
          sample_zone + linked +
              "<https://api.example/v1/x?p=1>; rel=\"prev\", <https://api.example/v1/x?p=3>; rel=\"next\"\n"
              "< \n< {\"txt\":[]}\n> GET https://api.example/v1/x?p=3\n> Token: secret\n< 200\n< {\"txt\":[]}\n")
          .status == CERTO_OK);
  CHECK(run_recipe(by(R"({"link": "next"})"), "cleanup",
                   sample_zone + linked + "<https://evil.example/v1/x>; rel=next\n< \n< {\"txt\":[]}\n")
            .why.starts_with("the next page of a list is on another host"));
}
