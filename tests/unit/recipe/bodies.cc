// Requests whose bodies are text or XML.
#include "fixtures/recipe_run.h"
#include "fixtures/recipe_text.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::test;

namespace {

std::string fault_of(const std::string& text) {
  return error_of([&] { recipe::parse(text, "r.json"); }).message;
}

}  // namespace

TEST_CASE("a body of another content type is text, in which XML is escaped") {
  const std::string json = R"("json": {"name": "{sub}", "text": "{value}", "ttl": "{ttl}"})";
  const auto sends = [&](const std::string& type, const std::string& text, const std::string& sent) {
    std::string recipe = with(json, R"("body": {")" + type + "\": \"" + text + "\"}");
    recipe.replace(recipe.find("\"recipe\": 1"), 11, "\"recipe\": 2");
    const std::string url = "https://api.example/v1/example.com/txt\n> Token: secret\n";
    CHECK(run_recipe(recipe, "present",
                     sample_zone + "> GET " + url + "< 200\n< {\"txt\":[]}\n> POST " + url +
                         "> Content-Type: " + type + "\n> \n> " + sent + "\n< 201\n",
                     {{"EXAMPLE_TOKEN", "secret"}}, {{"_acme-challenge.example.com", "<a&b>", 60}})
              .status == CERTO_OK);
  };
  sends("text/plain", "{value} {ttl}", "<a&b> 60");
  sends("text/dns", "{fqdn} TXT {quoted}", "_acme-challenge.example.com. TXT \"<a&b>\"");
  sends("application/xml", "<r t='{ttl}'>{value}</r>", "<r t='60'>&lt;a&amp;b&gt;</r>");
  sends("text/xml; charset=utf-8", "<r>{value}</r>", "<r>&lt;a&amp;b&gt;</r>");
  sends("application/soap+xml", "<r>{value}</r>", "<r>&lt;a&amp;b&gt;</r>");
}

TEST_CASE("a mistake in a body is named") {
  const std::string json = R"("json": {"name": "{sub}", "text": "{value}", "ttl": "{ttl}"})";
  const auto fault = [&](const std::string& after, const std::string& version = "2") {
    std::string recipe = with(json, after);
    return fault_of(recipe.replace(recipe.find("\"recipe\": 1"), 11, "\"recipe\": " + version));
  };
  const std::string add = "r.json:21: /records/add";
  CHECK(fault(R"("body": {"text/plain": "x"})", "1") ==
        add + "/body: version 1 of the format does not have it");
  CHECK(fault(R"("body": "x")") == add + "/body: not an object");
  CHECK(fault(R"("body": {})") == add + "/body: not one content type and its text");
  CHECK(fault(R"("body": {"plain": "x"})") == add + "/body/plain: its name is not a content type");
  CHECK(fault(R"("body": {"text/plain": "{valeu}"})") ==
        add + "/body/text~1plain: {valeu} is not known here");
  CHECK(fault(R"("body": {"text/plain": "x"}, "json": {})") ==
        add + "/body: a request has one body, and another one is given already");
  CHECK(fault_of(with("\"recipe\": 1", "\"recipe\": 2")
                     .replace(with("\"recipe\": 1", "\"recipe\": 2").find("\"/{zone}/txt\"}"), 14,
                              "\"/{zone}/txt\", \"body\": {\"text/plain\": \"x\"}}")) ==
        "r.json:15: /records/list/request: a GET request has no body");
}
