// dns-01 (RFC 8555 section 8.4): the records go in by a provider, and certo waits until the
// zone's servers show them.
#pragma once

#include <memory>
#include <vector>

#include "acme/solver.h"
#include "challenge/solver.h"
#include "net/dns.h"

namespace certo::challenge {

/// Throws Error{config} when there is no such provider, {usage} for a bad policy or resolver.
std::unique_ptr<acme::Solver> make_dns_solver(const store::Home& home, const SolverSettings& settings);

/// dns-01 for a name, nothing for an address.
std::vector<std::string> dns01_for(const acme::Authorization& authorization);

std::vector<DnsRecord> records_of(const std::vector<acme::Task>& tasks);
/// The same records where they really lie: at their aliases, or behind CNAMEs.
std::vector<DnsRecord> where_they_go(std::vector<DnsRecord> records,
                                                  const SolverSettings& settings,
                                                  const net::Resolver& resolver);

/// Throws Error{bad_input} unless every name is a host name (with '_' allowed) and every value base64url.
/// They may come from a document that another host wrote, or from DNS.
void check_records(const std::vector<DnsRecord>& records);

}  // namespace certo::challenge
