// DNSSEC without verifying a signature: RFC 4034 section 5.4 and RFC 4509 section 2.3 have the key and its
// digests.
#include "check/dnssec.h"

#include "base/text.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::check;

namespace {

const std::string zone = "dskey.example.com";
const Time today = *from_rfc3339("2026-11-30T00:00:00Z");

Bytes key_data() {
  Bytes data = {1, 0, 3, 5};
  const Bytes key = *from_base64(
      "AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvx"
      "egXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==");
  data.insert(data.end(), key.begin(), key.end());
  return data;
}

net::DnsData ds(int tag, uint8_t algorithm, uint8_t digest_type, const char* digest) {
  Bytes data = {static_cast<uint8_t>(tag >> 8), static_cast<uint8_t>(tag & 0xff), algorithm, digest_type};
  for (const char* at = digest; *at != '\0'; at += 2)
    data.push_back(static_cast<uint8_t>(*number(std::string_view(at, 2), 0, 255, 16)));
  return {zone, ds_type, data};
}

net::DnsData signature(int covered, Time begins, Time ends) {
  Bytes data = {static_cast<uint8_t>(covered >> 8), static_cast<uint8_t>(covered & 0xff), 5, 3, 0, 0, 0, 0};
  for (const Time time : {ends, begins}) {
    const auto seconds = static_cast<uint32_t>(time.time_since_epoch().count());
    for (int shift = 24; shift >= 0; shift -= 8) data.push_back(static_cast<uint8_t>(seconds >> shift));
  }
  data.insert(data.end(), {0xec, 0x45, 0, 1});
  return {zone, rrsig_type, data};
}

const auto day = std::chrono::hours(24);
net::DnsData good_signature() { return signature(dnskey_type, today - day, today + day); }
net::DnsData the_key() { return {zone, dnskey_type, key_data()}; }

std::string text_of_keys(const ZoneKeys& keys, Time now) { return fault_of_keys(keys, now).what; }

const char* const sha1 = "2bb183af5f22588179a53b0a98631fad1a292118";
const char* const sha256 = "d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a";

}  // namespace

TEST_CASE("the tag and the digests of a key are those of the RFCs") {
  CHECK(key_tag(key_data()) == 60485);
  CHECK(text_of_keys({zone, {ds(60485, 5, 1, sha1)}, {the_key(), good_signature()}}, today) == "");
  CHECK(text_of_keys({zone, {ds(60485, 5, 2, sha256)}, {the_key(), good_signature()}}, today) == "");
}

TEST_CASE("one DS of several that fits is enough") {
  CHECK(text_of_keys({zone, {ds(1, 5, 1, sha1), ds(60485, 5, 2, sha256)}, {the_key(), good_signature()}},
                     today) == "");
}

TEST_CASE("a DS without its key") {
  CHECK(text_of_keys({zone, {ds(60485, 5, 1, sha256)}, {the_key(), good_signature()}}, today) ==
        "its parent has a DS record for the key 60485, and the zone has no such DNSKEY");
  CHECK(text_of_keys({zone, {ds(1, 13, 2, sha256), ds(2, 13, 2, sha256)}, {the_key()}}, today) ==
        "its parent has a DS record for the key 1, 2, and the zone has no such DNSKEY");
  CHECK(text_of_keys({zone, {ds(60485, 5, 2, sha256)}, {}}, today) ==
        "its parent has a DS record, and the zone has no DNSKEY");
}

TEST_CASE("a DS of a kind that validators do not know is ignored") {
  CHECK(text_of_keys({zone, {ds(60485, 5, 99, sha1)}, {the_key()}}, today) == "");
  CHECK(text_of_keys({zone, {ds(60485, 200, 2, sha256)}, {}}, today) == "");
}

TEST_CASE("signatures have a time") {
  const auto fault = [](const net::DnsData& one) {
    return text_of_keys({zone, {ds(60485, 5, 2, sha256)}, {the_key(), one}}, today);
  };
  CHECK(fault(signature(dnskey_type, today - 9 * day, today - day)) ==
        "a signature ended 2026-11-29T00:00:00Z");
  CHECK(fault(signature(dnskey_type, today + day, today + 2 * day)) ==
        "a signature begins only 2026-12-01T00:00:00Z");
  CHECK(fault(signature(soa_type, today - day, today + day)) == "its keys are not signed");
  CHECK(fault_of_signatures({signature(soa_type, today - 9 * day, today - day),
                             signature(soa_type, today - day, today + day)},
                            soa_type, today) == DnssecFault{});
  CHECK(fault_of_signatures({}, soa_type, today) == DnssecFault{});
}

TEST_CASE("a signature that begins soon or has just ended may only show that the clock here is wrong") {
  const auto clock = [](Time begins, Time ends) {
    return fault_of_signatures({signature(soa_type, begins, ends)}, soa_type, today).clock;
  };
  const auto begins = [&](Time time) { return clock(time, time + 9 * day); };
  const auto ended = [&](Time time) { return clock(time - 9 * day, time); };
  CHECK(begins(today - Seconds(1)) == WrongClock::no_cause);
  CHECK(begins(today + Seconds(1)) == WrongClock::slow);
  CHECK(begins(today + day) == WrongClock::slow);
  CHECK(begins(today + day + Seconds(1)) == WrongClock::no_cause);
  CHECK(ended(today - Seconds(1)) == WrongClock::fast);
  CHECK(ended(today - day - Seconds(1)) == WrongClock::no_cause);
}

TEST_CASE("a resolver that leaves signatures out proves nothing") {
  ZoneKeys keys{zone, {ds(60485, 5, 2, sha256)}, {the_key()}};
  keys.shows_signatures = false;
  CHECK(text_of_keys(keys, today) == "");
}

TEST_CASE("records of any length are read") {
  for (size_t length = 0; length < 40; ++length) {
    const Bytes data(length, 1);
    for (const int type : {ds_type, rrsig_type, dnskey_type})
      CHECK_NOTHROW(fault_of_keys({zone, {{zone, ds_type, data}}, {{zone, type, data}}}, today));
    CHECK_NOTHROW(fault_of_signatures({{zone, rrsig_type, data}}, 257, today));
  }
}
