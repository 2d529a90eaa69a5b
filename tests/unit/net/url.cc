#include "net/url.h"

#include "fixtures/support.h"

using namespace certo;
using net::parse_url;
using net::Url;
using test::error_of;

namespace {

Url read(std::string_view text) { return parse_url(text, "the order", Exit::protocol); }
Error refusal(std::string_view text) {
  return error_of([&] { read(text); });
}
bool says(const Error& error, std::string_view words) {
  return error.message.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a URL is taken apart") {
  const Url url = read("https://ca.example:8443/acme/order/1?x=1&y");
  CHECK(url.scheme == "https");
  CHECK(url.host == "ca.example");
  CHECK(url.port == 8443);
  CHECK(url.path == "/acme/order/1?x=1&y");
  CHECK(url.text == "https://ca.example:8443/acme/order/1?x=1&y");
}

TEST_CASE("scheme and host are folded and the usual port is dropped, the path does not change") {
  CHECK(read("HTTPS://CA.Example:443/Dir").text == "https://ca.example/Dir");
  CHECK(read("https://ca.example").text == "https://ca.example/");
  CHECK(read("https://ca.example/a/../b/%7e%7E//c").text == "https://ca.example/a/../b/%7e%7E//c");
  CHECK(read("https://ca.example/?").port == 443);
}

TEST_CASE("an IPv6 address loses its brackets as a host only") {
  const Url url = read("https://[2001:DB8::1]:14000/dir");
  CHECK(url.host == "2001:db8::1");
  CHECK(url.text == "https://[2001:db8::1]:14000/dir");
}

TEST_CASE("only https is believed") {
  for (const char* text : {"http://ca.example/", "ftp://ca.example/", "file:///etc/passwd", "ca.example/dir",
                           "//ca.example/", "javascript:alert(1)", "/acme/order", ""}) {
    CAPTURE(text);
    CHECK(refusal(text).code == Exit::protocol);
  }
  CHECK(says(refusal("http://ca.example/"), "the order is not a usable URL: only https is allowed"));
}

TEST_CASE("http is for a loopback address and when it was allowed") {
  CHECK(says(refusal("http://127.0.0.1/"), "only https"));
  CHECK(test::in_child([] {
          net::allow_http_loopback();
          for (const char* text :
               {"http://127.0.0.1:14000/dir", "http://127.8.8.8/", "http://[::1]/", "http://LOCALHOST/"}) {
            read(text);
          }
          int refused = 0;
          for (const char* text : {"http://ca.example/", "http://128.0.0.1/", "http://[2001:db8::1]/",
                                   "http://localhost.example/", "http://127.0.0.1.example/"}) {
            refused += refusal(text).code == Exit::protocol;
          }
          return refused;
        }) == 5);
}

TEST_CASE(
    "http to the metadata service of a cloud is for those who were allowed it, and for no other address") {
  CHECK(says(refusal("http://169.254.169.254/latest"), "only https"));
  CHECK(test::in_child([] {
          net::allow_http_loopback();
          return says(refusal("http://169.254.169.254/latest"), "loopback") ? 0 : 1;
        }) == 0);
  CHECK(
      test::in_child([] {
        net::allow_http_metadata();
        for (const char* text : {"http://169.254.169.254/latest", "http://169.254.170.2:80/v2?id=1",
                                 "http://[fd00:ec2::254]/", "http://[fd00:EC2::23]/", "http://2852039166/"}) {
          read(text);
        }
        int refused = 0;
        for (const char* text : {"http://169.253.255.255/", "http://169.255.0.0/", "http://[fd00:ec2::255]/",
                                 "http://[fe80::1]/", "http://169.254.169.254.example/",
                                 "http://metadata.example/", "http://127.0.0.1/", "http://ca.example/"}) {
          refused += refusal(text).code == Exit::protocol;
        }
        return refused;
      }) == 8);
}

TEST_CASE("forbidden parts of a URL are refused") {
  CHECK(says(refusal("https://user@ca.example/"), "user name"));
  CHECK(says(refusal("https://user:secret@ca.example/"), "user name"));
  CHECK(says(refusal("https://ca.example/#top"), "fragment"));
  CHECK(says(refusal("https://ca.example/a b"), "space"));
  CHECK(says(refusal("https://ca.example/a\r\nHost: x"), "control character"));
  CHECK(says(refusal(std::string_view("https://ca.example/\0x", 21)), "control character"));
  CHECK(says(refusal("https://b\xc3\xbc"
                     "cher.example/"),
             "beyond ASCII"));
  CHECK(refusal("https:///").code == Exit::protocol);
  CHECK(refusal("https://ca.example:0/").code == Exit::protocol);
  CHECK(refusal("https://ca.example:65536/").code == Exit::protocol);
  CHECK(refusal("https://ca.example:x/").code == Exit::protocol);
}

TEST_CASE("a URL has at most 2,048 bytes") {
  const std::string start = "https://ca.example/";
  CHECK(read(start + std::string(2048 - start.size(), 'a')).text.size() == 2048);
  CHECK(says(refusal(start + std::string(2049 - start.size(), 'a')), "2,048"));
}

TEST_CASE("the exit code of a bad URL is the caller's") {
  CHECK(error_of([] { parse_url("x", "--server", Exit::usage); }).code == Exit::usage);
}

TEST_CASE("a URL for a text that is signed is one of http, and leads to no machine's inside") {
  const auto plain = [](const char* text) {
    return net::parse_plain_url(text, "a CRL", Exit::protocol).text;
  };
  CHECK(plain("HTTP://Crl.example:80/7.crl") == "http://crl.example/7.crl");
  CHECK(plain("http://10.0.0.1:8080/") == "http://10.0.0.1:8080/");
  for (const char* text :
       {"https://crl.example/", "file:///etc/passwd", "ftp://crl.example/", "crl.example/7.crl", "http://",
        "http://127.0.0.1/", "http://localhost:8080/", "http://[::1]/", "http://169.254.169.254/latest/",
        "http://[fd00:ec2::254]/", "http://user@crl.example/", "http://crl.example/\r\nHost: x"}) {
    CAPTURE(text);
    CHECK(error_of([&] { plain(text); }).code == Exit::protocol);
  }
}

TEST_CASE("a redirect's target may be relative") {
  const Url base = read("https://ca.example/a/b?c");
  const auto resolve = [&](const char* text) {
    return net::resolve_url(base, text, "the redirect", Exit::protocol).text;
  };
  CHECK(resolve("d") == "https://ca.example/a/d");
  CHECK(resolve("/d?e") == "https://ca.example/d?e");
  CHECK(resolve("//other.example/d") == "https://other.example/d");
  CHECK(resolve("https://other.example:444/") == "https://other.example:444/");
  error_of([&] { resolve("http://ca.example/a"); });
  error_of([&] { resolve("//user@ca.example/a"); });
}
