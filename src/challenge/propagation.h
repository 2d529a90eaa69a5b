// Has a TXT record reached all authoritative servers of its zone? Asked at short, growing
// intervals, all servers and records side by side, done the moment that all have it. Advice, never
// proof: the CA is the judge.
#pragma once

#include <string>
#include <vector>

#include "base/dns_record.h"
#include "base/time.h"
#include "challenge/watch.h"
#include "net/dns.h"

namespace certo::challenge {

/// CNAMEs of `name` followed (at most ten); the name itself when there is none.
std::string follow_cname(const net::Resolver& resolver, const std::string& name, const Deadline& deadline);

/// Waits until every authoritative server answers every record. Falls back to the system's resolver, saying
/// so, where the zone's servers cannot be found or reached. `policy`: "" for that, "none", "wait=SECONDS".
/// Throws Error{unreachable} that names the server which still answers what.
void wait_for_records(const std::vector<DnsRecord>& records, const std::string& policy,
                      const net::Resolver& resolver, Seconds limit, const Deadline& deadline);

/// The same of whatever is wanted, by the authoritative servers.
void wait_until_shown(const std::vector<Wanted>& wanted, const net::Resolver& resolver, const Deadline& end);
/// One look, at the same servers: true when all of them that answer show every record. Over as soon as one
/// has answered otherwise.
bool are_visible(const std::vector<DnsRecord>& records, const net::Resolver& resolver,
                 const Deadline& deadline);

/// Throws Error{usage} when `policy` is none of these.
void check_propagation_policy(const std::string& policy);

}  // namespace certo::challenge
