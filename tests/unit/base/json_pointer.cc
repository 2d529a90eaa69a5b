#include "base/json_pointer.h"

#include <doctest/doctest.h>

#include "base/error.h"

using namespace certo;

TEST_CASE("a pointer leads through objects and lists") {
  const Json json = parse_json(R"({"a":{"b/c":[10,{"~":true}]}})", "x", Exit::bug);
  CHECK(follow(json, "") == &json);
  CHECK(follow(json, "/a/b~1c/0")->integer() == 10);
  CHECK(follow(json, "/a/b~1c/1/~0")->boolean());
  for (const char* nowhere : {"/b", "/a/b~1c/2", "/a/b~1c/x", "/a/b~1c/0/0", "a", "/a~2"}) {
    CAPTURE(nowhere);
    CHECK(follow(json, nowhere) == nullptr);
  }
}

TEST_CASE("the line of a mistake in a JSON text is found") {
  const auto line = [](const char* text) { return JsonLines(text).fault().value_or(0); };
  CHECK(line("{\n\"a\": [1, 2.5e3, -0.5, true, null, \"x\\\"\"]\n}\n") == 0);
  CHECK(line("{\n\"a\": 1\n\"b\": 2}") == 3);
  CHECK(line("{\n\"a\": 1,\n}") == 3);
  CHECK(line("{\n\"a\": 1,\n\"a\": 2}") == 3);
  CHECK(line("{\n\"a\": \"b\n\"}") == 2);
  CHECK(line("[1,\n2") == 2);
  for (const char* number : {"01", "1.", "-", "1.e3", "+1", ".5", "inf", "0x1"}) {
    CAPTURE(number);
    CHECK(line(("[1,\n" + std::string(number) + "]").c_str()) == 2);
  }
  CHECK(line("[\n\"\\q\"]") == 2);
  CHECK(line("{}\n{}") == 2);
  CHECK(line("") == 1);
}
