#include "provider/mask.h"

#include <doctest/doctest.h>

#include "base/text.h"

using namespace certo;
using provider::Mask;

TEST_CASE("the value of a setting is masked wherever it occurs") {
  const Mask mask(provider::Values{{"EXAMPLE_TOKEN", "Tok3n/with+more"}});
  CHECK(mask("GET https://api.example/Tok3n%2Fwith%2Bmore/txt answered 404") ==
        "GET https://api.example/***/txt answered 404");
  CHECK(mask("the token Tok3n/with+more is wrong") == "the token *** is wrong");
  CHECK(mask("Authorization: Basic " + base64(as_bytes("Tok3n/with+more"))) == "Authorization: Basic ***");
  CHECK(Mask(provider::Values{{"EXAMPLE_TOKEN", "Tok3n&<more>"}})("<key>Tok3n&amp;&lt;more&gt;</key>") ==
        "<key>***</key>");
}

TEST_CASE("user name and password are masked, alone, together and in a URL") {
  const Mask mask(provider::Values{{"EXAMPLE_USER", "alice"}, {"EXAMPLE_PASSWORD", "s3cret"}});
  CHECK(mask("Basic " + base64(as_bytes("alice:s3cret"))) == "Basic ***");
  CHECK(mask("alice may not do that") == "*** may not do that");
  CHECK(mask("proxy http://bob:hidden@proxy.example:3128 failed") ==
        "proxy http://***@proxy.example:3128 failed");
  CHECK(mask("see https://docs.example/@alice") == "see https://docs.example/@***");
}

TEST_CASE("the host of a setting that is a URL stays readable") {
  const Mask mask(provider::Values{{"HTTPREQ_ENDPOINT", "https://me:pw@dns.example:8443/hook/T0KEN/"}});
  CHECK(mask("POST https://me:pw@dns.example:8443/hook/T0KEN/present answered 500") ==
        "POST https://***@dns.example:8443/***/present answered 500");
}

TEST_CASE("values that are public or reveal nothing stay readable") {
  const Mask mask(provider::Values{{"DNSUPDATE_NAMESERVER", "192.0.2.1:53"},
                                   {"DNSUPDATE_ZONES", "example.com"},
                                   {"EXAMPLE_DOMAIN", "example.com"},
                                   {"EXAMPLE_SANDBOX", "true"},
                                   {"EXAMPLE_NUMBER", "404"}},
                  {{"_acme-challenge.www.example.com", "value"}});
  const std::string text = "192.0.2.1:53 has no zone for example.com: true, 404";
  CHECK(mask(text) == text);
}

TEST_CASE("a short value is masked as a word only") {
  const Mask mask(provider::Values{{"EXAMPLE_PIN", "1234"}});
  CHECK(mask("1234 is wrong in record 12345") == "*** is wrong in record 12345");
}

TEST_CASE("keys in a file are masked") {
  const Mask mask(provider::Values{
      {"EXAMPLE_KEY_FILE", "[default]\naws_secret_access_key = abcDEF0123456789abcDEF\nregion = eu\n"}});
  CHECK(mask("abcDEF0123456789abcDEF in eu by default") == "*** in eu by default");
}
