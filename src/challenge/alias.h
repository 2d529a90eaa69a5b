// Where a record really lies: many people keep their zone away from certo's reach and point
// _acme-challenge at a name elsewhere by CNAME.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "net/dns.h"

namespace certo::challenge {

/// --alias NAME=TARGET, or TARGET for all names, as Way::aliases: TARGET is the name whose _acme-challenge
/// holds the record, or the record's own name where it begins with '_', or with a '=' that is then taken off.
/// Throws Error{usage} for what is no host name, and for a NAME that is there twice.
std::map<std::string, std::string> parse_aliases(const std::vector<std::string>& texts);

/// Where a record goes that is asked for at `name`, "_acme-challenge.example.com": "" without an alias.
std::string alias_of(const std::map<std::string, std::string>& aliases, std::string_view name);

/// For each name, in order: the end of its CNAMEs (at most ten); the name itself where there is none, or
/// where they cannot be looked up or lead to no usable name. A wildcard's CNAME is none: the record that is
/// about to be added takes its place.
std::vector<std::string> follow_cnames(const net::Resolver& resolver, const std::vector<std::string>& names,
                                       const Deadline& deadline);

/// A host name in which '_' is allowed.
bool is_record_name(std::string_view name);

/// Lower case, without a final dot.
std::string canonical(std::string_view name);

/// "example.com" for "www.example.com"; "" for a single label.
std::string parent(const std::string& name);

}  // namespace certo::challenge
