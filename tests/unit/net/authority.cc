#include "net/authority.h"

#include <doctest/doctest.h>

using namespace certo::net;

TEST_CASE("names are within zones") {
  CHECK(is_within("a.example.com", "example.com"));
  CHECK(is_within("example.com", "example.com"));
  CHECK_FALSE(is_within("badexample.com", "example.com"));
  CHECK(parent("a.example.com") == "example.com");
  CHECK(parent("com").empty());
  CHECK(host_of("_abc._acme-challenge.a.example.com") == "a.example.com");
  CHECK(host_of("a._x.example.com") == "a._x.example.com");
  CHECK(host_of("_x").empty());
  CHECK(canonical("A.Example.") == "a.example");
}
