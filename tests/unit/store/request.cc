#include <doctest/doctest.h>

#include "crypto/csr.h"
#include "fixtures/support.h"
#include "store/request.h"

using namespace certo;
using namespace certo::store;
using namespace certo::test;

namespace {

constexpr const char* by_hand = R"({
  "certo": "request/1",
  "identifiers": ["Example.com", "*.example.com", "192.0.2.1"],
  "key_type": "ec-384",
  "directory": "https://ca.example/directory",
  "way": {"method": "dns", "provider": "exec:/usr/local/bin/dns", "provider_env": ["API_TOKEN"]}
})";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

Error error_in(const std::string& text) {
  return error_of([&] { parse_request(text, "request.json"); });
}

}  // namespace

TEST_CASE("a request that a person wrote is understood") {
  const Request request = parse_request(by_hand, "request.json");
  REQUIRE(request.identifiers.size() == 3);
  CHECK(request.identifiers[0] == crypto::Identifier{"dns", "example.com"});
  CHECK(request.identifiers[1].is_wildcard());
  CHECK(request.identifiers[2] == crypto::Identifier{"ip", "192.0.2.1"});
  CHECK(request.key_type == crypto::KeyType::ec384);
  CHECK(request.account == "default");
  CHECK(request.profile.empty());
  CHECK(request.ways.others.empty());
  CHECK(std::get<Dns>(request.ways.usual).provider_env == std::vector<std::string>{"API_TOKEN"});
}

TEST_CASE("an internationalised name in a request becomes ASCII") {
  const Request request = parse_request(replaced(by_hand, "Example.com",
                                                 "b\xc3\xbc"
                                                 "cher.example"),
                                        "request.json");
  CHECK(request.identifiers[0].value == "xn--bcher-kva.example");
}

TEST_CASE("a request is read as it was written") {
  Request request = parse_request(by_hand, "request.json");
  request.account = "other";
  request.profile = "shortlived";
  request.preferred_chain = "Test Root";
  request.preferred_profile = "tlsserver";
  request.renew_before = "33%";
  request.not_before = "+1h";
  request.not_after = "2027-01-01";
  request.reuse_key = request.must_staple = request.allow_subset = true;
  request.ca_bundle = "/etc/ca.pem";
  Dns dns;
  dns.provider = "cloudflare.work";
  dns.credentials = "exec:/bin/pass show x";
  dns.propagation = FixedWait{Seconds(60)};
  dns.resolvers = {{"192.0.2.53"}};
  dns.zone = "example.com";
  dns.is_per_account = true;
  dns.keep_settings = false;
  dns.provider_env = {"A", "B"};
  dns.aliases = {{"a.example", "_acme-challenge.b.example"}, {"*", "c.example"}};
  for (const Way& way :
       {Way(dns), Way(Dns{}), Way(Webroot{"/srv"}), Way(Standalone{"[::1]:80"}), Way(Standalone{}),
        Way(DnsPersist{}), Way(DnsPersist{{{"192.0.2.53", "https://dns.example/q"}}})}) {
    request.ways.usual = way;
    CHECK(parse_request(to_pretty_json(to_json(request)), "request.json") == request);
  }
}

TEST_CASE("the CAs that are asked next only count for renewals") {
  const Request request = parse_request(by_hand, "request.json");
  Request other = request;
  other.fallbacks = {"https://b.example/dir", "https://c.example/dir"};
  other.deactivate_authorizations = true;
  CHECK(parse_request(to_pretty_json(to_json(other)), "request.json") == other);
  CHECK(directories(other) ==
        std::vector<std::string>{request.directory, "https://b.example/dir", "https://c.example/dir"});
  CHECK(asks_for_same(request, other));
  CHECK(digest(request) == digest(other));
  CHECK(to_json(to_json(request)).find("fallbacks") == std::string::npos);
}

TEST_CASE("a request by CSR holds it, and is for its names") {
  Request request = parse_request(by_hand, "request.json");
  const auto key = crypto::PrivateKey::generate(crypto::KeyType::ec256);
  request.csr = crypto::csr_pem(crypto::make_csr(key, request.identifiers));
  const std::string text = to_json(to_json(request));
  CHECK(text.find("key_type") == std::string::npos);
  const Request again = parse_request(text, "request.json");
  CHECK(again.csr == request.csr);
  CHECK(digest(again) == digest(request));

  request.identifiers.pop_back();
  CHECK(error_in(to_json(to_json(request))).message.find("other names") != std::string::npos);
  CHECK(error_in(replaced(text, "BEGIN CERTIFICATE REQUEST", "BEGIN NOTHING")).code == Exit::bad_input);
}

TEST_CASE("some names of a request may be proven another way") {
  const std::string text = replaced(
      by_hand, R"(["API_TOKEN"]})",
      R"(["API_TOKEN"]}, "ways": [{"identifiers": ["EXAMPLE.com"], "method": "webroot", "webroot": "/srv"}])");
  const Request request = parse_request(text, "request.json");
  CHECK(request.ways.of({"dns", "example.com"}) == Way(Webroot{"/srv"}));
  CHECK(std::holds_alternative<Dns>(request.ways.of({"dns", "*.example.com"})));
  CHECK(parse_request(to_pretty_json(to_json(request)), "request.json") == request);

  const auto mistake = [&](const std::string& from, const std::string& to) {
    const Error error = error_in(replaced(text, from, to));
    CHECK(error.code == Exit::bad_input);
    return error.message;
  };
  CHECK(mistake("EXAMPLE.com", "b.example") == "request.json: \"ways\": b.example is not in \"identifiers\"");
  CHECK(mistake("/srv\"}", "/srv\"}, {\"identifiers\": [\"example.com\"], \"method\": \"standalone\"}") ==
        "request.json: \"ways\": example.com is there twice");
  CHECK(mistake("\"webroot\": \"/srv\"", "\"web\": \"/srv\"") ==
        "request.json: \"ways\": unknown member \"web\"");
  CHECK(mistake("\"identifiers\": [\"EXAMPLE.com\"], ", "") ==
        "request.json: \"ways\": \"identifiers\" names nothing");
  CHECK(mistake("\"method\": \"webroot\", ", "") == "request.json: \"ways\": \"method\" is missing");
  CHECK(mistake("[{\"identifiers\"", "[7, {\"identifiers\"") ==
        "request.json: \"ways\" is not a JSON object");
}

TEST_CASE("ways forget the names that are no longer requested") {
  const crypto::Identifier a{"dns", "a.example"}, b{"dns", "b.example"}, c{"dns", "c.example"};
  const Way dns = Dns{}, webroot = Webroot{"/srv"}, standalone = Standalone{};
  const Ways all{dns, {{{a}, webroot}, {{b}, standalone}}};
  const auto left = [&](const std::vector<crypto::Identifier>& identifiers) {
    Ways ways = all;
    ways.restrict_to(identifiers);
    return ways;
  };
  CHECK(left({a, b, c}) == all);
  CHECK(left({c, a}) == Ways{dns, {{{a}, webroot}}});
  CHECK(left({c}) == Ways{dns, {}});
  CHECK(left({a, b}) == Ways{standalone, {{{a}, webroot}}});
  CHECK(left({a}) == Ways{webroot, {}});
}

TEST_CASE("a mistyped member of a request is named, with the one that was meant") {
  const Error error = error_in(replaced(by_hand, "\"key_type\"", "\"key_typ\""));
  CHECK(error.code == Exit::bad_input);
  CHECK(error.message == "request.json: unknown member \"key_typ\"");
  CHECK(error.hint == "did you mean \"key_type\"?");
  CHECK(error_in(replaced(by_hand, "provider_env", "provider_envs")).hint ==
        "did you mean \"provider_env\"?");
}

TEST_CASE("a wrong value in a request names its member") {
  const auto names = [](const Error& error, const char* member) {
    return error.code == Exit::bad_input && error.message.starts_with("request.json: ") &&
           error.message.find(member) != std::string::npos;
  };
  CHECK(names(error_in(replaced(by_hand, "ec-384", "ec-383")), "key_type"));
  CHECK(names(error_in(replaced(by_hand, "Example.com", "exa mple.com")), "identifiers"));
  CHECK(names(error_in(replaced(by_hand, "\"https://ca.example/directory\"", "7")), "directory"));
  CHECK(names(error_in(replaced(by_hand, R"(["Example.com", "*.example.com", "192.0.2.1"])", "[]")),
              "identifiers"));
  CHECK(names(error_in(replaced(by_hand, "\"method\": \"dns\", ", "")), "method"));
  CHECK(names(
      error_in(R"({"certo":"request/1","identifiers":["a.example"],"key_type":"ec-256","directory":"x"})"),
      "way"));
}

TEST_CASE("a request of a newer certo asks for an upgrade") {
  const Error newer = error_in(replaced(by_hand, "request/1", "request/2"));
  CHECK(newer.code == Exit::bad_input);
  CHECK(newer.hint == "upgrade certo");
  for (const char* other : {"status/1", "request/0", "request/", "request/1x", ""})
    CHECK(error_in(replaced(by_hand, "request/1", other)).hint.empty());
}

TEST_CASE("a status is read as it was written") {
  Status status;
  status.due = *from_rfc3339("2026-12-01T00:00:00Z");
  status.not_after = *from_rfc3339("2027-01-01T00:00:00Z");
  status.window_start = status.due - Seconds(60);
  status.window_end = status.due + Seconds(60);
  status.ari_again = status.due - Seconds(3600);
  status.ari_explanation = "https://ca.example/why";
  status.live = LiveFingerprint{"20261121T022200Z-4f1c22aa", {UINT64_MAX, 2, -3}, {4, 5, 6}};
  status.checked = status.due - Seconds(7);
  status.failures = 3;
  status.failing_since = status.due;
  status.retry_at = status.due + Seconds(8);
  status.last_error = "the CA said \"no\"";

  const std::string text = to_pretty_json(to_json(status));
  const Status again = parse_status(text);
  CHECK(to_pretty_json(to_json(again)) == text);
  CHECK(again.live == status.live);
  CHECK(again.retry_at == status.retry_at);
  CHECK(to_json(to_json(Status{})) == R"({"certo":"status/1"})");
}

TEST_CASE("a damaged status is a default one") {
  for (const char* text : {"", "{", "[]", "{}", R"({"certo":"status/2","failures":1})",
                           R"({"certo":"status/1","failures":1,"due":"tomorrow"})",
                           R"({"certo":"status/1","failures":1,"live":{"version":"x"}})"}) {
    CAPTURE(text);
    CHECK(parse_status(text).failures == 0);
  }
  CHECK(parse_status(R"({"certo":"status/1","failures":-5})").failures == 0);
  CHECK(parse_status(R"({"certo":"status/1","failures":1,"from_a_newer_certo":true})").failures == 1);
}

TEST_CASE("dates and times in a request are checked") {
  const auto with = [](const std::string& member) {
    return replaced(by_hand, "\"key_type\"", member + ", \"key_type\"");
  };
  CHECK(parse_request(with(R"("renew_before": "33%", "reuse_key": false)"), "request.json").renew_before ==
        "33%");
  CHECK(error_in(with(R"("renew_before": "soon")")).message.find("request.json: \"renew_before\": 'soon'") ==
        0);
  CHECK(error_in(with(R"("not_after": "soon")")).code == Exit::bad_input);
  CHECK(error_in(with(R"("must_staple": "yes")")).code == Exit::bad_input);
}

TEST_CASE("what only counts for renewals asks for the same certificate") {
  const Request request = parse_request(by_hand, "request.json");
  Request other = request;
  other.renew_before = "30d";
  other.reuse_key = other.allow_subset = true;
  CHECK(asks_for_same(request, other));
  CHECK(digest(request) == digest(other));
  other.must_staple = true;
  CHECK(!asks_for_same(request, other));
  CHECK(digest(request) != digest(other));
}
