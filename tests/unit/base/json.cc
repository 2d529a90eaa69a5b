#include "base/json.h"
#include "base/json_pointer.h"

#include <doctest/doctest.h>

#include <limits>

#include "fixtures/support.h"

using namespace certo;
using certo::test::error_of;

namespace {

Json parse(std::string_view text) { return parse_json(text, "the document", Exit::protocol); }

std::string refusal(std::string_view text) {
  const Error error = error_of([&] { parse(text); });
  CHECK(error.code == Exit::protocol);
  return error.message;
}

std::string nested(size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

}  // namespace

TEST_CASE("a document keeps its types and the order of its members") {
  const Json json = parse(R"({"z":[1,-2.5,true,null],"a":{"b":"é\n"}})");
  CHECK(json.members()[0].first == "z");
  CHECK(json.find("z")->items()[0].integer() == 1);
  CHECK(json.find("z")->items()[1].number() == -2.5);
  CHECK(json.find("z")->items()[2].boolean());
  CHECK(json.find("z")->items()[3].is_null());
  CHECK(json.find("a")->find("b")->string() == "é\n");
  CHECK(json.find("c") == nullptr);
  CHECK(to_json(json) == R"({"z":[1,-2.5,true,null],"a":{"b":"é\n"}})");
}

TEST_CASE("escapes mean the characters that they stand for") {
  CHECK(parse(R"("\u0041\/\ud83d\ude00")").string() == "A/😀");
}

TEST_CASE("32 levels are read, 33 are not") {
  CHECK(parse(nested(32)).is_array());
  CHECK(refusal(nested(33)) == "the document is not JSON: it is nested deeper than 32");
  CHECK(refusal(nested(100000)).find("deeper") != std::string::npos);
  CHECK(refusal(std::string(100000, '[')).find("not JSON") != std::string::npos);
  const std::string inside = std::string(32, '[') + "1" + std::string(32, ']');
  CHECK(parse(inside).is_array());
}

TEST_CASE("32 levels of objects are read, 33 are not") {
  const auto objects = [](size_t depth) {
    std::string text = "1";
    for (size_t i = 0; i < depth; ++i) text = "{\"a\":" + text + "}";
    return text;
  };
  CHECK(parse(objects(32)).is_object());
  CHECK(refusal(objects(33)).find("deeper than 32") != std::string::npos);
}

TEST_CASE("a document of 1 MiB is read, a longer one is not") {
  const std::string longest = "\"" + std::string((1 << 20) - 2, 'a') + "\"";
  CHECK(parse(longest).string().size() == (1 << 20) - 2);
  CHECK(refusal(longest + " ") == "the document is not JSON: it is longer than 1 MiB");
  CHECK(parse_json(longest + " ", "the document", Exit::bad_input, 2 << 20).string().size() == (1 << 20) - 2);
}

TEST_CASE("a key that occurs twice is refused, however it is spelt") {
  CHECK(refusal(R"({"a":1,"b":2,"a":3})") == "the document is not JSON: \"a\" occurs twice in one object");
  CHECK(refusal(R"([{"a":1,"\u0061":2}])").find("twice") != std::string::npos);
  CHECK(parse(R"([{"a":1},{"a":2}])").items().size() == 2);
}

TEST_CASE("NUL is refused in strings and keys") {
  CHECK(refusal(R"("a\u0000b")") == "the document is not JSON: a string holds NUL");
  CHECK(refusal(R"({"a\u0000b":1})") == "the document is not JSON: a string holds NUL");
  CHECK(refusal(std::string_view("\"a\0b\"", 5)).find("not JSON") != std::string::npos);
}

TEST_CASE("what is not JSON is refused") {
  for (const char* text : {"",         " ",        "{",           "[1,]",        "[1] 2",
                           "{} {}",    "{'a':1}",  "nul",         "01",          "1e999",
                           "\"\x01\"", "\"\xff\"", "\"abc",       "{\"a\" 1}",   "[1]x",
                           "NaN",      "// c\n1",  "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"",
                           "-",        "1.e3"}) {
    CAPTURE(text);
    CHECK(refusal(text).starts_with("the document is not JSON: "));
  }
}

TEST_CASE("integers beyond 64 bits are doubles, those within are exact") {
  CHECK(parse("9223372036854775807").integer() == INT64_MAX);
  CHECK(parse("-9223372036854775808").integer() == INT64_MIN);
  CHECK(parse("9223372036854775808").number() == 9223372036854775808.0);
  CHECK_FALSE(parse("9223372036854775808").is_integer());
  const Json mixed = parse(R"({"serial":100000000000000000000000,"n":7,"s":"100000000000000000000000\"1e"})");
  CHECK(mixed.find("serial")->number() == 1e23);
  CHECK(mixed.find("n")->integer() == 7);
  CHECK(mixed.find("s")->string() == "100000000000000000000000\"1e");
}

TEST_CASE("written text can be read again, whatever the bytes") {
  Json json;
  json.set("controls", "\x01\x1b\x7f \"\\/\t");
  json.set("invalid", std::string("a\xff\0b", 4));
  json.set("hidden", "\u202e\xc2\x9b");
  json.set("half", 0.5).set("whole", 3.0).set("none", std::numeric_limits<double>::infinity());
  const std::string text = to_json(json);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("\u202e") == std::string::npos);
  const Json again = parse(text);
  CHECK(*again.find("controls") == *json.find("controls"));
  CHECK(*again.find("hidden") == *json.find("hidden"));
  CHECK(again.find("invalid")->string() == "a\ufffd\ufffdb");
  CHECK(*again.find("whole") == Json(3.0));
  CHECK(again.find("none")->is_null());
}

TEST_CASE("pretty JSON has two spaces of indent and ends with a newline") {
  const Json json = parse(R"({"a":[1,{}],"b":[]})");
  CHECK(to_pretty_json(json) == "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}\n");
}

TEST_CASE("a tree is built, changed and taken apart in place") {
  Json json;
  json.set("a", 1).set("b", "x");
  json.set("a", 2);
  CHECK(to_json(json) == R"({"a":2,"b":"x"})");
  json.erase("a");
  json.erase("never there");
  CHECK(to_json(json) == R"({"b":"x"})");
  Json list;
  list.push("x");
  list.push(nullptr);
  CHECK(to_json(list) == R"(["x",null])");
}

TEST_CASE("fields are typed, and null counts as absent") {
  const Json json = parse(R"({"s":"x","n":5,"b":true,"l":["p","q"],"mixed":["p",1],"o":{},"nil":null})");
  const Fields fields(json, "order", Exit::protocol);
  CHECK(fields.string("s") == "x");
  CHECK(fields.integer("n") == 5);
  CHECK(fields.boolean("b", false));
  CHECK(fields.boolean("nil", true));
  CHECK(fields.strings("l") == std::vector<std::string>{"p", "q"});
  CHECK(fields.strings("nil").empty());
  CHECK_FALSE(fields.optional_string("nil"));
  CHECK_FALSE(fields.optional_integer("gone"));
  CHECK(fields.optional_object("o") != nullptr);
  CHECK(fields.optional_array("gone") == nullptr);
}

TEST_CASE("a field that is missing or has the wrong type is an error that names it") {
  const Json json = parse(R"({"s":5,"f":1.5,"l":["p",1],"nil":null})");
  const Fields fields(json, "order", Exit::protocol);
  CHECK(error_of([&] { fields.string("s"); }).message == "order: \"s\" is not a string");
  CHECK(error_of([&] { fields.string("nil"); }).message == "order: \"nil\" is missing");
  CHECK(error_of([&] { fields.integer("f"); }).message == "order: \"f\" is not an integer");
  CHECK(error_of([&] { fields.array("gone"); }).message == "order: \"gone\" is missing");
  CHECK(error_of([&] { fields.strings("l"); }).message == "order: \"l\" is not an array of strings");
  CHECK(error_of([&] { fields.boolean("s", true); }).code == Exit::protocol);
  CHECK(error_of([&] { fields.optional_object("l"); }).message == "order: \"l\" is not an object");
  const Json list = Json::array();
  CHECK(error_of([&] { Fields(list, "order", Exit::bad_input); }).message == "order is not a JSON object");
}

// Each of these took minutes to hours while the work grew with the square of the text.
TEST_CASE("a hostile JSON text of 1 MiB is read in time that grows with its length only") {
  const size_t half = 1 << 19;
  const std::string digits = std::string(half, '7');
  const Json both = parse("{\"n\":" + std::string(40, '9') + ",\"s\":\"" + digits + "\"}");
  CHECK(both.find("n")->number() == doctest::Approx(1e40));
  CHECK(both.find("s")->string() == digits);
  CHECK_FALSE(parse("[" + std::string(300, '9') + ",\"" + digits + "\"]").items()[0].is_integer());
  CHECK(refusal("[" + digits + ",\"" + digits + "\"]") != "");  // beyond a double

  std::string escapes = "[18446744073709551616,\"";
  for (size_t i = 0; i < half / 2; ++i) escapes += "\\\"";
  CHECK(parse(escapes + "\"]").items()[1].string().size() == half / 2);

  std::string numbers = "[18446744073709551616";
  while (numbers.size() < (1 << 20) - 4) numbers += ",1";
  CHECK(parse(numbers + "]").items().back().integer() == 1);

  std::string members = "{\"a\":18446744073709551616";
  for (size_t i = 0; members.size() < (1 << 20) - 40; ++i)
    members += ",\"" + std::to_string(i) + "\":" + std::to_string(i);
  CHECK(parse(members + "}").members().size() > 50000);
}

TEST_CASE("a long integer is found behind quotes, escapes and other numbers") {
  const Json json =
      parse(R"(["\\\"", "1\"2", 12345678901234567890123, -12345678901234567890, 9223372036854775807])");
  CHECK(json.items()[0].string() == "\\\"");
  CHECK(json.items()[1].string() == "1\"2");
  CHECK(json.items()[2].number() == doctest::Approx(12345678901234567890123.0));
  CHECK_FALSE(json.items()[3].is_integer());
  CHECK(json.items()[4].integer() == INT64_MAX);
  CHECK(refusal("[18446744073709551616, \"x") != "");
  CHECK(refusal("[18446744073709551616, \"x\\") != "");
}

TEST_CASE("the lines of a hostile JSON text of 1 MiB take memory that grows with its length only") {
  const std::string key(1 << 19, 'k');
  std::string text = "{\"" + key + "\":\n{";
  for (size_t i = 0; text.size() < (1 << 20) - 40; ++i) text += "\"" + std::to_string(i) + "\":\n1,";
  const JsonLines lines(text + "\"last\":1}}");
  CHECK_FALSE(lines.fault());
  CHECK(lines.line_of("/" + key + "/0") == 2);
  CHECK(lines.line_of("/" + key + "/1") == 3);
  CHECK(lines.line_of("/" + key + "/none") == 1);
  CHECK(lines.line_of("/none/0") == 1);

  std::string pointer;
  for (size_t i = 0; i < (1 << 18); ++i) pointer += "~1";
  CHECK(pointer_steps("/" + pointer)->front().size() == 1 << 18);
}
