#include "base/exit.h"

#include <doctest/doctest.h>

#include <csignal>
#include <string>

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

TEST_CASE("each exit code is listed once, in order, with its meaning") {
  int last = -1;
  for (const ExitCode& code : exit_codes()) {
    CHECK(static_cast<int>(code.exit) > last);
    last = static_cast<int>(code.exit);
    if (code.exit != Exit::interrupted) CHECK(code.numbers == std::to_string(last));
    CHECK(std::string(code.meaning) != "");
  }
  CHECK(exit_codes().size() == 16);
}

TEST_CASE("code that catches an Error to continue does not catch a signal") {
  const auto act = [] {
    try {
      throw Interrupted(SIGTERM);
    } catch (const Error&) {
    }
  };
  CHECK_THROWS_AS(act(), Interrupted);
}

TEST_CASE("an error with more context keeps its code and its hint") {
  Error inner(Exit::later, "rate limited", "wait");
  const Error outer = inner.within("example.com");
  CHECK(outer.message == "example.com: rate limited");
  CHECK(outer.code == Exit::later);
  CHECK(outer.hint == "wait");
}
