#include "check/dnssec.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "crypto/hash.h"

namespace certo::check {
namespace {

int two(const Bytes& data, size_t at) { return data[at] << 8 | data[at + 1]; }
uint32_t four(const Bytes& data, size_t at) {
  return static_cast<uint32_t>(two(data, at)) << 16 | static_cast<uint32_t>(two(data, at + 2));
}

struct Ds {
  int tag, algorithm, digest_type;
  Bytes digest;
};
std::optional<Ds> parse_ds(const net::DnsData& record) {
  constexpr size_t head = 4;
  if (record.type != ds_type || record.data.size() <= head) return {};
  return Ds{two(record.data, 0), record.data[2], record.data[3],
            Bytes(record.data.begin() + head, record.data.end())};
}

struct Signature {
  int covered = 0;
  uint32_t ends = 0, begins = 0;
};
std::optional<Signature> parse_signature(const net::DnsData& record) {
  constexpr size_t head = 18;
  if (record.type != rrsig_type || record.data.size() <= head) return {};
  return Signature{two(record.data, 0), four(record.data, 8), four(record.data, 12)};
}

/// The times are of 32 bits and wrap (RFC 4034 section 3.1.5).
bool is_before(uint32_t a, uint32_t b) { return static_cast<int32_t>(a - b) < 0; }

/// As a time near `now`.
Time time_of(uint32_t seconds, Time now) {
  const auto here = static_cast<uint32_t>(now.time_since_epoch().count());
  return now + Seconds(static_cast<int32_t>(seconds - here));
}

std::string_view hash_of(int digest_type) {
  switch (digest_type) {
    case 1: return "sha1";
    case 2: return "sha256";
    case 4: return "sha384";
    default: return {};
  }
}

/// The name as in a message: lengths and labels, in lower case.
std::string wire_name(const std::string& name) {
  std::string wire;
  for (const std::string& label : split(name, '.'))
    if (!label.empty()) wire += static_cast<char>(label.size()) + label;
  return wire + '\0';
}

bool fits(const Ds& ds, const std::string& zone, const Bytes& key) {
  constexpr size_t head = 4, algorithm = 3;
  if (key.size() <= head || key[algorithm] != ds.algorithm || key_tag(key) != ds.tag) return false;
  return crypto::digest(hash_of(ds.digest_type), wire_name(zone) + std::string(as_text(key))) == ds.digest;
}

/// Ed448 and all that validators commonly know (RFC 8624).
bool is_known_algorithm(int algorithm) {
  constexpr int known[] = {5, 7, 8, 10, 13, 14, 15, 16};
  return std::ranges::find(known, algorithm) != std::end(known);
}

}  // namespace

int key_tag(const Bytes& key) {
  uint32_t sum = 0;
  for (size_t i = 0; i < key.size(); ++i) sum += i % 2 == 0 ? static_cast<uint32_t>(key[i]) << 8 : key[i];
  return static_cast<int>((sum + (sum >> 16)) & 0xffff);
}

DnssecFault fault_of_signatures(const std::vector<net::DnsData>& records, int type, Time now) {
  constexpr Seconds likely = std::chrono::hours(24);  // no clock is likely to be more wrong
  const auto here = static_cast<uint32_t>(now.time_since_epoch().count());
  DnssecFault fault;
  for (const net::DnsData& record : records) {
    const std::optional<Signature> signature = parse_signature(record);
    if (!signature || signature->covered != type) continue;
    if (is_before(signature->ends, here))
      fault = {"a signature ended " + rfc3339(time_of(signature->ends, now)),
               now - time_of(signature->ends, now) <= likely ? WrongClock::fast : WrongClock::no_cause};
    else if (is_before(here, signature->begins))
      fault = {"a signature begins only " + rfc3339(time_of(signature->begins, now)),
               time_of(signature->begins, now) - now <= likely ? WrongClock::slow : WrongClock::no_cause};
    else
      return {};
  }
  return fault;
}

DnssecFault fault_of_keys(const ZoneKeys& zone, Time now) {
  std::vector<const Bytes*> keys;
  bool is_signed = false;
  for (const net::DnsData& record : zone.keys) {
    if (record.type == dnskey_type) keys.push_back(&record.data);
    const std::optional<Signature> signature = parse_signature(record);
    is_signed = is_signed || (signature && signature->covered == dnskey_type);
  }
  std::vector<std::string> tags;
  for (const net::DnsData& record : zone.ds) {
    const std::optional<Ds> ds = parse_ds(record);
    if (!ds || hash_of(ds->digest_type).empty() || !is_known_algorithm(ds->algorithm)) continue;
    if (std::ranges::any_of(keys, [&](const Bytes* key) { return fits(*ds, zone.zone, *key); })) {
      if (!is_signed) return {zone.shows_signatures ? "its keys are not signed" : ""};
      return fault_of_signatures(zone.keys, dnskey_type, now);
    }
    tags.push_back(std::to_string(ds->tag));
  }
  // A validator ignores a DS of a kind that it does not know (RFC 4035 section 5.2).
  if (tags.empty()) return {};
  if (keys.empty()) return {"its parent has a DS record, and the zone has no DNSKEY"};
  return {"its parent has a DS record for the key " + join(tags, ", ") + ", and the zone has no such DNSKEY"};
}

}  // namespace certo::check
