// --dns-persist without an answer of DNS, and what an order and its challenges ask for.
// tests/e2e/dns_persist.sh has records.
#include "challenge/dns_persist.h"

#include "challenge/methods.h"
#include "fixtures/support.h"
#include "os/file.h"

using namespace certo;
using namespace certo::challenge;
using namespace certo::test;

namespace {

struct Persistent {
  TempDir temporary;
  store::Home home{temporary / "home"};
  std::unique_ptr<acme::Solver> solver =
      make_solver(home, store::DnsPersist{{{"127.0.0.1:1"}}},  // nothing listens there: refused at once
                  {.deadline = Deadline(Millis(50))});
};

acme::Task task(const acme::PersistOffer& offer) {
  acme::Task task;
  task.identifier = {"dns", "example.com"};
  task.type = "dns-persist-01";
  task.persist = offer;
  return task;
}

const acme::PersistOffer offer{{"ca.example"}, {"https://ca.example/1"}};

}  // namespace

TEST_CASE("dns-persist-01 proves names and wildcards, and no addresses") {
  const Persistent persistent;
  acme::Authorization authorization;
  authorization.identifier = {"dns", "example.com"};
  CHECK(persistent.solver->types(authorization) == std::vector<std::string>{"dns-persist-01"});
  authorization.wildcard = true;
  CHECK(persistent.solver->types(authorization) == std::vector<std::string>{"dns-persist-01"});
  authorization = {};
  authorization.identifier = {"ip", "192.0.2.1"};
  CHECK(persistent.solver->types(authorization).empty());
}

TEST_CASE("if DNS does not answer, the CA decides") {
  const Persistent persistent;
  CHECK_NOTHROW(persistent.solver->check({{{"dns", "example.com"}, {"dns", "*.example.com"}}, offer}));
  CHECK_NOTHROW(persistent.solver->present({task(offer)}));
  persistent.solver->cleanup();
  CHECK_FALSE(os::exists(persistent.home.presented()));
}

TEST_CASE("a challenge of a format that certo does not know is not answered") {
  const Persistent persistent;
  const Error error = error_of([&] { persistent.solver->present({task({{}, {"https://ca.example/1"}})}); });
  CHECK(error.code == Exit::protocol);
  CHECK(error.message ==
        "example.com: the CA's challenge of dns-persist-01 does not name the CA as "
        "draft-ietf-acme-dns-persist-01 says");
}

TEST_CASE("a record is published by a service, and not by a person") {
  const Persistent persistent;
  store::Dns way;
  way.provider = "no-such-service";
  CHECK(error_of([&] { publish_persistent(persistent.home, way, {}, {}, offer); }).code == Exit::config);
}
