#include "net/registered_domain.h"

#include "fixtures/support.h"
#include "net/idn.h"

using namespace certo;

namespace {

struct Case {
  const char* name;
  const char* registered;
};

// The cases of https://raw.githubusercontent.com/publicsuffix/list/main/tests/test_psl.txt. A suffix counts
// as itself.
constexpr Case cases[] = {
    {"com", "com"},
    {"example.com", "example.com"},
    {"www.example.com", "example.com"},
    {"example", "example"},
    {"example.example", "example.example"},
    {"b.example.example", "example.example"},
    {"a.b.example.example", "example.example"},
    {"biz", "biz"},
    {"domain.biz", "domain.biz"},
    {"b.domain.biz", "domain.biz"},
    {"a.b.domain.biz", "domain.biz"},
    {"b.example.com", "example.com"},
    {"a.b.example.com", "example.com"},
    {"uk.com", "uk.com"},
    {"example.uk.com", "example.uk.com"},
    {"b.example.uk.com", "example.uk.com"},
    {"a.b.example.uk.com", "example.uk.com"},
    {"test.ac", "test.ac"},
    {"mm", "mm"},
    {"c.mm", "c.mm"},
    {"b.c.mm", "b.c.mm"},
    {"a.b.c.mm", "b.c.mm"},
    {"jp", "jp"},
    {"test.jp", "test.jp"},
    {"www.test.jp", "test.jp"},
    {"ac.jp", "ac.jp"},
    {"test.ac.jp", "test.ac.jp"},
    {"www.test.ac.jp", "test.ac.jp"},
    {"kyoto.jp", "kyoto.jp"},
    {"test.kyoto.jp", "test.kyoto.jp"},
    {"ide.kyoto.jp", "ide.kyoto.jp"},
    {"b.ide.kyoto.jp", "b.ide.kyoto.jp"},
    {"a.b.ide.kyoto.jp", "b.ide.kyoto.jp"},
    {"c.kobe.jp", "c.kobe.jp"},
    {"b.c.kobe.jp", "b.c.kobe.jp"},
    {"a.b.c.kobe.jp", "b.c.kobe.jp"},
    {"city.kobe.jp", "city.kobe.jp"},
    {"www.city.kobe.jp", "city.kobe.jp"},
    {"ck", "ck"},
    {"test.ck", "test.ck"},
    {"b.test.ck", "b.test.ck"},
    {"a.b.test.ck", "b.test.ck"},
    {"www.ck", "www.ck"},
    {"www.www.ck", "www.ck"},
    {"us", "us"},
    {"test.us", "test.us"},
    {"www.test.us", "test.us"},
    {"ak.us", "ak.us"},
    {"test.ak.us", "test.ak.us"},
    {"www.test.ak.us", "test.ak.us"},
    {"k12.ak.us", "k12.ak.us"},
    {"test.k12.ak.us", "test.k12.ak.us"},
    {"www.test.k12.ak.us", "test.k12.ak.us"},
    // The private section.
    {"a.b.github.io", "b.github.io"},
    {"github.io", "github.io"},
    {"www.github.com", "github.com"},
    {"a.s3.amazonaws.com", "a.s3.amazonaws.com"},
    {"www.example.co.uk", "example.co.uk"},
};

// The same list, in Unicode.
constexpr Case international[] = {
    {"食狮.com.cn", "食狮.com.cn"},
    {"食狮.公司.cn", "食狮.公司.cn"},
    {"www.食狮.公司.cn", "食狮.公司.cn"},
    {"shishi.公司.cn", "shishi.公司.cn"},
    {"公司.cn", "公司.cn"},
    {"食狮.中国", "食狮.中国"},
    {"www.食狮.中国", "食狮.中国"},
    {"shishi.中国", "shishi.中国"},
    {"中国", "中国"},
    {"www.bücher.example", "bücher.example"},
};

}  // namespace

TEST_CASE("the registered domain of a name") {
  for (const Case& one : cases) {
    CAPTURE(one.name);
    CHECK(net::registered_domain(one.name) == one.registered);
  }
}

TEST_CASE("the registered domain of an internationalised name, in A-labels") {
  for (const Case& one : international) {
    CAPTURE(one.name);
    CHECK(net::registered_domain(net::to_ascii(one.name)) == net::to_ascii(one.registered));
  }
}

TEST_CASE("the network of an address") {
  CHECK(net::counted_network("192.0.2.1") == "192.0.2.1");
  CHECK(net::counted_network("2001:db8::1:2:3:4") == "2001:db8::/64");
  CHECK(net::counted_network("2001:db8:1:2:3::") == "2001:db8:1:2::/64");
}

TEST_CASE("odd names have a registered domain, too") {
  for (const char* name : {"", "com", ".", "localhost", "xn--.com", "_x.com"}) {
    CAPTURE(name);
    CHECK(net::registered_domain(name) == name);
  }
  CHECK(net::registered_domain("a.xn--zzzzzzzzzz.com") == "xn--zzzzzzzzzz.com");
  CHECK(net::registered_domain(std::string(5000, 'a') + ".b.example.org") == "example.org");
}
