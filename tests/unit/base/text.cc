#include "base/text.h"
#include "base/natural.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace certo;

TEST_CASE("base64url has no padding and the URL alphabet") {
  CHECK(base64url(as_bytes("")) == "");
  CHECK(base64url(as_bytes("f")) == "Zg");
  CHECK(base64url(as_bytes("fo")) == "Zm8");
  CHECK(base64url(as_bytes("foo")) == "Zm9v");
  CHECK(base64url(Bytes{0xfb, 0xff}) == "-_8");
}

TEST_CASE("base64url that is padded, has another alphabet or spare bits is refused") {
  CHECK(from_base64url("Zm8") == Bytes{'f', 'o'});
  CHECK(from_base64url("") == Bytes{});
  CHECK_FALSE(from_base64url("Zm8="));
  CHECK_FALSE(from_base64url("+/8"));
  CHECK_FALSE(from_base64url("Zm8 "));
  CHECK_FALSE(from_base64url("Zm9"));
  CHECK_FALSE(from_base64url("Z"));
}

TEST_CASE("every byte survives base64 there and back") {
  Bytes all;
  for (int i = 0; i < 256; ++i) {
    all.push_back(static_cast<uint8_t>(i));
    CHECK(from_base64(base64(all)) == all);
    CHECK(from_base64url(base64url(all)) == all);
  }
}

TEST_CASE("base64 skips white space but wants its padding") {
  CHECK(base64(as_bytes("fo")) == "Zm8=");
  CHECK(from_base64(" Zm\r\n8=\n") == Bytes{'f', 'o'});
  CHECK_FALSE(from_base64("Zm8"));
  CHECK_FALSE(from_base64("Zm=8"));
  CHECK_FALSE(from_base64("Z==="));
}

TEST_CASE("hex is lower case") { CHECK(hex(Bytes{0x00, 0xaf, 0x10}) == "00af10"); }

TEST_CASE("a token is refused when it holds a slash, a dot, a space or nothing") {
  CHECK(is_token("LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0"));
  CHECK(is_token("-_"));
  CHECK_FALSE(is_token(""));
  CHECK_FALSE(is_token("a/b"));
  CHECK_FALSE(is_token(".."));
  CHECK_FALSE(is_token("a b"));
  CHECK_FALSE(is_token(std::string_view("a\0b", 3)));
  CHECK(is_token(std::string(256, 'a')));
  CHECK_FALSE(is_token(std::string(257, 'a')));
}

TEST_CASE("text from outside cannot move the cursor or forge a line") {
  CHECK(printable("plain, naïve, 日本") == "plain, naïve, 日本");
  CHECK(printable("\x1b[2J") == "\\x1b[2J");
  CHECK(printable("a\r\nb\tc") == "a\\x0d\\x0ab\\x09c");
  CHECK(printable(std::string_view("a\0b", 3)) == "a\\x00b");
  CHECK(printable("\x7f") == "\\x7f");
}

TEST_CASE("C1 controls are escaped as UTF-8 and as single bytes") {
  CHECK(printable("\xc2\x9b") == "\\u{009b}");
  CHECK(printable("\x9b") == "\\x9b");
}

TEST_CASE("characters that are invisible or change the direction of writing are escaped") {
  CHECK(printable("\u202e") == "\\u{202e}");
  CHECK(printable("\u2066") == "\\u{2066}");
  CHECK(printable("\u200f") == "\\u{200f}");
  CHECK(printable("\u061c") == "\\u{061c}");
  CHECK(printable("\u2028") == "\\u{2028}");
  CHECK(printable("\ufeff") == "\\u{feff}");
  CHECK(printable("\U000e0041") == "\\u{e0041}");
}

TEST_CASE("invalid UTF-8 is escaped byte by byte, and the text after it is not lost") {
  CHECK(printable("\xc3(") == "\\xc3(");
  CHECK(printable("\xe2\x82") == "\\xe2\\x82");
  CHECK(printable("\xc0\xaf") == "\\xc0\\xaf");
  CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");
  CHECK(printable("\xf4\x90\x80\x80!") == "\\xf4\\x90\\x80\\x80!");
}

TEST_CASE("long text is cut between characters") {
  CHECK(printable("abcdef", 6) == "abcdef");
  CHECK(printable("abcdef", 3) == "abc…");
  CHECK(printable("aéé", 4) == "aé…");
  CHECK(printable("a\n", 4) == "a…");
  CHECK(printable(std::string(5000, '\x1b')).size() < 1030);
}

TEST_CASE("trim, split and join keep all other characters") {
  CHECK(trim(" \t a b \r\n") == "a b");
  CHECK(trim("  ") == "");
  CHECK(split("a,,b,", ',') == std::vector<std::string>{"a", "", "b", ""});
  CHECK(split("", ',') == std::vector<std::string>{""});
  CHECK(join({"a", "b", "c"}, ", ") == "a, b, c");
  CHECK(join({}, ",") == "");
}

TEST_CASE("lower leaves all but ASCII letters alone") { CHECK(lower("ÄB.Z1") == "Äb.z1"); }

TEST_CASE("a mistyped word finds the one that was meant") {
  const std::vector<std::string> commands = {"issue", "renew", "revoke", "list", "info", "install-cert"};
  CHECK(nearest("isue", commands) == "issue");
  CHECK(nearest("reenw", commands) == "renew");
  CHECK(nearest("instal-cert", commands) == "install-cert");
  CHECK(nearest("LIST", commands) == "list");
  CHECK(nearest("lets", {"gts", "letsencrypt-staging", "letsencrypt"}) == "letsencrypt");
  CHECK(nearest("ilst", commands) == "list");
}

TEST_CASE("a word that resembles no other gets no suggestion") {
  const std::vector<std::string> commands = {"issue", "renew", "list", "ari"};
  CHECK_FALSE(nearest("deploy", commands));
  CHECK_FALSE(nearest("xyz", commands));
  CHECK_FALSE(nearest("", commands));
  CHECK_FALSE(nearest(std::string(100000, 'a'), commands));
}

TEST_CASE("a length of time is written in its largest unit") {
  CHECK(spoken_duration(0) == "0 s");
  CHECK(spoken_duration(45) == "45 s");
  CHECK(spoken_duration(60) == "1 min");
  CHECK(spoken_duration(7300) == "2 h");
  CHECK(spoken_duration(86400) == "1 day");
  CHECK(spoken_duration(3 * 86400 + 5) == "3 days");
}

TEST_CASE("a number is the whole text, in digits, from the least to the most") {
  CHECK(number("0", 0, 10) == 0);
  CHECK(number("10", 0, 10) == 10);
  CHECK(number("007", 0, 10) == 7);
  CHECK(number("-5", -10, 10) == -5);
  CHECK(number("644", 0, 0777, 8) == 0644);
  CHECK(number("1F4a9", 0, 0x10ffff, 16) == 0x1f4a9);
  CHECK(number("9223372036854775807", 0, INT64_MAX) == INT64_MAX);
  for (const char* text :
       {"", "11", "-1", "-0", "+1", " 1", "1 ", "1.0", "1e1", "0x1", "ten", "9223372036854775808"}) {
    CAPTURE(text);
    CHECK_FALSE(number(text, 0, 10));
  }
}

TEST_CASE("names are in the order in which people count") {
  std::vector<std::string> names = {"a10", "a2", "b", "a", "a02", "a1b", "a1", "A2", "a2.10", "a2.9"};
  std::ranges::sort(names, is_naturally_before);
  CHECK(names == std::vector<std::string>{"A2", "a", "a1", "a1b", "a02", "a2", "a2.9", "a2.10", "a10", "b"});
  for (const std::string& one : names) CHECK_FALSE(is_naturally_before(one, one));
  CHECK(is_naturally_before("99999999999999999999998", "99999999999999999999999"));
}
