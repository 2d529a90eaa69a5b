// The faults in the DNSSEC of a zone, as far as it can be seen without verifying a signature: the DS
// records of its parent against its keys (RFC 4035 section 5.2), and the times of signatures (section 5.3.1).
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "net/dns.h"

namespace certo::check {

struct ZoneKeys {
  std::string zone;
  std::vector<net::DnsData> ds;    // at the parent
  std::vector<net::DnsData> keys;  // DNSKEY and RRSIG of the zone's top
  bool shows_signatures = true;    // false: the resolver leaves signatures out
};

/// How a wrong clock of this machine may be the cause of a fault.
enum class WrongClock { no_cause, slow, fast };
struct DnssecFault {
  std::string what;  // for a person; "" if nothing is wrong
  WrongClock clock = WrongClock::no_cause;
  bool operator==(const DnssecFault&) const = default;
};

/// `keys` are of a zone that has a DS.
DnssecFault fault_of_keys(const ZoneKeys& keys, Time now);
/// The same for the signatures for `type` in `records`, if they have any.
DnssecFault fault_of_signatures(const std::vector<net::DnsData>& records, int type, Time now);

/// RFC 4034 appendix B.
int key_tag(const Bytes& dnskey);

inline constexpr int ds_type = 43, rrsig_type = 46, dnskey_type = 48, soa_type = 6;

}  // namespace certo::check
