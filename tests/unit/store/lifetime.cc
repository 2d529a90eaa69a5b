#include "store/lifetime.h"

#include "fixtures/certificates.h"
#include "fixtures/support.h"
#include "store/accepted.h"

using namespace certo;
using namespace certo::store;
using namespace certo::test;
using std::chrono::days;
using std::chrono::hours;

TEST_CASE("a span is a whole number and a unit") {
  CHECK(parse_span("30d") == days(30));
  CHECK(parse_span("36h") == hours(36));
  CHECK(parse_span("90m") == std::chrono::minutes(90));
  CHECK(parse_span("1s") == Seconds(1));
  CHECK(parse_span("3650d") == days(3650));
  for (const char* text :
       {"", "d", "30", "0d", "-1d", "+1d", "1.5d", "30 d", "30dd", "3651d", "99999999999999d", "1w"}) {
    CAPTURE(text);
    CHECK(!parse_span(text));
  }
}

TEST_CASE("when to renew is a span or a share") {
  CHECK(parse_renew_before("30d").of(days(90)) == days(30));
  CHECK(parse_renew_before("50%").of(days(90)) == days(45));
  CHECK(parse_renew_before("33%").of(hours(160)) == Seconds(hours(160)) * 33 / 100);
  for (const char* text : {"", "0%", "100%", "%", "-5%", "30", "a third"}) {
    CAPTURE(text);
    CHECK(error_of([&] { parse_renew_before(text); }).code == Exit::usage);
  }
}

TEST_CASE("a date is absolute or counts from now") {
  CHECK(parse_date("+7d", test_time) == test_time + days(7));
  CHECK(rfc3339(parse_date("2026-12-01", test_time)) == "2026-12-01T00:00:00Z");
  CHECK(rfc3339(parse_date("2026-12-01T06:00:00+02:00", test_time)) == "2026-12-01T04:00:00Z");
  for (const char* text : {"", "+", "7d", "-7d", "2026-13-01", "tomorrow"}) {
    CAPTURE(text);
    CHECK(error_of([&] { parse_date(text, test_time); }).code == Exit::usage);
  }
}

namespace {

/// Let's Encrypt's entry of the built-in table.
const Server& lets_encrypt() {
  static const std::vector<Server> all = built_in_servers();
  return *find_server(all, "le");
}

Request request_for(const std::vector<std::string>& names) {
  Request request;
  request.directory = lets_encrypt().directory;
  request.identifiers = crypto::identifiers(names);
  return request;
}

std::string refusal(const Request& request) {
  return error_of([&] { require_accepted(lets_encrypt(), request); }).message;
}

}  // namespace

TEST_CASE("an address chooses the profile that is for addresses") {
  CHECK(profile_for(lets_encrypt(), crypto::identifiers({"192.0.2.1"})) == "shortlived");
  CHECK(profile_for(lets_encrypt(), crypto::identifiers({"a.example.com", "2001:db8::1"})) == "shortlived");
  CHECK(profile_for(lets_encrypt(), crypto::identifiers({"a.example.com"})).empty());
  CHECK(profile_for({}, crypto::identifiers({"192.0.2.1"})).empty());
}

TEST_CASE("what a known CA refuses is said before an order") {
  Request request = request_for({"192.0.2.1"});
  require_accepted(lets_encrypt(), request);
  request.profile = "classic";
  CHECK(refusal(request) == "the profile classic of Let's Encrypt is for names, and not for addresses");

  std::vector<std::string> names;
  for (int i = 0; i < 26; ++i) names.push_back("n" + std::to_string(i) + ".example.com");
  request = request_for(names);
  require_accepted(lets_encrypt(), request);
  request.preferred_profile = "tlsserver";
  const Error many = error_of([&] { require_accepted(lets_encrypt(), request); });
  CHECK(many.message ==
        "26 names are too many for one certificate: the profile tlsserver of Let's Encrypt allows 25");
  CHECK(many.hint == "make more than one certificate of them, or take another profile: --profile classic");

  request = request_for({"a.example.com"});
  request.must_staple = true;
  CHECK(refusal(request) == "--must-staple: Let's Encrypt has ended OCSP, and refuses it");
  request = request_for({"a.example.com"});
  request.profile = "tlsserver";
  request.renew_before = "44d";
  require_accepted(lets_encrypt(), request);
  request.renew_before = "45d";
  CHECK(refusal(request).find("valid for 45 days") != std::string::npos);
  request.profile = "of-the-future";  // not known here, but perhaps to the CA
  require_accepted(lets_encrypt(), request);
  CHECK(refusal(request_for({"localhost"})).find("single part") != std::string::npos);
}
