// Where a record really lies: many people keep their zone away from certo's reach and point
// _acme-challenge at a name elsewhere by CNAME.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "net/dns.h"

namespace certo::challenge {

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
