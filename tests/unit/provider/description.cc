#include "provider/description.h"

#include "fixtures/support.h"
#include "provider/executable.h"

using namespace certo;
using namespace certo::provider;
using namespace certo::test;

namespace {

Description parse(const char* text) { return parse_description(text, "p: describe"); }

}  // namespace

TEST_CASE("a description selects the protocol of a provider") {
  const Description description =
      parse(R"({"certo-dns":1,"batch":true,"settings":["A_TOKEN","b2"],"propagation":7,"later":{}})");
  CHECK(description.batch);
  CHECK(description.settings == std::vector<std::string>{"A_TOKEN", "b2"});
  CHECK(description.propagation == Seconds(7));
}

TEST_CASE("a program that describes nothing speaks the plain protocol") {
  for (const char* text :
       {"", "usage: hook present|cleanup NAME VALUE\n", "[1]", "{}", R"({"batch":true})"}) {
    CAPTURE(text);
    const Description description = parse(text);
    CHECK_FALSE(description.batch);
    CHECK(description.settings.empty());
    CHECK(description.propagation == Seconds(120));
  }
}

TEST_CASE("a wrong description is reported, not ignored") {
  for (const char* text : {R"({"certo-dns":2})", R"({"certo-dns":"1"})", R"({"certo-dns":1,"batch":"yes"})",
                           R"({"certo-dns":1,"settings":["A=B"]})", R"({"certo-dns":1,"settings":[""]})",
                           R"({"certo-dns":1,"settings":["1A"]})"}) {
    CAPTURE(text);
    const Error error = error_of([&] { parse(text); });
    CHECK(error.code == Exit::config);
    CHECK(error.message.starts_with("p: describe"));
  }
}

TEST_CASE("the time to propagate has sensible limits") {
  CHECK(parse(R"({"certo-dns":1,"propagation":-1})").propagation == Seconds(0));
  CHECK(parse(R"({"certo-dns":1,"propagation":99999999})").propagation == Seconds(3600));
}

TEST_CASE("the last line that says something is the reason") {
  CHECK(last_line("warning: old\nerror: token expired\n\n  \n") == "error: token expired");
  CHECK(last_line("one") == "one");
  CHECK(last_line("error\r\n") == "error");
  CHECK(last_line(" \n\n").empty());
}
