#include <doctest/doctest.h>

#include "base/error.h"
#include "crypto/name.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::crypto;
using test::error_of;

namespace {

std::string refusal(const std::string& text) {
  try {
    return "accepted as " + identifier(text).value;
  } catch (const Error& error) {
    CHECK(error.code == Exit::usage);
    const std::string start = "'" + text + "' cannot be a name in a certificate: ";
    REQUIRE(error.message.starts_with(start));
    return error.message.substr(start.size());
  }
}

const std::string label63(63, 'a');

}  // namespace

TEST_CASE("a DNS name is folded to lower case and loses its final dot") {
  CHECK(identifier("WWW.Example.COM.") == Identifier{"dns", "www.example.com"});
  CHECK(identifier("xn--bcher-kva.example").value == "xn--bcher-kva.example");
  CHECK(identifier("1.2.3.example").value == "1.2.3.example");
}

TEST_CASE("a wildcard is the whole first label") {
  const Identifier wildcard = identifier("*.Example.com");
  CHECK(wildcard.is_wildcard());
  CHECK(wildcard.value == "*.example.com");
  CHECK(wildcard.base() == "example.com");
  CHECK(identifier("*.com").value == "*.com");

  const std::string why = "'*' must be the whole first part";
  CHECK(refusal("w*.example.com") == why);
  CHECK(refusal("www.*.example.com") == why);
  CHECK(refusal("*.*.example.com") == why);
  CHECK(refusal("*") == "a name must follow '*.'");
}

TEST_CASE("addresses take their canonical form") {
  CHECK(identifier("192.0.2.1") == Identifier{"ip", "192.0.2.1"});
  CHECK(identifier("2001:DB8:0:0:0:0:0:1") == Identifier{"ip", "2001:db8::1"});
  CHECK(identifier("::1").value == "::1");
  CHECK(identifier("2001:db8:0:1:1:1:1:1").value == "2001:db8:0:1:1:1:1:1");
  for (const char* text : {"192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"}) {
    CHECK(ip_identifier(ip_bytes(identifier(text))).value == text);
  }
}

TEST_CASE("what is not quite an address is refused as a name") {
  CHECK(refusal("192.0.2.256") == "its last part is a number");
  CHECK(refusal("192.0.2") == "its last part is a number");
  CHECK(refusal("[::1]") == "it contains '['");
  CHECK(refusal("fe80::1%eth0") == "it contains ':'");
  CHECK(refusal(std::string("192.0.2.1\0.evil.example", 23)).starts_with("it contains"));
}

TEST_CASE("names outside of the grammar are refused with a reason") {
  CHECK(refusal("") == "it is empty");
  CHECK(refusal(".") == "it is empty");
  CHECK(refusal("exa mple.com") == "it contains ' '");
  CHECK(refusal("https://example.com/") == "it is a URL");
  CHECK(refusal("example.com/index.html") == "it has a path");
  CHECK(refusal("example.com:443") == "it has a port");
  CHECK(refusal("admin@example.com") == "it is an e-mail address");
  CHECK(refusal("-a.example.com") == "a part of it begins or ends with '-'");
  CHECK(refusal("a-.example.com") == "a part of it begins or ends with '-'");
  CHECK(refusal("a..example.com") == "it has two dots in a row, or begins with one");
  CHECK(refusal(".example.com") == "it has two dots in a row, or begins with one");
  CHECK(refusal("example.com..") == "it has two dots in a row, or begins with one");
  CHECK(refusal("b\xc3\xbc"
                "cher.example") == "it is not ASCII");
}

TEST_CASE("lengths are those of DNS") {
  CHECK(identifier(label63 + ".example.com").type == "dns");
  CHECK(refusal("a" + label63 + ".example.com") == "a part of it is longer than 63 characters");

  const std::string name_253 = label63 + "." + label63 + "." + label63 + "." + std::string(61, 'b');
  CHECK(identifier(name_253).value.size() == 253);
  CHECK(identifier(name_253 + ".").value.size() == 253);
  CHECK(refusal(name_253 + "b") == "it is longer than 253 characters");
}

TEST_CASE("duplicates are dropped and the order is kept") {
  const auto names = identifiers({"b.example.com", "A.example.com", "B.example.com.", "::1", "0::1"});
  CHECK(names == std::vector<Identifier>{{"dns", "b.example.com"}, {"dns", "a.example.com"}, {"ip", "::1"}});
}

TEST_CASE("a certificate of a public CA takes 100 names and no more") {
  std::vector<std::string> texts;
  for (int i = 0; i < 100; ++i) texts.push_back(std::to_string(i) + ".example.com");
  texts.push_back("0.example.com");
  CHECK(identifiers(texts).size() == 100);
  require_public(identifiers(texts));
  texts.push_back("another.example.com");
  CHECK(error_of([&] { require_public(identifiers(texts)); }).message ==
        "101 names are too many for one certificate");
  for (int i = 100; i < 1000; ++i) texts.push_back(std::to_string(i) + ".example.com");
  CHECK(error_of([&] { identifiers(texts); }).message == "1001 names are too many for one certificate");
}

TEST_CASE("a private CA may certify names that no public one does") {
  for (const char* text : {"localhost", "nas", "under_score.example.com"}) {
    CHECK(identifier(text).value == text);
    const Error error = error_of([&] { require_public({identifier(text)}); });
    CHECK(error.code == Exit::usage);
    CHECK(error.message.find("this CA is a public one") != std::string::npos);
  }
  require_public({identifier("192.0.2.1"), identifier("*.example.com")});
}

TEST_CASE("sets of names are compared without their order") {
  const Identifier a{"dns", "a.example"}, b{"dns", "b.example"}, ip{"ip", "a.example"};
  CHECK(same_set({a, b}, {b, a, b}));
  CHECK_FALSE(same_set({a}, {a, b}));
  CHECK_FALSE(same_set({a}, {ip}));
}

TEST_CASE("a wildcard covers names one label below it, and each name covers itself") {
  const auto covers = [](const char* held, const char* wanted) {
    return crypto::covers(crypto::identifier(held), crypto::identifier(wanted));
  };
  CHECK(covers("a.example", "a.example"));
  CHECK(covers("*.a.example", "b.a.example"));
  CHECK(covers("*.a.example", "*.a.example"));
  CHECK_FALSE(covers("*.a.example", "a.example"));
  CHECK_FALSE(covers("*.a.example", "c.b.a.example"));
  CHECK_FALSE(covers("*.a.example", "*.b.a.example"));
  CHECK_FALSE(covers("a.example", "b.a.example"));
}
