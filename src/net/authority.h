// The servers that answer for a name: its zone (by SOA, upwards), the zone's name servers, their addresses.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "net/dns.h"

namespace certo::net {

struct Authority {
  std::string zone;
  std::vector<DnsServer> servers;  // one entry for each address
};
/// By name. A name whose servers cannot be found is absent.
using Authorities = std::map<std::string, Authority>;

/// The resolver is asked for the parent of each name and above, never for the name itself: it would remember
/// for minutes that a record does not exist that is about to be added. A delegation of the name is found at
/// the parent's own servers. Servers that were silent before in this run are left out; an authority without
/// servers has none that can be reached.
Authorities find_authorities(const Resolver& resolver, const std::vector<std::string>& names,
                             const Deadline& deadline);

/// What the authority of each name answers for the name: of several servers, the first answer with authority,
/// otherwise a referral; nothing if no server gave one. Lame servers are said, and silent ones noted.
std::map<std::string, DnsAnswer> ask_authorities(const Resolver& resolver, const Authorities& authorities,
                                                 DnsType type, const Deadline& deadline);

/// Not to be asked again in this run. Any thread may call.
void note_silent(const DnsServer& server);
/// Says that the answers of `server` do not count, because they are without authority.
void say_lame(const DnsServer& server);

/// Lower case, without a final dot.
std::string canonical(std::string_view name);

/// Without the labels at its front that begin with '_': the name that a record such as
/// _acme-challenge.example.com is about.
std::string host_of(const std::string& name);

/// "example.com" for "www.example.com"; "" for a single label.
std::string parent(const std::string& name);

/// True if `name` is `zone` or below it.
bool is_within(const std::string& name, const std::string& zone);

}  // namespace certo::net
