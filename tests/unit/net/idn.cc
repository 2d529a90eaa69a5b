#include "net/idn.h"

#include "fixtures/support.h"

using namespace certo;
using net::to_ascii;

TEST_CASE("names beyond ASCII become A-labels") {
  CHECK(to_ascii("bücher.example") == "xn--bcher-kva.example");
  CHECK(to_ascii("BÜCHER.example") == "xn--bcher-kva.example");
  CHECK(to_ascii("bu\xcc\x88"
                 "cher.example") == "xn--bcher-kva.example");  // u and a combining diaeresis
  CHECK(to_ascii("例え.テスト") == "xn--r8jz45g.xn--zckzah");
}

TEST_CASE("the sharp s stays itself: non-transitional") {
  CHECK(to_ascii("straße.example") == "xn--strae-oqa.example");
}

TEST_CASE("the asterisk of a wildcard is kept") {
  CHECK(to_ascii("*.bücher.example") == "*.xn--bcher-kva.example");
}

TEST_CASE("ASCII passes through, whether it is a name or not") {
  for (const char* name :
       {"www.Example.com", "*.example.com", "xn--bcher-kva.example", "192.0.2.1", "a b", "_x", ""}) {
    CHECK(to_ascii(name) == name);
  }
}

TEST_CASE("a text that is not a name is refused") {
  for (const char* name : {"b\xfc"
                           "cher.example",  // Latin-1
                           "ü\u2028.example", "-ü.example"}) {
    CAPTURE(name);
    CHECK(test::error_of([&] { to_ascii(name); }).code == Exit::usage);
  }
}

TEST_CASE("A-labels are shown as what they mean") {
  CHECK(net::to_unicode("xn--bcher-kva.example") == "bücher.example");
  CHECK(net::to_unicode("*.xn--bcher-kva.example") == "*.bücher.example");
  CHECK(net::to_unicode("xn--r8jz45g.xn--zckzah") == "例え.テスト");
  CHECK(net::to_unicode(to_ascii("почта.рф")) == "почта.рф");
  CHECK(net::to_unicode(to_ascii("ab例え.example")) == "ab例え.example");
}

TEST_CASE("names without A-labels, and A-labels that are wrong or could deceive, are not") {
  CHECK(net::to_unicode("www.example.com").empty());
  CHECK(net::to_unicode("192.0.2.1").empty());
  CHECK(net::to_unicode("xn--.example").empty());
  CHECK(net::to_unicode("xn--a.example").empty());
  CHECK(net::to_unicode("xn--zzzzzzzzzzzzzzzzzzzzzzzz-.example").empty());
  CHECK(net::to_unicode(to_ascii("p\u0430ypal.example")).empty());  // a Cyrillic letter among Latin ones
  CHECK(net::to_unicode(to_ascii("\u03b1pple.example")).empty());   // a Greek one
}
