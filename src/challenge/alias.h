// The name that holds a record: many people keep certo away from their zone and point _acme-challenge to a
// name in another zone by CNAME.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "net/dns.h"

namespace certo::challenge {

/// --alias NAME=TARGET, or TARGET for all names, as Dns::aliases: TARGET is the name whose _acme-challenge
/// holds the record, or the record's own name if it begins with '_', or with a '=' that is then removed.
/// Throws Error{usage} for text that is not a host name, and for a NAME that is given twice.
std::map<std::string, std::string> parse_aliases(const std::vector<std::string>& texts);

/// The name that holds the record for `name`, "_acme-challenge.example.com": "" without an alias.
std::string alias_of(const std::map<std::string, std::string>& aliases, std::string_view name);

/// Plain DNS can be forged. A CNAME that decides where certo adds a record is followed only to a name that
/// begins with
/// '_', or into a zone that an alias names; one that a person or only a query follows, anywhere.
enum class Follow { to_challenge_names, anywhere };

/// If the servers of a name's zone cannot be asked for its CNAME. The resolver may be asked for a name that
/// exists; for one that is about to be added, it would remember that there is none (RFC 2308), and tell
/// everybody behind it.
enum class Blocked { ask_resolver, stay };

struct CnameEnd {
  std::string name;
  bool is_known = true;  // false: nobody was asked, so that `name` may have a CNAME after all
};

/// For each name, in order: the end of its CNAMEs (at most ten), as the zones' own servers tell. The result
/// is the name itself if it has no CNAME, or if its CNAMEs cannot be looked up or followed; that is said. The
/// CNAME of a wildcard does not count: the record that is about to be added replaces it. Throws Error{failed}
/// if they lead in a circle.
std::vector<CnameEnd> follow_cnames(const net::Resolver& resolver, const std::vector<std::string>& names,
                                    const std::map<std::string, std::string>& aliases, Follow follow,
                                    Blocked blocked, const Deadline& deadline);

/// Whether Follow::to_challenge_names allows `target`.
bool may_hold_record(const std::string& target, const std::map<std::string, std::string>& aliases);

/// A host name in which '_' is allowed.
bool is_record_name(std::string_view name);

}  // namespace certo::challenge
