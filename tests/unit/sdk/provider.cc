// What sdk/provider.hpp gives to providers.
#include "sdk/provider.hpp"

#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;

namespace {

sdk::Work at_work;  // C's functions carry nothing along

/// Runs `work` as if it were a provider's, with a service that is never asked.
provider::Outcome run(sdk::Work work, provider::Values settings = {}) {
  at_work = work;
  certo_provider provider{};
  provider.name = "my-dns";
  provider.base_url = "https://api.example/v1/";
  provider.present = [](const certo_host* host, const certo_record* records, size_t count) {
    return sdk::guarded(at_work, host, records, count);
  };
  Transcript service("");
  provider::Task task;
  task.provider = provider.name;
  task.action = provider::Action::present;
  task.settings = std::move(settings);
  return provider::call(provider, task, service);
}

}  // namespace

TEST_CASE("values are merged without touching foreign ones, and none is there twice") {
  using Values = std::vector<std::string>;
  CHECK(sdk::merged({"a", "b"}, {"b", "c"}, sdk::Change::add) == Values{"a", "b", "c"});
  CHECK(sdk::merged({"a", "b", "c"}, {"c", "x"}, sdk::Change::remove) == Values{"a", "b"});
  CHECK(sdk::merged({}, {"a", "a"}, sdk::Change::add) == Values{"a"});
}

TEST_CASE("a name is in a zone only at a label's border") {
  CHECK(sdk::lies_in("a.example.com", "example.com"));
  CHECK(sdk::lies_in("example.com", "example.com"));
  CHECK_FALSE(sdk::lies_in("badexample.com", "example.com"));
  CHECK_FALSE(sdk::lies_in("com", "example.com"));
}

TEST_CASE("zones are looked for from the longest name on, and no top-level domain is") {
  const auto outcome = run([](const sdk::Host& host, sdk::Records) {
    CHECK(sdk::zone_candidates(host, "_acme-challenge.a.example.com") ==
          std::vector<std::string>{"_acme-challenge.a.example.com", "a.example.com", "example.com"});
  });
  CHECK(outcome.status == CERTO_OK);
}

TEST_CASE("the host hashes, encodes, and knows the settings that all providers have") {
  const auto outcome = run(
      [](const sdk::Host& host, sdk::Records) {
        // RFC 4231 section 4.3 and RFC 4648 section 10.
        CHECK(hex(host.hmac("sha256", as_bytes("Jefe"), "what do ya want for nothing?")) ==
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        const auto code = [&](const char* algorithm) {
          return hex(host.hmac(algorithm, as_bytes("Jefe"), "what do ya want for nothing?"));
        };
        CHECK(code("sha1") == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");  // RFC 2202 section 3
        CHECK(
            code("sha384") ==
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649");
        CHECK(
            code("sha512") ==
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a3"
            "4d4a6b4b636e070a38bce737");
        CHECK(hex(host.hash("sha256", "")) ==
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        CHECK(host.base64("foob") == "Zm9vYg==");
        CHECK(sdk::basic(host, "Aladdin", "open sesame") ==
              "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        CHECK(host.base_url() == "https://api.example/v1");
        CHECK(host.setting("ZONE") == "example.org");
        CHECK_FALSE(host.setting("EMPTY"));
        CHECK(sdk::escaped("a b/ü~") == "a%20b%2F%C3%BC~");
      },
      {{"MY_DNS_ZONE", "example.org"}, {"EMPTY", ""}});
  CHECK(outcome.status == CERTO_OK);
}

TEST_CASE("whatever a provider throws becomes a status and a reason") {
  const auto missing = run([](const sdk::Host& host, sdk::Records) { host.require("MY_TOKEN"); });
  CHECK(missing.status == CERTO_CONFIG);
  CHECK(missing.why == "MY_TOKEN is not set");
  CHECK(run([](const sdk::Host&, sdk::Records) { throw std::runtime_error("bad"); }).why == "bad");
  CHECK(run([](const sdk::Host&, sdk::Records) { throw 1; }).status == CERTO_FAILED);
  const auto plain = run([](const sdk::Host& host, sdk::Records) { host.http({"GET", "ftp://x"}); });
  CHECK(plain.status == CERTO_CONFIG);
  CHECK_FALSE(plain.why.empty());
}
