// The faults of chains that servers present.
#include "status/endpoint.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "fixtures/certificates.h"

using namespace certo;
using namespace certo::status;
using namespace certo::test;
using std::chrono::days;

namespace {

/// A trusted root with an intermediate, and certificates from it.
struct Scene {
  Authority root = make_ca("Root");
  Authority intermediate = make_ca("Intermediate", &root);
  crypto::PrivateKey key = crypto::PrivateKey::generate(crypto::KeyType::ec256);
  net::Roots roots{crypto::pem(root.certificate)};

  crypto::Certificate leaf(const std::string& name, Seconds left = days(80), Bytes serial = {0x01}) const {
    return make_leaf(
        intermediate, key.public_key(),
        {.identifiers = dns({name}), .not_after = test_time + left, .serial = std::move(serial)});
  }
  std::vector<crypto::Certificate> chain(const std::string& name, Seconds left = days(80),
                                         Bytes serial = {0x01}) const {
    return {leaf(name, left, std::move(serial)), intermediate.certificate};
  }
  Endpoint judged(std::vector<crypto::Certificate> chain,
                  const std::vector<crypto::Certificate>* ours = nullptr) const {
    return judged(std::vector<Sighting>{{.family = 4, .address = "192.0.2.1", .chain = std::move(chain)}},
                  ours);
  }
  Endpoint judged(const std::vector<Sighting>& seen,
                  const std::vector<crypto::Certificate>* ours = nullptr) const {
    Endpoint endpoint{.server = "example.com:443"};
    judge(endpoint, seen, {.name = "example.com", .ours = ours, .roots = &roots}, {}, test_time);
    return endpoint;
  }
};

std::vector<Kind> kinds(const Endpoint& endpoint) {
  std::vector<Kind> found;
  for (const Finding& one : endpoint.findings) found.push_back(one.kind);
  return found;
}

using Kinds = std::vector<Kind>;

}  // namespace

TEST_CASE("a whole chain of a trusted CA has no fault, in any order, with or without its root") {
  const Scene scene;
  auto chain = scene.chain("example.com");
  CHECK(kinds(scene.judged(chain)).empty());
  chain.push_back(scene.root.certificate);
  CHECK(kinds(scene.judged(chain)).empty());
  std::swap(chain[1], chain[2]);
  const Endpoint endpoint = scene.judged(chain);
  CHECK(kinds(endpoint).empty());
  CHECK(endpoint.level == Level::ok);
  CHECK(endpoint.served.at(0).names == std::vector<std::string>{"example.com"});
}

TEST_CASE("a chain without its intermediate is incomplete") {
  const Scene scene;
  const Endpoint endpoint = scene.judged(std::vector{scene.leaf("example.com")});
  CHECK(kinds(endpoint) == Kinds{Kind::incomplete_chain});
  CHECK(endpoint.level == Level::crit);
  CHECK(endpoint.findings[0].what.find("alone") != std::string::npos);
}

TEST_CASE("self-signed, from an unknown root, for another name, expired") {
  const Scene scene;
  const Authority self = make_ca("example.com");
  CHECK(std::ranges::count(kinds(scene.judged(std::vector{self.certificate})), Kind::self_signed) == 1);

  const Authority other = make_ca("Other Root");
  const auto theirs = make_leaf(other, scene.key.public_key(), {.identifiers = dns({"example.com"})});
  CHECK(kinds(scene.judged({theirs, other.certificate})) == Kinds{Kind::untrusted});
  CHECK(kinds(scene.judged(scene.chain("example.org"))) == Kinds{Kind::wrong_name});
  CHECK(kinds(scene.judged(scene.chain("example.com", days(-1)))) == Kinds{Kind::expired});
  CHECK(kinds(scene.judged(scene.chain("example.com", std::chrono::hours(5)))) == Kinds{Kind::expiring});
}

TEST_CASE("a root of the same name that has not signed it is not its root") {
  const Scene scene, other;
  CHECK(kinds(scene.judged(other.chain("example.com"))) == Kinds{Kind::incomplete_chain});
}

TEST_CASE("another certificate than that of the store") {
  const Scene scene;
  const auto ours = scene.chain("example.com", days(90), {0x07});
  CHECK(kinds(scene.judged(ours, &ours)).empty());
  const Endpoint endpoint = scene.judged(scene.chain("example.com", days(60), {0x06}), &ours);
  CHECK(kinds(endpoint) == Kinds{Kind::other_certificate});
  CHECK(endpoint.level == Level::warn);
}

TEST_CASE("a certificate of a private CA is as it is in the store") {
  const Scene scene, private_scene;
  const auto ours = private_scene.chain("example.com");
  CHECK(kinds(scene.judged(ours, &ours)).empty());
  CHECK(kinds(scene.judged(std::vector{ours.front()}, &ours)) == Kinds{Kind::incomplete_chain});
}

TEST_CASE("a finding names the address family only if the families differ") {
  const Scene scene;
  const auto good = scene.chain("example.com"), bad = scene.chain("example.org");
  const Endpoint one =
      scene.judged(std::vector<Sighting>{{.family = 4, .address = "192.0.2.1", .chain = good},
                                         {.family = 6, .address = "2001:db8::1", .chain = bad}});
  REQUIRE(kinds(one) == Kinds{Kind::wrong_name});
  CHECK(one.findings[0].what.starts_with("over IPv6 (2001:db8::1): "));
  const Endpoint both =
      scene.judged(std::vector<Sighting>{{.family = 4, .chain = bad}, {.family = 6, .chain = bad}});
  REQUIRE(kinds(both) == Kinds{Kind::wrong_name});
  CHECK(both.findings[0].what.starts_with("its certificate"));
}

TEST_CASE("an address family that the host lacks is not a fault, and one that does not answer is") {
  const Scene scene;
  const Sighting good{.family = 4, .chain = scene.chain("example.com")};
  CHECK(kinds(scene.judged(
                  std::vector<Sighting>{good, {.family = 6, .is_absent = true, .failure = "no address"}}))
            .empty());
  const Endpoint half = scene.judged(std::vector<Sighting>{good, {.family = 6, .failure = "no connection"}});
  CHECK(kinds(half) == Kinds{Kind::unreachable});
  CHECK(half.level == Level::warn);
  const Endpoint none = scene.judged(std::vector<Sighting>{{.family = 4, .failure = "no connection"},
                                                           {.family = 6, .failure = "no connection"}});
  CHECK(kinds(none) == Kinds{Kind::unreachable});
  CHECK(none.level == Level::crit);
  const Endpoint nowhere = scene.judged(std::vector<Sighting>{
      {.family = 4, .is_absent = true, .failure = "?"}, {.family = 6, .is_absent = true, .failure = "?"}});
  CHECK(kinds(nowhere) == Kinds{Kind::unreachable});
}

TEST_CASE("a guess at which nobody answers raises no alarm") {
  Endpoint endpoint{.server = "example.com:443", .is_guessed = true};
  judge(endpoint, {{.family = 4, .failure = "connection refused"}}, {.name = "example.com"}, {}, test_time);
  CHECK(endpoint.level == Level::ok);
  CHECK(endpoint.findings.size() == 1);
}

TEST_CASE("a certificate is for a name as RFC 6125 has it") {
  const Scene scene;
  const auto leaf =
      make_leaf(scene.root, scene.key.public_key(),
                {.identifiers = {{"dns", "example.com"}, {"dns", "*.example.org"}, {"ip", "192.0.2.1"}}});
  for (const char* good : {"example.com", "EXAMPLE.com.", "www.example.org", "192.0.2.1"})
    CHECK(is_for(leaf, good));
  for (const char* bad :
       {"www.example.com", "example.org", "a.b.example.org", ".example.org", "192.0.2.2", "", "::1"})
    CHECK_FALSE(is_for(leaf, bad));
}
