#include "net/path_rules.h"

#include <doctest/doctest.h>

#include "crypto/der.h"

using namespace certo;
using namespace certo::net;
namespace der = certo::crypto::der;

namespace {

Bytes name(const std::string& common_name) {
  if (common_name.empty()) return der::sequence({});
  return der::sequence({der::set(
      {der::sequence({der::oid("\x55\x04\x03"), der::element(der::utf8_string, {as_bytes(common_name)})})})});
}

Bytes dns(const std::string& text) { return der::element(der::context(2, false), {as_bytes(text)}); }
Bytes ip(const Bytes& bytes) { return der::element(der::context(7, false), {bytes}); }
Bytes email(const std::string& text) { return der::element(der::context(1, false), {as_bytes(text)}); }
Bytes directory(const std::string& common_name) {
  return der::element(der::context(4, true), {name(common_name)});
}

Bytes alt_names(const std::vector<Bytes>& names) {
  return der::sequence({der::oid("\x55\x1d\x11"), der::octet_string(der::sequence({der::concat(names)}))});
}

Bytes subtrees(uint8_t which, const std::vector<Bytes>& bases) {
  std::vector<Bytes> list;
  for (const Bytes& base : bases) list.push_back(der::sequence({base}));
  return der::element(der::context(which, true), {der::concat(list)});
}

Bytes constraints(const std::vector<Bytes>& permitted, const std::vector<Bytes>& excluded = {}) {
  Bytes both;
  if (!permitted.empty()) both = subtrees(0, permitted);
  if (!excluded.empty()) both = der::concat({both, subtrees(1, excluded)});
  const uint8_t yes[] = {0xff};
  return der::sequence({der::oid("\x55\x1d\x1e"), der::element(der::boolean, {yes}),
                        der::octet_string(der::sequence({both}))});
}

template <size_t Size>
Bytes policies(const char (&oid)[Size]) {
  return der::sequence(
      {der::oid("\x55\x1d\x20"), der::octet_string(der::sequence({der::sequence({der::oid(oid)})}))});
}

Bytes requires_policy(uint8_t after) {
  const uint8_t value[] = {after};
  return der::sequence({der::oid("\x55\x1d\x24"),
                        der::octet_string(der::sequence({der::element(der::context(0, false), {value})}))});
}

/// The fault of a server's certificate with `server` extensions, below an intermediate, below a root.
std::string fault(const std::vector<Bytes>& root, const std::vector<Bytes>& intermediate,
                  const std::vector<Bytes>& server, const std::string& subject = "") {
  const auto extensions = [](const std::vector<Bytes>& list) {
    return list.empty() ? Bytes() : der::sequence({der::concat(list)});
  };
  const Bytes of_root = extensions(root), of_middle = extensions(intermediate),
              of_server = extensions(server);
  const Bytes names[] = {name("root"), name("middle"), name(subject)};
  PathRules rules;
  rules.add({names[0], names[0], of_root, true, false});
  rules.add({names[0], names[1], of_middle, false, false});
  rules.add({names[1], names[2], of_server, false, true});
  return rules.fault();
}

const char* const not_permitted = "is for a name that a CA in its chain must not certify (name constraints)";

}  // namespace

TEST_CASE("a chain without rules has no fault") {
  CHECK(fault({}, {}, {alt_names({dns("ca.example")})}).empty());
}

TEST_CASE("the server's names must be those that its CAs may certify") {
  for (const auto& [base, is_within] :
       std::vector<std::pair<const char*, bool>>{{"corp.example", true},
                                                 {"ca.corp.example", true},
                                                 {".corp.example", true},
                                                 {"", true},
                                                 {"orp.example", false},
                                                 {"other.example", false},
                                                 {"www.ca.corp.example", false}}) {
    CAPTURE(base);
    const std::string expected = is_within ? "" : not_permitted;
    CHECK(fault({}, {constraints({dns(base)})}, {alt_names({dns("CA.corp.example")})}) == expected);
    CHECK(fault({constraints({dns(base)})}, {}, {alt_names({dns("ca.corp.example")})}) == expected);
    const bool hits = is_within;
    CHECK(fault({}, {constraints({}, {dns(base)})}, {alt_names({dns("ca.corp.example")})}) ==
          (hits ? not_permitted : ""));
  }
  CHECK(fault({constraints({dns("example")})}, {constraints({dns("corp.example")})},
              {alt_names({dns("ca.other.example")})}) == not_permitted);
  CHECK(fault({}, {constraints({dns("corp.example")})},
              {alt_names({dns("ca.corp.example"), dns("evil.example")})}) == not_permitted);
}

TEST_CASE("a wildcard is excluded with any name below it") {
  CHECK(fault({}, {constraints({}, {dns("secret.corp.example")})}, {alt_names({dns("*.corp.example")})}) ==
        not_permitted);
  CHECK(fault({}, {constraints({dns("secret.corp.example")})}, {alt_names({dns("*.corp.example")})}) ==
        not_permitted);
}

TEST_CASE("addresses are compared under their mask") {
  const Bytes network = {10, 1, 0, 0, 255, 255, 0, 0};
  CHECK(fault({}, {constraints({ip(network)})}, {alt_names({ip({10, 1, 2, 3})})}).empty());
  CHECK(fault({}, {constraints({ip(network)})}, {alt_names({ip({10, 2, 2, 3})})}) == not_permitted);
  CHECK(fault({}, {constraints({ip(network)})}, {alt_names({ip(Bytes(16, 0))})}) == not_permitted);
  CHECK(fault({}, {constraints({ip(network)})}, {alt_names({dns("free.example")})}).empty());
}

TEST_CASE("what cannot be compared or read does not pass") {
  const std::vector<Bytes> good = {alt_names({dns("ca.example")})};
  CHECK(fault({}, {constraints({email("corp.example")})}, {alt_names({email("a@corp.example")})}) ==
        not_permitted);
  CHECK(fault({}, {constraints({}, {email("corp.example")})}, {alt_names({email("a@b.example")})}) ==
        not_permitted);
  CHECK(fault({}, {constraints({dns("example")})}, {}, "ca.example") ==
        "names its server in its subject only, although its CA is constrained");
  CHECK(fault({}, {constraints({directory("ca.example")})}, good, "ca.example").empty());
  CHECK(fault({}, {constraints({directory("other")})}, good, "ca.example") == not_permitted);
  const Bytes damaged = der::sequence({der::oid("\x55\x1d\x1e"), der::octet_string(Bytes{0x30, 0x05, 0xa0})});
  CHECK_FALSE(fault({}, {damaged}, good).empty());
  CHECK_FALSE(fault({}, {Bytes{0x30, 0x03, 0x06}}, good).empty());
}

TEST_CASE("a CA may require a policy that all certificates below it have") {
  const Bytes names = alt_names({dns("ca.example")});
  const Bytes one = policies("\x2a\x03\x01"), other = policies("\x2a\x03\x02"),
              any = policies("\x55\x1d\x20\x00");
  const std::string missing =
      "has no policy in common with its chain, as a CA in it requires (policy constraints)";
  CHECK(fault({requires_policy(0)}, {one}, {names, one}).empty());
  CHECK(fault({requires_policy(0)}, {any}, {names, one}).empty());
  CHECK(fault({requires_policy(0)}, {one}, {names, other}) == missing);
  CHECK(fault({requires_policy(0)}, {one}, {names}) == missing);
  CHECK(fault({}, {one, requires_policy(0)}, {names}) == missing);
  CHECK(fault({}, {one, requires_policy(2)}, {names}).empty());
  CHECK(fault({}, {one}, {names, other}).empty());
}
