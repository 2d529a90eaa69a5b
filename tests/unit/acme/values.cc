#include <doctest/doctest.h>

#include "acme/ari.h"
#include "acme/document.h"
#include "acme/jws.h"
#include "acme/poll.h"
#include "crypto/hash.h"
#include "fixtures/acme_script.h"
#include "net/retry_after.h"

using namespace certo;
using namespace certo::test;

TEST_CASE("the thumbprint of RFC 7638 section 3.1") {
  crypto::PublicKey key;
  key.type = crypto::KeyType::rsa2048;
  key.e = *from_base64url("AQAB");
  key.n = *from_base64url(
      "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_"
      "BJECPebWKRXjBZCiFV4n3oknjhMs"
      "tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_"
      "FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5haj"
      "rn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-"
      "kEgU8awapJzKnqDKgw");
  CHECK(acme::thumbprint(key) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

TEST_CASE("an external account is bound by the algorithm that was chosen") {
  const NoSigner signer;
  for (const auto& [name, hash, size] : {std::tuple{"HS256", "sha256", 32}, std::tuple{"HS384", "sha384", 48},
                                         std::tuple{"HS512", "sha512", 64}}) {
    CHECK(acme::is_mac_algorithm(name));
    const Json jws = parse_json(
        acme::sign_external_binding(signer.public_key(), name, "kid", "secret", "https://ca.example/acct"),
        "jws", Exit::bug);
    const std::string head = jws.find("protected")->string(), body = jws.find("payload")->string();
    CHECK(std::string(as_text(*from_base64url(head))) ==
          std::string(R"({"alg":")") + name + R"(","kid":"kid","url":"https://ca.example/acct"})");
    CHECK(std::string(as_text(*from_base64url(body))) == acme::jwk(signer.public_key()));
    const Bytes mac = crypto::hmac(hash, as_bytes("secret"), head + "." + body);
    CHECK(mac.size() == static_cast<size_t>(size));
    CHECK(jws.find("signature")->string() == base64url(mac));
  }
  CHECK_FALSE(acme::is_mac_algorithm("RS256"));
}

TEST_CASE("Retry-After is read as seconds and as a date, and ignored if it is neither") {
  Time now = *from_rfc3339("2026-11-21T10:00:00Z");
  CHECK(net::retry_after("120", now) == Seconds(120));
  CHECK(net::retry_after(" 3 ", now) == Seconds(3));
  CHECK(net::retry_after("Sat, 21 Nov 2026 10:01:30 GMT", now) == Seconds(90));
  CHECK(net::retry_after("Sat, 21 Nov 2026 09:00:00 GMT", now) == Seconds(0));
  CHECK(net::retry_after("99999999999999999999", now) == Seconds(std::chrono::years(10)));
  CHECK_FALSE(net::retry_after("soon", now));
  CHECK_FALSE(net::retry_after("-5", now));
  CHECK_FALSE(net::retry_after("", now));
}

TEST_CASE("the first polls come early whatever is suggested, the later ones as suggested") {
  CHECK(acme::next_poll(0, Seconds(3)) < Millis(50));
  Millis total(0);
  for (int i = 0; i < 5; ++i) total += acme::next_poll(i, Seconds(3));
  CHECK(total < Seconds(4));
  CHECK(acme::next_poll(20, Seconds(3)) == Seconds(3));
}

TEST_CASE("a suggested interval counts from a second to a minute, 0 does not") {
  CHECK(acme::next_poll(20, Seconds(1)) == Seconds(1));
  CHECK(acme::next_poll(20, Seconds(1'000'000)) == Seconds(60));
  CHECK(acme::next_poll(20, Seconds(0)) == Seconds(30));
  CHECK(acme::next_poll(20, {}) == Seconds(30));
}

TEST_CASE("the polls of the first ten seconds come soon, the later ones seldom") {
  Millis elapsed(0);
  int polls = 0;
  for (; elapsed + acme::next_poll(polls, {}) <= Seconds(10); ++polls) elapsed += acme::next_poll(polls, {});
  CHECK(polls == 6);
  for (; elapsed + acme::next_poll(polls, {}) <= Seconds(600); ++polls) elapsed += acme::next_poll(polls, {});
  CHECK(polls < 30);
}

TEST_CASE("an identifier for renewal information is that of RFC 9773 section 4.1") {
  crypto::Certificate certificate;
  certificate.authority_key_id = {0x69, 0x88, 0x5B, 0x6B, 0x87, 0x46, 0x40, 0x41, 0xE1, 0xB3,
                                  0x7B, 0x84, 0x7B, 0xA0, 0xAE, 0x2C, 0xDE, 0x01, 0xC8, 0xD4};
  certificate.serial = {0x00, 0x87, 0x65, 0x43, 0x21};
  CHECK(acme::renewal_id(certificate) == "aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE");
}

TEST_CASE("a problem is reported with its subproblems, and a hint for its type") {
  acme::Problem problem = acme::parse_problem(parse_json(
      R"({"type":"urn:ietf:params:acme:error:compound","detail":"two names failed","subproblems":[
        {"type":"urn:ietf:params:acme:error:caa","detail":"CAA forbids","identifier":{"type":"dns","value":"a.example"}}]})",
      "problem", Exit::bug));
  CHECK(acme::describe(problem) == "compound: two names failed; a.example: caa: CAA forbids");
  CHECK(acme::hint_for(problem).find("CAA record") != std::string::npos);
}

TEST_CASE("the text of a rate limit says what is limited, and until when") {
  const auto refused = [](const std::string& what, const std::string& anchor) {
    acme::Problem problem;
    problem.type = "rateLimited";
    problem.detail = what +
                     ", retry after 2026-11-21 02:22:00 UTC: see https://letsencrypt.org/docs/rate-limits/#" +
                     anchor;
    return acme::Refusal(429, problem, {});
  };
  struct Row {
    const char *what, *anchor;
    acme::Limited kind;
    const char* spoken;
  };
  for (const Row& row : {
           Row{"too many certificates (2) already issued for this exact set of identifiers in the last "
               "3h0m0s",
               "new-certificates-per-exact-set-of-identifiers", acme::Limited::identifier_set,
               "the CA limits certificates for exactly these names until 2026-11-21T02:22:00Z: too many"},
           Row{"too many certificates (50) already issued for \"example.com\" in the last 168h0m0s",
               "new-certificates-per-registered-domain", acme::Limited::domain,
               "the CA limits certificates for example.com and the names below it until "
               "2026-11-21T02:22:00Z: "},
           Row{"too many failed authorizations (5) for \"www.example.com\" in the last 1h0m0s",
               "authorization-failures-per-identifier-per-account", acme::Limited::identifier,
               "the CA limits validations of www.example.com until 2026"},
           Row{"too many new orders (300) from this account in the last 3h0m0s", "new-orders-per-account",
               acme::Limited::account,
               "the CA limits new orders of this account until 2026-11-21T02:22:00Z: "},
           Row{"too many new registrations (10) from this IP address in the last 3h0m0s",
               "new-registrations-per-ip-address", acme::Limited::address,
               "the CA limits new accounts from this address until 2026-11-21T02:22:00Z: "},
           Row{"in other words", "new-orders-per-account", acme::Limited::account,
               "the CA limits new orders "},
           Row{"too many requests", "of-another-kind", acme::Limited::unknown,
               "the CA refused: rateLimited: too "},
       }) {
    CAPTURE(row.what);
    const acme::Refusal refusal = refused(row.what, row.anchor);
    CHECK(refusal.limit.kind == row.kind);
    CHECK(refusal.message.find(row.spoken) == 0);
    CHECK(refusal.code == Exit::later);
    CHECK_FALSE(refusal.hint.empty());
    REQUIRE(refusal.retry_at);
    CHECK(rfc3339(std::chrono::floor<Seconds>(*refusal.retry_at)) == "2026-11-21T02:22:00Z");
  }
}

TEST_CASE("Retry-After has priority over the time in the text, unless it is 0") {
  acme::Problem problem;
  problem.type = "rateLimited";
  problem.detail = "too many new orders (1) from this account, retry after 2099-01-01 00:00:00 UTC: see";
  const Time told = now() + Seconds(5517);
  CHECK(*acme::Refusal(429, problem, told).retry_at == told);
  CHECK(*acme::Refusal(429, problem, now()).retry_at == *from_rfc3339("2099-01-01T00:00:00Z"));
}

TEST_CASE("a problem document of any shape is still a refusal") {
  CHECK(acme::describe(acme::parse_problem(parse_json("[1]", "problem", Exit::bug))) == "no reason given");
  CHECK(acme::describe(acme::parse_problem(parse_json(R"({"type":7,"detail":{}})", "problem", Exit::bug))) ==
        "no reason given");
}

namespace {
const std::string document_text =
    R"({"certo":"order/1","directory":"https://ca.example/dir","account":"https://ca.example/acct/1",
 "url":"https://ca.example/o/1","status":"pending","expires":null,"identifiers":[{"type":"dns","value":"*.a.example"}],
 "profile":null,"replaces":null,"finalize":"https://ca.example/fin","certificate":null,"csr":null,
 "authorizations":[{"url":"https://ca.example/authz","status":"pending","wildcard":true,
  "identifier":{"type":"dns","value":"a.example"},"challenges":[{"type":"dns-01","url":"https://ca.example/chall",
  "token":"tok","status":"pending","present":{"name":"_acme-challenge.a.example","type":"TXT",
  "value":"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"}}]}]})";

std::string with(std::string text, const std::string& from, const std::string& to) {
  text.replace(text.find(from), from.size(), to);
  return text;
}
Exit code_of_document(const std::string& text) {
  return code_of([&] { acme::parse_document(text, "stdin"); });
}
}  // namespace

TEST_CASE("an order document is read as it was written") {
  acme::Document document = acme::parse_document(document_text, "stdin");
  REQUIRE(document.records.size() == 1);
  CHECK(document.records[0].name == "_acme-challenge.a.example");
  CHECK(document.order.identifiers[0].value == "*.a.example");
  acme::Document again = acme::parse_document(to_json(acme::to_json(document, "thumb")), "again");
  CHECK(again.order.url.text == document.order.url.text);
  CHECK(again.order.authorizations[0].challenges[0].token == "tok");
}

TEST_CASE("a text that is not an order document, or a false one, is refused") {
  CHECK(code_of_document("{}") == Exit::bad_input);
  CHECK(code_of_document("nonsense") == Exit::bad_input);
  CHECK(code_of_document(with(document_text, "order/1", "order/0")) == Exit::bad_input);
  CHECK(code_of_document(with(document_text, "https://ca.example/o/1", "file:///etc/passwd")) ==
        Exit::bad_input);
  CHECK(code_of_document(with(document_text, "\"tok\"", "\"../../etc\"")) == Exit::bad_input);
  CHECK(code_of_document(with(document_text, "_acme-challenge.a.example", "www.a.example")) ==
        Exit::bad_input);
  CHECK(code_of_document(with(document_text, "47DEQpj8", "short")) == Exit::bad_input);
  const std::string authorizations = document_text.substr(document_text.find("[{\"url\""));
  const std::string one = authorizations.substr(1, authorizations.size() - 3);
  CHECK(code_of_document(with(document_text, one, one + "," + one)) == Exit::bad_input);
}
