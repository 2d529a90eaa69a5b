#include "webserver/take_back.h"

#include <doctest/doctest.h>

using namespace certo::webserver;

namespace {

Change change(std::string added, std::string removed = "") {
  return {.part = EditPart::proof,
          .file = "/x",
          .at = 0,
          .removed = std::move(removed),
          .added = std::move(added)};
}
constexpr const char *one = " # certo:000000000001", *two = " # certo:000000000002";

}  // namespace

TEST_CASE("what certo added gives way to what stood there, and every other byte stays") {
  const Change lines = change(std::string("  a;") + one + "\n  b;" + two + "\n");
  CHECK(take_back("{\n  a; # certo:000000000001\n  b; # certo:000000000002\n  c;\n}", {lines}).text ==
        "{\n  c;\n}");
  const Change replaced = change(std::string("new;") + one, "old\n  /x;");
  CHECK(take_back("a; new; # certo:000000000001 # mine\n", {replaced}).text == "a; old\n  /x; # mine\n");
  // Another text was inserted at the same place.
  const Change first = change(std::string(" a;") + one + "\n"),
               second = change(std::string(" b;") + two + "\n");
  const std::string both = "{ b; # certo:000000000002\n a; # certo:000000000001\nc;}";
  CHECK(take_back(both, {first}).text == "{ b; # certo:000000000002\nc;}");
  CHECK(take_back(both, {second}).text == "{ a; # certo:000000000001\nc;}");
  CHECK(take_back(both, {first, second}).text == "{c;}");
}

TEST_CASE("after a person's edits, the lines that are still there go") {
  const Change lines = change(std::string("  a;") + one + "\n  b;" + two + "\n");
  CHECK(take_back("{\n\ta; # certo:000000000001\n  mine;\n  b; # certo:000000000002\n}", {lines}).text ==
        "{\n  mine;\n}");
  CHECK(take_back("{\n  a;\t\t# certo:000000000001\n   b;   # certo:000000000002\r\n}", {lines}).text ==
        "{\n}");
  CHECK(take_back("{\n  b; # certo:000000000002\n}", {lines}).text == "{\n}");
  CHECK(take_back("{\n}", {lines}).text == "{\n}");
  const TakenBack changed =
      take_back("{\n  a 2; # certo:000000000001\n  b; # mine, certo:000000000002\n}", {lines});
  CHECK(changed.text == "{\n  a 2; # certo:000000000001\n  b; # mine, certo:000000000002\n}");
  CHECK(changed.kept ==
        std::vector<std::string>{"a 2; # certo:000000000001", "b; # mine, certo:000000000002"});
  CHECK(take_back("{\n  a; # certo:000000000001 # why\n}", {lines}).text == "{\n  # why\n}");
  // After a brace.
  const Change short_lines = change(std::string(" a;") + one + "\n b;" + two + "\n");
  CHECK(take_back("{ a; # certo:000000000001\n mine;\n b; # certo:000000000002\nc;}", {short_lines}).text ==
        "{ mine;\nc;}");
  const Change replaced = change(std::string("new;") + one + "\n", "old;");
  CHECK(take_back("x; new; # certo:000000000001  \n", {replaced}).text == "x; old; \n");
  CHECK(take_back("x;\n\tnew;\t# certo:000000000001\n b;\n", {replaced}).text == "x;\n\told; b;\n");
  const Change free_line = change(std::string("new;") + one, "old;");
  CHECK(take_back("x;\n\tnew;\t# certo:000000000001\n b;\n", {free_line}).text == "x;\n\told;\n b;\n");
}
