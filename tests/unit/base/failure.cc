// What a failure is in a document for programs.
#include "base/failure.h"

#include <doctest/doctest.h>

using namespace certo;

TEST_CASE("a failure has the members that it needs") {
  Json json = Json::object();
  set(json, {});
  CHECK(to_json(json) == "{}");
  set(json, failure_of(Error(Exit::failed, "a\nb", "do it")));
  CHECK(to_json(json) == R"({"error":"a\\x0ab","hint":"do it"})");
}

TEST_CASE("an explained failure keeps what certo has seen") {
  Explanation seen{.lines = {"a line"}};
  seen.findings.push(Json::object().set("level", "warning"));
  const Failure failure = failure_of(Explained(Error(Exit::failed, "refused"), seen));
  CHECK(failure.explanation.lines == seen.lines);
  Json json = Json::object();
  set(json, failure);
  CHECK(to_json(json) == R"({"error":"refused","findings":[{"level":"warning"}]})");
}
