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

TEST_CASE("a line below its mark gives way to what stood there, also after a person's edits") {
  const Change replaced = change("   # certo:000000000001\n    New /x\n", "    Old \\\n      /y\n");
  CHECK(take_back("<A>\n   # certo:000000000001\n    New /x\n</A>\n", {replaced}).text ==
        "<A>\n    Old \\\n      /y\n</A>\n");
  CHECK(take_back("<A>\n\t# certo:000000000001\r\n\tNew /x\r\n</A>\n", {replaced}).text ==
        "<A>\n    Old \\\n      /y\n</A>\n");
  const TakenBack changed = take_back("# certo:000000000001\nNew /z\n", {replaced});
  CHECK(changed.text == "# certo:000000000001\nNew /z\n");
  CHECK(changed.kept == std::vector<std::string>{"New /z"});
  const Change at_end = change("\n # certo:000000000001\nNew /x");
  CHECK(take_back("</A>\n  # certo:000000000001\n New /x", {at_end}).text == "</A>");
  CHECK(take_back("</A>\n  # certo:000000000001\n New /x\nB\n", {at_end}).text == "</A>\nB\n");
}

TEST_CASE("certo's lines around what counts for plain http only are found in pairs") {
  const std::string begin = " # certo:000000000001\n<IfDefine !CERTO_TLS>\n",
                    end = " # certo:000000000002\n</IfDefine>\n";
  CHECK(without_plain_only("a\n" + begin + "b\n" + end + "c") == "a\nb\nc");
  CHECK(without_plain_only(begin + begin + "b\r\n" + end + end) == "b\r\n");
  CHECK(without_plain_only("a\n" + begin + "b") == "a\n" + begin + "b");
  CHECK(without_plain_only("a\n # certo:000000000003\n  RewriteCond %{HTTPS} !=on\nb") == "a\nb");
  CHECK(without_plain_only("a\nRewriteCond %{HTTPS} !=on\nb") == "a\nRewriteCond %{HTTPS} !=on\nb");
  CHECK(without_plain_only("a\n" + end + begin) == "a\n" + end + begin);
  CHECK(without_plain_only("<IfDefine !CERTO_TLS>\n</IfDefine>\n # certo:000000000001") ==
        "<IfDefine !CERTO_TLS>\n</IfDefine>\n # certo:000000000001");
}
