#include "renew/limits.h"

#include <algorithm>

#include "fixtures/support.h"

using namespace certo;
using namespace certo::renew;
using acme::Limited;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const Time noon = *from_rfc3339("2026-12-01T12:00:00Z");
const std::string account = "https://ca.example/acct/1";
const Limits limits{{Limited::account, 300, hours(3)},
                    {Limited::domain, 50, days(7)},
                    {Limited::identifier_set, 5, days(7)},
                    {Limited::identifier, 5, hours(1)},
                    {Limited::address, 10, hours(3)}};

OrderUse order_for(const std::vector<std::string>& names) {
  return {.identifiers = crypto::identifiers(names), .account = account};
}

/// "account+", "domain example.com+", "identifier a.example.com": required, and taken if there is a plus;
/// "(…)": not required.
std::vector<std::string> shown(const std::vector<Token>& tokens) {
  std::vector<std::string> all;
  for (const auto& [bucket, is_required, is_taken] : tokens) {
    const std::string text =
        std::string(store::name_of(bucket.kind)) + " " + bucket.of + (is_taken ? "+" : "");
    all.push_back(is_required ? text : "(" + text + ")");
  }
  std::ranges::sort(all);
  return all;
}

std::optional<Shortage> missing(const store::Ledger& ledger, const OrderUse& order, Time at = noon) {
  return shortage(limits, ledger, tokens_of(order), at);
}

}  // namespace

TEST_CASE("an order takes a token of its account, of each domain and of its set of names") {
  CHECK(shown(tokens_of(
            order_for({"b.example.co.uk", "*.example.co.uk", "example.com", "192.0.2.1", "2001:db8::7"}))) ==
        std::vector<std::string>{
            "certificates-per-domain 192.0.2.1+", "certificates-per-domain 2001:db8::/64+",
            "certificates-per-domain example.co.uk+", "certificates-per-domain example.com+",
            "certificates-per-set *.example.co.uk,192.0.2.1,2001:db8::7,b.example.co.uk,example.com+",
            "failures-per-name 192.0.2.1", "failures-per-name 2001:db8::7",
            "failures-per-name b.example.co.uk", "failures-per-name example.co.uk",
            "failures-per-name example.com", "orders-per-account +"});
}

TEST_CASE("a renewal needs none of its account and domain, and a replacement needs none at all") {
  OrderUse order = order_for({"a.example.com"});
  order.is_renewal = true;
  CHECK(shown(tokens_of(order)) ==
        std::vector<std::string>{"certificates-per-set a.example.com+", "failures-per-name a.example.com"});
  order.is_replacement = true;
  CHECK(shown(tokens_of(order)) == std::vector<std::string>{"(certificates-per-set a.example.com+)"});
  order.is_renewal = false;  // with another name
  CHECK(shown(tokens_of(order)) == std::vector<std::string>{"(certificates-per-domain example.com+)",
                                                            "(certificates-per-set a.example.com+)"});
}

TEST_CASE("an order that is given up needs no certificate") {
  OrderUse order = order_for({"a.example.com"});
  order.is_given_up = true;
  CHECK(shown(tokens_of(order)) ==
        std::vector<std::string>{"failures-per-name a.example.com", "orders-per-account +"});
}

TEST_CASE("a set of names has one bucket, in any order of its names") {
  CHECK(bucket_of_set(crypto::identifiers({"b.example", "a.example"})) ==
        bucket_of_set(crypto::identifiers({"a.example", "b.example"})));
  std::vector<std::string> many, others;
  for (int i = 0; i < 100; ++i) many.push_back("name-" + std::to_string(i) + ".example");
  others = many;
  others.back() = "other.example";
  const store::Bucket bucket = bucket_of_set(crypto::identifiers(many));
  CHECK(bucket.of.size() < 100);
  CHECK(bucket.of.starts_with("name-0.example and 99 more, "));
  CHECK(bucket != bucket_of_set(crypto::identifiers(others)));
}

TEST_CASE("the sixth order for the same names has to wait") {
  store::Ledger ledger;
  const OrderUse order = order_for({"a.example.com"});
  for (int i = 0; i < 5; ++i) {
    CHECK(!missing(ledger, order));
    take(limits, ledger, tokens_of(order), noon);
  }
  const auto sixth = missing(ledger, order);
  REQUIRE(sixth);
  CHECK(sixth->bucket.kind == Limited::identifier_set);
  CHECK(sixth->opens == noon + minutes(2016));
  const Error error = describe(*sixth);
  CHECK(error.code == Exit::later);
  CHECK(error.message ==
        "the CA limits certificates for exactly these names to 5 in 7 days, and 5 were used as far as this "
        "machine knows; nothing was sent, the next one is possible 2026-12-02T21:36:00Z");
  CHECK(error.hint.ends_with("--force asks the CA all the same"));
  CHECK(error.retry_at == sixth->opens);
  CHECK(!missing(ledger, order_for({"a.example.com", "b.example.com"})));
  CHECK(!missing(ledger, order, sixth->opens));
  OrderUse replacement = order;
  replacement.is_replacement = true;
  CHECK(!missing(ledger, replacement));
}

TEST_CASE("the limit that lasts longest is named") {
  store::Ledger ledger;
  for (int i = 0; i < 300; ++i)
    take(limits, ledger, tokens_of(order_for({"x" + std::to_string(i % 60) + ".example.com"})), noon);
  const auto short_of = missing(ledger, order_for({"x1.example.com"}));
  REQUIRE(short_of);
  CHECK(short_of->bucket == store::Bucket{Limited::domain, "", "example.com"});
  const auto other = missing(ledger, order_for({"example.net"}));
  REQUIRE(other);
  CHECK(other->bucket.kind == Limited::account);
  CHECK(other->opens == noon + Seconds(36));
}

TEST_CASE("an order that the CA did not open counts for nothing, and one that failed only as an order") {
  store::Ledger ledger;
  const std::vector<Token> tokens = tokens_of(order_for({"a.example.com"}));
  take(limits, ledger, tokens, noon);
  give_back(limits, ledger, tokens, Unused::all);
  ledger.trim(noon);
  CHECK(ledger == store::Ledger());
  take(limits, ledger, tokens, noon);
  give_back(limits, ledger, tokens, Unused::certificates);
  ledger.trim(noon);
  CHECK(ledger.all().size() == 1);
  CHECK(ledger.all().begin()->first.kind == Limited::account);
}

TEST_CASE("after five failed validations a name waits at this account") {
  store::Ledger ledger;
  for (int i = 0; i < 5; ++i)
    count_failure(limits, ledger, bucket_of_failures({"dns", "*.a.example.com"}, account), noon);
  const auto short_of = missing(ledger, order_for({"a.example.com"}));
  REQUIRE(short_of);
  CHECK(short_of->opens == noon + minutes(12));
  OrderUse other = order_for({"a.example.com"});
  other.account = "https://ca.example/acct/2";
  CHECK(!missing(ledger, other));
}

TEST_CASE("what the CA answers is believed, if it is about a name of the order") {
  const OrderUse order = order_for({"www.a.example.com", "b.example"});
  const auto believed = [&](const std::string& detail, const Limits& known) {
    store::Ledger ledger;
    believe(known, ledger, order, acme::limit_in(detail), noon + hours(2));
    const auto short_of = shortage(known, ledger, tokens_of(order), noon);
    return short_of ? std::string(store::name_of(short_of->bucket.kind)) + " " + short_of->bucket.of + " " +
                          rfc3339(short_of->opens)
                    : "";
  };
  for (const Limits& known : {limits, Limits()}) {
    CHECK(believed("too many certificates (50) already issued for \"example.com\" in the last 168h0m0s",
                   known) == "certificates-per-domain example.com 2026-12-01T14:00:00Z");
    CHECK(believed("too many certificates (5) already issued for this exact set of identifiers", known) ==
          "certificates-per-set b.example,www.a.example.com 2026-12-01T14:00:00Z");
    CHECK(believed("too many failed authorizations (5) for \"b.example\" in the last 1h0m0s", known) ==
          "failures-per-name b.example 2026-12-01T14:00:00Z");
    CHECK(believed("too many failed authorizations (5) for \"c.example\" in the last 1h0m0s", known) == "");
    CHECK(believed("too many certificates (50) already issued for \"other.example\"", known) == "");
    CHECK(believed("too many new orders (300) from this account in the last 3h0m0s", known) == "");
    CHECK(believed("go away", known) == "");
  }
}

TEST_CASE("after a damaged ledger the message does not say how many were used") {
  store::Ledger ledger;
  ledger.lost = noon;
  const auto short_of = missing(ledger, order_for({"a.example.com"}), noon + minutes(10));
  REQUIRE(short_of);
  CHECK(short_of->opens == noon + hours(1));
  CHECK(describe(*short_of).message.find("it is not known how many were used") != std::string::npos);
}

TEST_CASE("a CA whose limits are not known has none") {
  store::Ledger ledger;
  const OrderUse order = order_for({"a.example.com"});
  for (int i = 0; i < 1000; ++i) take({}, ledger, tokens_of(order), noon);
  CHECK(ledger == store::Ledger());
  CHECK(!shortage({}, ledger, tokens_of(order), noon));
  CHECK(left_of({}, ledger, tokens_of(order), noon).empty());
}

TEST_CASE("what is left is at most what the CA allows") {
  store::Ledger ledger;
  const OrderUse order = order_for({"a.example.com"});
  take(limits, ledger, tokens_of(order), noon);
  std::vector<std::string> all;
  for (const Left& left : left_of(limits, ledger, tokens_of(order), noon))
    all.push_back(std::string(store::name_of(left.rule.kind)) + " " + std::to_string(left.tokens));
  CHECK(all == std::vector<std::string>{"orders-per-account 299", "failures-per-name 5",
                                        "certificates-per-domain 49", "certificates-per-set 4"});
}
