// Recipes whose requests carry all records of a zone.
#include "fixtures/recipe_run.h"
#include "fixtures/recipe_text.h"
#include "fixtures/support.h"
#include "recipe/rehearsal.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

/// sample_text with batches, and with one change.
std::string batch_recipe(const std::string& before = "", const std::string& after = "") {
  std::string text = with("\"recipe\": 1", "\"recipe\": 2");
  const size_t begin = text.find("    \"add\": "), end = text.find("  },\n  \"error\"");
  text.replace(begin, end - begin, R"(    "record": {"name": "{sub}", "text": "{value}"},
    "removed": "{id}",
    "add": {"method": "POST", "url": "/{zone}/txt", "json": {"add": "{records}"}, "success": [409]},
    "remove": {"method": "POST", "url": "/{zone}/txt/removal", "json": "{records}"}
)");
  const size_t at = text.find(before);
  REQUIRE(at != text.npos);
  return text.replace(at, before.size(), after);
}

const std::vector<Record> three = {{"_acme-challenge.example.com", "one", 60},
                                   {"_acme-challenge.example.com", "two", 60},
                                   {"_acme-challenge.www.example.com", "three", 60}};
const std::string both_zones = sample_zone + "> ZONE _acme-challenge.www.example.com\n< example.com\n";
const std::string url = "https://api.example/v1/example.com/txt";

std::string item(const std::string& name, const std::string& value) {
  return R"({"name":"_acme-challenge)" + name + R"(","text":")" + value + "\"}";
}

std::string held(int id, const std::string& name, const std::string& value) {
  return "{\"id\":" + std::to_string(id) + "," + item(name, value).substr(1);
}

std::string list(const std::string& items) {
  return "> GET " + url + "\n> Token: secret\n< 200\n< {\"txt\":[" + items + "]}\n";
}

std::string post(const std::string& path, const std::string& body, const std::string& answer) {
  return "> POST " + url + path + "\n> Token: secret\n> Content-Type: application/json\n> \n> " + body +
         "\n< " + answer + "\n";
}

std::string add(const std::string& items, const std::string& answer = "201") {
  return post("", "{\"add\":[" + items + "]}", answer);
}

Outcome run_batch(const char* action, const std::string& transcript,
                  const std::vector<Record>& records = three) {
  return run_recipe(batch_recipe(), action, transcript, {{"EXAMPLE_TOKEN", "secret"}}, records);
}

std::string fault_of(const std::string& text) {
  return error_of([&] { recipe::parse(text, "r.json"); }).message;
}

const std::string one = item("", "one"), two = item("", "two"), other = item(".www", "three");

}  // namespace

TEST_CASE("certo adds all records of a zone in one request") {
  CHECK(run_batch("present", both_zones + list(held(1, "", "foreign")) + add(one + "," + two + "," + other))
            .status == CERTO_OK);
  CHECK(run_batch("present", sample_zone + list("") + add(one), {three[0], three[0]}).status == CERTO_OK);
}

TEST_CASE("what exists already is not a part of the request, and nothing is sent for nothing") {
  CHECK(run_batch("present", both_zones + list(held(1, "", "one")) + add(two + "," + other)).status ==
        CERTO_OK);
  CHECK(run_batch("present", both_zones + list(held(1, "", "one") + "," + held(2, "", "two") + "," +
                                               held(3, ".www", "three")))
            .status == CERTO_OK);
  CHECK(run_batch("cleanup", both_zones + list(held(1, "", "foreign"))).status == CERTO_OK);
}

TEST_CASE("certo removes all records of a zone in one request") {
  CHECK(run_batch("cleanup",
                  both_zones +
                      list(held(1, "", "one") + "," + held(2, "", "foreign") + "," + held(3, "", "two") +
                           "," + held(4, ".www", "three") + "," + held(5, "", "one")) +
                      post("/removal", "[1,5,3,4]", "200"))
            .status == CERTO_OK);
}

TEST_CASE("if the service refuses a batch, certo looks again and sends each record that is missing alone") {
  const std::string refused = add(one + "," + two + "," + other, "400\n< {\"why\":\"one of them\"}");
  const std::string start = both_zones + list("") + refused + list(held(1, "", "one"));
  CHECK(run_batch("present", start + add(two) + add(other)).status == CERTO_OK);
  const Outcome outcome =
      run_batch("present", start + add(two, "400\n< {\"why\":\"two is wrong\"}") + add(other));
  CHECK(outcome.status == CERTO_FAILED);
  CHECK(outcome.why == "POST " + url + " answered 400: two is wrong");
  CHECK_FALSE(outcome.untouched);
}

TEST_CASE("if a record of a batch exists by now, the others are added") {
  CHECK(run_batch("present", both_zones + list("") + add(one + "," + two + "," + other, "409") +
                                 list(held(1, "", "two")) + add(one) + add(other, "409"))
            .status == CERTO_OK);
}

TEST_CASE("a zone is published after a batch that was refused, because some of it may have been done") {
  const std::string recipe =
      batch_recipe("\"remove\":", R"("publish": {"method": "POST", "url": "/{zone}/txt/done"}, "remove":)");
  const std::string all = both_zones + list("") + add(one + "," + two + "," + other, "400");
  const std::string there =
      list(held(1, "", "one") + "," + held(2, "", "two") + "," + held(3, ".www", "three"));
  CHECK(run_recipe(recipe, "present", all + there + "> POST " + url + "/done\n> Token: secret\n< 200\n",
                   {{"EXAMPLE_TOKEN", "secret"}}, three)
            .status == CERTO_OK);
}

TEST_CASE("a batch is not taken apart if the credentials are refused, or the service is in trouble") {
  const std::string start = both_zones + list("");
  const std::string all = one + "," + two + "," + other;
  CHECK(run_batch("present", start + add(all, "401")).status == CERTO_CONFIG);
  CHECK(run_batch("present", start + add(all, "503")).status == CERTO_UNREACHABLE);
  CHECK(run_batch("present", start + add(all, "lost")).status == CERTO_UNREACHABLE);
}

TEST_CASE("each zone has its own request, and 50 records are the most of one") {
  const std::string other_zone = "> ZONE _acme-challenge.example.org\n< example.org\n";
  CHECK(
      run_batch("cleanup",
                sample_zone + other_zone + list(held(1, "", "one")) + post("/removal", "[1]", "200") +
                    "> GET https://api.example/v1/example.org/txt\n> Token: secret\n< 200\n< {\"txt\":[]}\n",
                {three[0], {"_acme-challenge.example.org", "x", 60}})
          .status == CERTO_OK);

  std::vector<Record> many;
  std::string first, last;
  for (int i = 0; i < 52; ++i) {
    const std::string value = "v" + std::to_string(i);
    many.push_back({"_acme-challenge.example.com", value, 60});
    std::string& items = i < 50 ? first : last;
    items += (items.empty() ? "" : ",") + item("", value);
  }
  CHECK(run_batch("present", sample_zone + list("") + add(first) + add(last), many).status == CERTO_OK);
}

TEST_CASE("a rehearsal shows a batch with its record") {
  const recipe::Rehearsal shown =
      recipe::rehearse(recipe::parse(batch_recipe(), "r.json"), "_acme-challenge.example.com", "example.com");
  CHECK(shown.present.find("\n  {\"add\":[{\"name\":\"_acme-challenge\",\"text\":\"{value}\"}]}\n") !=
        std::string::npos);
  CHECK(shown.cleanup.find("\n  [\"{id}\"]\n") != std::string::npos);
}

TEST_CASE("a mistake in a batch is named") {
  CHECK(fault_of(with("\"add\":", "\"record\": {}, \"add\":")) ==
        "r.json:21: /records/record: version 1 of the format does not have it");
  CHECK(fault_of(batch_recipe("\"text\": \"{value}\"},", "\"text\": \"\"},")) ==
        "r.json:21: /records/record: does not contain the value");
  CHECK(fault_of(batch_recipe("\"{id}\",", "\"{idd}\",")) ==
        "r.json:22: /records/removed: {idd} is not known here");
  CHECK(fault_of(batch_recipe("{\"add\": \"{records}\"}", "{\"add\": \"\"}")) ==
        "r.json:23: /records/add: does not contain {records} in \"json\"");
  CHECK(fault_of(batch_recipe("{\"add\": \"{records}\"}", "{\"add\": \"{value}\"}")) ==
        "r.json:23: /records/add/json/add: {value} is not known here");
  CHECK(fault_of(batch_recipe("\"error\":", "\"single\": true, \"error\":")) ==
        "r.json:21: /records/record: a service that holds one value has no batches");
}
