#include "renew/due.h"

#include <doctest/doctest.h>

#include "crypto/csr.h"
#include "renew/plan.h"

using namespace certo;
using namespace certo::renew;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const Time start = *from_rfc3339("2026-11-21T00:00:00Z");

}  // namespace

TEST_CASE("a certificate is due when a third of its life is left") {
  CHECK(due_by_lifetime(start, start + days(90)) == start + days(60));
  CHECK(due_by_lifetime(start, start + days(47)) == start + days(31) + hours(8));
  CHECK(due_by_lifetime(start, start + days(10)) == start + days(6) + hours(16));
}

TEST_CASE("a certificate for less than ten days is due at half of its life") {
  CHECK(due_by_lifetime(start, start + days(6)) == start + days(3));
  CHECK(due_by_lifetime(start, start + days(10) - Seconds(2)) == start + days(5) - Seconds(1));
  CHECK(due_by_lifetime(start, start + hours(1)) == start + minutes(30));
  CHECK(due_by_lifetime(start, start - days(1)) == start - days(1));
}

TEST_CASE("an instant is in its window, two hours before the end if there is room") {
  const Time end = start + days(2);
  CHECK(instant_in(start, end, 0) == start);
  for (const uint64_t random : {uint64_t{1}, uint64_t{165'599}, uint64_t{165'600}, UINT64_MAX}) {
    const Time instant = instant_in(start, end, random);
    CHECK(instant >= start);
    CHECK(instant < end - hours(2));
  }
  CHECK(instant_in(start, end, 165'599) == end - hours(2) - Seconds(1));
}

TEST_CASE("in a window without room the instant is as early as it can be") {
  CHECK(instant_in(start, start + hours(2), 7199) == start);
  CHECK(instant_in(start, start + minutes(192), 7199) == start + Seconds(7199 % 4320));  // six days' 2 %
  CHECK(instant_in(start, start + Seconds(1), UINT64_MAX) == start);
  CHECK(instant_in(start, start, 5) == start);
  CHECK(instant_in(start, start - days(1), 5) == start);
}

TEST_CASE("the wait grows with each failure in a row") {
  const Time far = start + days(365);
  CHECK(back_off(0, start, far) == Seconds(0));
  CHECK(back_off(1, start, far) == hours(1) - minutes(10));
  CHECK(back_off(2, start, far) == hours(4) - minutes(10));
  CHECK(back_off(3, start, far) == hours(24) - minutes(10));
  CHECK(back_off(1000, start, far) == hours(24) - minutes(10));
}

TEST_CASE("what has been failing for weeks is tried once a day, however little is left") {
  CHECK(back_off(40, start, start + hours(2), start - days(14)) == hours(24) - minutes(10));
  CHECK(back_off(40, start, start - days(1), start - days(30)) == hours(24) - minutes(10));
  CHECK(back_off(40, start, start + hours(2), start - days(13)) == hours(1));
}

TEST_CASE("renewals by lifetime are spread over a sixtieth of it, the same at each look") {
  const Time latest = start + days(60);
  for (const char* name : {"a.example", "b.example", "c.example"}) {
    const Time due = due_by_lifetime(start, start + days(90), spread("machine", name));
    CHECK(due <= latest);
    CHECK(due >= latest - hours(36));
    CHECK(due == due_by_lifetime(start, start + days(90), spread("machine", name)));
  }
  CHECK(spread("machine", "a.example") != spread("machine", "b.example"));
  CHECK(spread("machine", "a.example") != spread("another", "a.example"));
}

TEST_CASE(
    "a certificate that is not what is wanted is due whatever instant was chosen, but not before its next "
    "try") {
  store::Status status;
  status.due = status.not_after = start + days(30);
  status.renew_because = "it was revoked";
  CHECK(due(status, start) == Due::now);
  status.retry_at = start + hours(1);
  CHECK(due(status, start) == Due::held_back);
}

TEST_CASE("a request says when its certificate is due") {
  store::Request request;
  const Time end = start + days(90);
  CHECK(due_by_request(request, start, end) == due_by_lifetime(start, end));
  request.renew_before = "20d";
  CHECK(due_by_request(request, start, end) == end - days(20));
  CHECK(due_by_request(request, start, end, Seconds(hours(36)).count()) == end - days(21) - hours(12));
  request.renew_before = "50%";
  CHECK(due_by_request(request, start, end) == end - days(45));
  // Not in each pass, whatever the value.
  request.renew_before = "90d";
  CHECK(due_by_request(request, start, end) == due_by_lifetime(start, end));
  request.renew_before = "99%";
  for (const uint64_t spread : {uint64_t{0}, uint64_t{123456789}, ~uint64_t{0}})
    CHECK(due_by_request(request, start, end, spread) > start);
  request.not_after = "2027-02-19";
  CHECK(due_by_request(request, start, end) == end);
  request.not_after = "+90d";
  CHECK(due_by_request(request, start, end) < end);
}

TEST_CASE("--renew-before counts if the CA does not say earlier") {
  store::Request request;
  crypto::Certificate leaf;
  leaf.not_before = start;
  leaf.not_after = start + days(90);
  const Time from = start + days(60), to = from + days(2);
  CHECK(due_in_window(request, leaf, from, to, 7) == instant_in(from, to, 7));
  request.renew_before = "20d";
  CHECK(due_in_window(request, leaf, from, to, 7) == instant_in(from, to, 7));
  request.renew_before = "45d";
  CHECK(due_in_window(request, leaf, from, to, 0) == start + days(45));
  request.renew_before.clear();
  CHECK(due_in_window(request, leaf, start + days(95), start + days(96), 7) == start + days(81));
  request.not_after = "2027-02-19";
  CHECK(due_in_window(request, leaf, from, to, 7) == leaf.not_after);
}

TEST_CASE("what a request asks for and the certificate does not have is named") {
  store::Request request;
  request.identifiers = crypto::identifiers({"a.example", "b.example"});
  crypto::Certificate leaf;
  leaf.identifiers = crypto::identifiers({"b.example", "a.example", "www.a.example"});
  leaf.key_description = "ec-256";
  const std::string wishes = store::digest(request);
  CHECK(difference(request, leaf, wishes).empty());
  CHECK(difference(request, leaf, "").empty());

  store::Request other = request;
  other.profile = "shortlived";
  CHECK(difference(other, leaf, wishes) == "its request was changed");
  CHECK(difference(other, leaf, "").empty());
  other = request;
  other.ways.usual = store::Webroot{"/srv/other"};
  CHECK(difference(other, leaf, wishes) == "its request was changed");
  other = request;
  other.identifiers.pop_back();
  CHECK(difference(other, leaf, wishes) == "its request was changed");
  other = request;
  other.identifiers = crypto::identifiers({"a.example", "c.example"});
  CHECK(difference(other, leaf, "") == "c.example was added to its names");
  other.allow_subset = true;
  CHECK(difference(other, leaf, "").empty());
  CHECK(difference(other, leaf, store::digest(other)).empty());
  CHECK(difference(other, leaf, wishes) == "its request was changed");
  other = request;
  other.renew_before = "30d";
  other.reuse_key = true;
  CHECK(difference(other, leaf, wishes).empty());
  other = request;
  other.key_type = crypto::KeyType::rsa2048;
  CHECK(difference(other, leaf, "") == "its key type was changed to rsa-2048");

  // If the key is elsewhere, the type that certo would make does not matter.
  const auto key = crypto::PrivateKey::generate(crypto::KeyType::ec384);
  other = request;
  other.csr = crypto::csr_pem(crypto::make_csr(key, request.identifiers));
  crypto::Certificate certified = leaf;
  certified.spki = key.public_key().spki;
  certified.key_description = "ec-384";
  CHECK(difference(other, certified, "").empty());
  CHECK(difference(other, leaf, "") == "its CSR is for another key");
}

TEST_CASE("a plan says when each certificate is renewed and why") {
  store::Status status;
  status.due = start + days(60);
  status.not_after = start + days(90);
  CHECK(plan("a", status, start).due == Due::later);
  CHECK(plan("a", status, start).at == start + days(60));
  CHECK(plan("a", status, start).reason == "it expires 2027-02-19T00:00:00Z");
  CHECK(plan("a", status, start + days(61)).due == Due::now);
  CHECK(plan("a", status, start + days(61)).at == start + days(61));
  CHECK(plan("a", status, start + days(91)).reason == "it expired 2027-02-19T00:00:00Z");

  status.window_start = start + days(59);
  status.window_end = start + days(61);
  CHECK(plan("a", status, start).reason == "the CA suggests 2027-01-19T00:00:00Z to 2027-01-21T00:00:00Z");
  status.failures = 2;
  status.retry_at = start + days(60) + hours(4);
  CHECK(plan("a", status, start + days(60)).due == Due::held_back);
  CHECK(plan("a", status, start + days(60)).at == start + days(60) + hours(4));
  CHECK(plan("a", store::Status{}, start).reason == "there is none yet");
}

TEST_CASE("the wait is at most half of what is left of the certificate") {
  CHECK(back_off(3, start, start + hours(24)) == hours(12));
  CHECK(back_off(1, start, start + hours(1)) == minutes(30));
  CHECK(back_off(1, start, start + Seconds(10)) == minutes(1));
}

TEST_CASE("an expired certificate is tried every hour, one that never was as any other") {
  CHECK(back_off(5, start, start) == minutes(50));
  CHECK(back_off(5, start, start - days(9)) == minutes(50));
  CHECK(back_off(5, start, Time{}) == hours(24) - minutes(10));
}

TEST_CASE("a certificate is due from its instant on") {
  store::Status status;
  status.due = start;
  status.not_after = start + days(30);
  CHECK(due(status, start - Seconds(1)) == Due::later);
  CHECK(due(status, start) == Due::now);
  CHECK(due(store::Status{}, start) == Due::now);  // nothing is known of it
}

TEST_CASE("an expired certificate is due whatever instant was chosen") {
  store::Status status;
  status.due = start + days(900);
  status.not_after = start;
  CHECK(due(status, start) == Due::now);
}

TEST_CASE("a certificate that is due is held back until its next try") {
  store::Status status;
  status.due = start;
  status.retry_at = start + hours(1);
  CHECK(due(status, start) == Due::held_back);
  CHECK(due(status, start - Seconds(1)) == Due::later);
  CHECK(due(status, start + hours(1)) == Due::now);
}

TEST_CASE("a wait that no CA asks for holds nothing back") {
  store::Status status;
  status.due = start;
  status.retry_at = start + days(3650);
  CHECK(due(status, start) == Due::now);
}
