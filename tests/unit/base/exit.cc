#include "base/exit.h"

#include <doctest/doctest.h>

#include "base/error.h"

using namespace certo;

TEST_CASE("of several exit codes the gravest wins, whichever comes first") {
  CHECK(worst(Exit::later, Exit::bug) == Exit::bug);
  CHECK(worst(Exit::protocol, Exit::config) == Exit::protocol);
  CHECK(worst(Exit::failed, Exit::config) == Exit::config);
  CHECK(worst(Exit::not_installed, Exit::failed) == Exit::failed);
  CHECK(worst(Exit::later, Exit::unreachable) == Exit::unreachable);
  CHECK(worst(Exit::person_needed, Exit::later) == Exit::later);
  CHECK(worst(Exit::ok, Exit::person_needed) == Exit::person_needed);
  CHECK(worst(Exit::ok, Exit::ok) == Exit::ok);
}

TEST_CASE("an error told from further out keeps its code, hint and signal") {
  Error inner(Exit::later, "rate limited", "wait");
  inner.signal = 2;
  const Error outer = inner.within("example.com");
  CHECK(outer.message == "example.com: rate limited");
  CHECK(outer.code == Exit::later);
  CHECK(outer.hint == "wait");
  CHECK(outer.signal == 2);
}
