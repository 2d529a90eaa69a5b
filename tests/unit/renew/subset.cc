#include "renew/subset.h"

#include "acme/flow.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::renew;

namespace {

const std::vector<crypto::Identifier> asked =
    crypto::identifiers({"a.example", "*.b.example", "b.example", "192.0.2.1"});

acme::Problem problem(const std::string& type, const std::string& detail,
                      const std::string& identifier = "") {
  return {.type = type,
          .detail = detail,
          .instance = "",
          .identifier = identifier,
          .algorithms = {},
          .subproblems = {}};
}

std::string names(const Error& error) {
  std::string text;
  for (const LeftOut& one : refused_names(error, asked)) text += one.identifier.value + ";";
  return text;
}

}  // namespace

TEST_CASE("the names that the CA did not validate are left out, a wildcard apart from its base") {
  acme::Unproven error(Exit::failed, "two names failed");
  error.names = {{"*.b.example", "no record"}, {"192.0.2.1", "refused"}, {"evil.example", "?"}};
  CHECK(names(error) == "*.b.example;192.0.2.1;");
  CHECK(describe(refused_names(error, asked)) == "*.b.example (no record), 192.0.2.1 (refused)");
}

TEST_CASE("names in the CA's problem are left out: in subproblems, or in quotation marks") {
  acme::Problem several = problem("compound", "several");
  several.subproblems = {problem("caa", "forbidden", "a.example"),
                         problem("caa", "forbidden", "other.example")};
  CHECK(names(acme::Refusal(403, several, {})) == "a.example;");
  CHECK(names(acme::Refusal(400, problem("rejectedIdentifier", "Cannot issue for \"b.example\": policy"),
                            {})) == "b.example;");
  acme::Unproven invalid(Exit::failed, "the order is invalid");
  invalid.order_problem = problem("caa", "rechecking", "a.example");
  CHECK(names(invalid) == "a.example;");
}

TEST_CASE("what is not about names leaves none out") {
  CHECK(names(Error(Exit::unreachable, "\"a.example\" is down")).empty());
  CHECK(names(acme::Refusal(429, problem("rateLimited", "too many for \"a.example\""), {})).empty());
  CHECK(names(acme::Refusal(400, problem("malformed", "a.example without quotation marks"), {})).empty());
  CHECK(names(acme::Refusal(500, problem("serverInternal", "\"a.example\""), {})).empty());
}
