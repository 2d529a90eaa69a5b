// Whether a TXT record has reached all authoritative servers of its zone. certo asks all servers for all
// records at the same time, at short, growing intervals, until all have them. This is advice and no proof:
// the CA decides.
#pragma once

#include <string>
#include <vector>

#include "base/dns_record.h"
#include "base/time.h"
#include "challenge/watch.h"
#include "net/dns.h"
#include "store/propagation.h"

namespace certo::challenge {

/// Waits as `policy` says; with AskServers, until every authoritative server answers every record, at most
/// `limit`. If the zone's servers cannot be found or reached, it says so and asks the resolver. Throws
/// Error{unreachable} with the server that still answers something else.
void wait_for_records(const std::vector<DnsRecord>& records, const store::Propagation& policy,
                      const net::Resolver& resolver, Seconds limit, const Deadline& deadline);

/// Waits until the authoritative servers show what is wanted.
void wait_until_shown(const std::vector<Wanted>& wanted, const net::Resolver& resolver, const Deadline& end);

/// Asks the same servers once: true if all that answer show every record. Returns as soon as one answers
/// otherwise.
bool are_visible(const std::vector<DnsRecord>& records, const net::Resolver& resolver,
                 const Deadline& deadline);

}  // namespace certo::challenge
