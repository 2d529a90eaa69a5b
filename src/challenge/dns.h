// dns-01 (RFC 8555 section 8.4): a provider adds the records, and certo waits until the zone's servers show
// them. The solver itself is declared in challenge/methods.h.
#pragma once

#include <vector>

#include "acme/solver.h"
#include "challenge/alias.h"
#include "challenge/solver.h"
#include "net/dns.h"

namespace certo::challenge {

/// `certo present` and `certo cleanup`: adds dns-01 records that stay, or removes them. No waiting, no
/// account key.
void present_records(const store::Home& home, const store::Dns& way, const SolverSettings& settings,
                     const std::vector<DnsRecord>& records);
void cleanup_records(const store::Home& home, const store::Dns& way, const SolverSettings& settings,
                     const std::vector<DnsRecord>& records);

std::vector<DnsRecord> records_of(const std::vector<acme::Task>& tasks);
/// The records at the names that hold them: those of --alias, or the ends of CNAMEs.
struct Placed {
  std::vector<DnsRecord> records;
  std::vector<DnsRecord> in_doubt;  // those of `records` whose name may have a CNAME that nobody could tell
};
Placed where_they_go(std::vector<DnsRecord> records, const store::Dns& way, Follow follow, Blocked blocked,
                     const net::Resolver& resolver, const Deadline& deadline);

/// Throws Error{bad_input} unless every name is a host name (with '_' allowed) and every value is base64url.
/// They may come from a document that another host wrote, or from DNS.
void check_records(const std::vector<DnsRecord>& records);

}  // namespace certo::challenge
