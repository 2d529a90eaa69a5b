#include "net/authority.h"

#include <doctest/doctest.h>

using namespace certo::net;

TEST_CASE("names are within zones") {
  CHECK(is_within("a.example.com", "example.com"));
  CHECK(is_within("example.com", "example.com"));
  CHECK_FALSE(is_within("badexample.com", "example.com"));
  CHECK(parent("a.example.com") == "example.com");
  CHECK(parent("com").empty());
  CHECK(canonical("A.Example.") == "a.example");
}
