// Digest authentication: the examples of RFC 7616 section 3.9.1, and what services write instead.
#include "sdk/digest.h"

#include <functional>

#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;

namespace {

/// Runs `work` as a provider does; the requests must be those of the transcript.
provider::Outcome as_provider(const std::function<void(const sdk::Host&)>& work,
                              const std::string& transcript = "") {
  static std::function<void(const sdk::Host&)> running;
  running = work;
  certo_provider provider{};
  provider.name = "example";
  provider.base_url = "https://api.example";
  provider.present = [](const certo_host* raw, const certo_record* records, size_t count) -> int {
    return sdk::guarded([](const sdk::Host& host, sdk::Records) { running(host); }, raw, records, count);
  };
  Transcript service(transcript);
  provider::Task task;
  task.action = provider::Action::present;
  const provider::Outcome outcome = provider::call(provider, task, service);
  CHECK(service.fault() == "");
  return outcome;
}

std::optional<sdk::DigestChallenge> challenge(const std::vector<std::string>& lines) {
  sdk::Reply reply{401, "", ""};
  for (const std::string& line : lines) reply.headers.push_back("www-authenticate: " + line);
  return sdk::digest_challenge(reply);
}

const std::string of_rfc =
    "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=SHA-256, "
    "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
const std::string of_rfc_md5 = [] {
  std::string text = of_rfc;
  return text.replace(text.find("SHA-256"), 7, "MD5");
}();

std::string answer_to(const std::string& line) {
  std::string header;
  as_provider([&](const sdk::Host& host) {
    header = sdk::digest_authorization(host, challenge({line}).value(), "Mufasa", "Circle of Life", "GET",
                                       "/dir/index.html", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", 1);
  });
  return header;
}

// The response is the last member.
std::string response_to(const std::string& line) {
  const std::string header = answer_to(line);
  return header.substr(header.rfind(", ") + 2);
}

}  // namespace

TEST_CASE("digest: the examples of the RFC") {
  CHECK(response_to(of_rfc) ==
        "response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\"");
  CHECK(response_to(of_rfc_md5) == "response=\"8ca523f5e9506fed4657c9700eebdbec\"");
  CHECK(answer_to(of_rfc).starts_with(
      "Authorization: Digest username=\"Mufasa\", realm=\"http-auth@example.org\", "
      "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", uri=\"/dir/index.html\", algorithm=SHA-256, qop=auth, "
      "nc=00000001, cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", "
      "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\", response="));
}

TEST_CASE("digest: SHA-256 is preferred, in one header or in several") {
  CHECK(challenge({of_rfc_md5, of_rfc})->is_sha256());
  CHECK(challenge({of_rfc + ", " + of_rfc_md5})->is_sha256());
  CHECK(challenge({"Basic realm=\"a, Digest b\", " + of_rfc_md5})->realm == "http-auth@example.org");
}

TEST_CASE("digest: what services may leave out, and how they may write") {
  const auto plain = challenge({"DIGEST nonce = n1 ,qop=auth"});
  REQUIRE(plain);
  CHECK(plain->nonce == "n1");
  CHECK(plain->realm == "");
  CHECK_FALSE(plain->opaque);
  CHECK(answer_to("Digest nonce=n1,qop=auth").find("opaque") == std::string::npos);
  CHECK(answer_to("Digest nonce=n1,qop=auth").find("algorithm") == std::string::npos);
  CHECK(answer_to(R"(Digest realm="a \"b\\", nonce=n1, qop=auth)").find(R"(realm="a \"b\\")") !=
        std::string::npos);
}

TEST_CASE("digest: a challenge that certo cannot answer is none") {
  for (const char* line :
       {"", "Basic realm=\"x\"", "Digest", "Digest realm=\"x\", qop=auth", "Digest nonce=n",
        "Digest nonce=n, qop=\"auth-int\"", "Digest nonce=n, qop=auth, algorithm=MD5-sess",
        "Digest nonce=n, qop=auth, algorithm=SHA-512-256", "nonce=n, qop=auth",
        "===\"\",=", "Digest nonce=\"n, qop=auth", "Negotiate abc=="}) {
    CAPTURE(line);
    CHECK_FALSE(challenge({line}));
  }
}

TEST_CASE("digest: one login serves several requests, until the service wants another nonce") {
  // The responses are those of another implementation of MD5 and the RFC's formula.
  const provider::Outcome outcome = as_provider(
      [](const sdk::Host& host) {
        sdk::DigestLogin login(host, "u", "secret");
        CHECK(login.http({"GET", host.base_url() + "/zones?a=b"}).body == "[]");
        CHECK(login.http({"POST", host.base_url() + "/zones?a=b", {"X-A: b"}, "{}"}).status == 201);
        CHECK(login.http({"GET", host.base_url()}).status == 204);
        login.http({"GET", host.base_url()});
      },
      R"(> GET https://api.example/zones?a=b
< 401+headers
< www-authenticate: Digest realm="r", nonce="n1", qop="auth"
> GET https://api.example/zones?a=b
> Authorization: Digest username="u", realm="r", nonce="n1", uri="/zones?a=b", qop=auth, nc=00000001, cnonce="00010203-0405-4607-8809-0a0b0c0d0e0f", response="f5dfa2402592c6aa5f63c3b640acb515"
< 200
< []
> POST https://api.example/zones?a=b
> X-A: b
> Authorization: Digest username="u", realm="r", nonce="n1", uri="/zones?a=b", qop=auth, nc=00000002, cnonce="00010203-0405-4607-8809-0a0b0c0d0e0f", response="933003e47cc73a70321975c95df19429"
>
> {}
< 201
> GET https://api.example/
> Authorization: Digest username="u", realm="r", nonce="n1", uri="/", qop=auth, nc=00000003, cnonce="00010203-0405-4607-8809-0a0b0c0d0e0f", response="4331a440ca85d2a8a1125fffbe7224ea"
< 401+headers
< www-authenticate: Digest realm="r", nonce="n2", qop="auth", stale=true
> GET https://api.example/
> Authorization: Digest username="u", realm="r", nonce="n2", uri="/", qop=auth, nc=00000001, cnonce="00010203-0405-4607-8809-0a0b0c0d0e0f", response="dd4c91271c80e947246e751ac71d237d"
< 204
> GET https://api.example/
> Authorization: Digest username="u", realm="r", nonce="n2", uri="/", qop=auth, nc=00000002, cnonce="00010203-0405-4607-8809-0a0b0c0d0e0f", response="84c1c7c290c867973b9202a0fcedde2f"
< 401+headers
< www-authenticate: Digest realm="r", nonce="n3", qop="auth"
> GET https://api.example/
> Authorization: Digest username="u", realm="r", nonce="n3", uri="/", qop=auth, nc=00000001, cnonce="00010203-0405-4607-8809-0a0b0c0d0e0f", response="b43720044b885e7456fd9296abffb2c8"
< 401+headers
< www-authenticate: Digest realm="r", nonce="n4", qop="auth"
)");
  CHECK(outcome.status == CERTO_CONFIG);
  CHECK(outcome.why.find("the credentials are refused") != std::string::npos);
}

TEST_CASE(
    "the clock in milliseconds is the one in seconds in a test, and that of an older certo is exact to the second") {
  int64_t shown = 0, of_older = 0;
  as_provider([&](const sdk::Host& host) { shown = host.now_ms(); });
  CHECK(shown == 0);
  certo_host older{};
  older.size = offsetof(certo_host, now_ms);
  older.now = [](void*) -> int64_t { return 7; };
  of_older = sdk::Host(older).now_ms();
  CHECK(of_older == 7000);
}
