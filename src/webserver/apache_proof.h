// What Apache's configuration lacks so that Apache answers http-01 (RFC 8555 section 8.3) from a folder: an
// "Include" at the beginning and one at the end of each virtual host that could be asked, and the two files
// that they include. Nothing is written here.
//
// Two, because rewrite rules count in their order, so certo's come first, and what Apache merges
// (RewriteEngine, Location) counts from the last one. A rule finds a token only if its file is there, so
// another client's tokens are served as before.
#pragma once

#include <string>
#include <vector>

#include "webserver/apache_hosts.h"
#include "webserver/edits.h"
#include "webserver/probe.h"

namespace certo::webserver {

struct ApacheProof {
  Edits edits;                           // the lines, and the files that they include
  std::vector<std::string> marks;        // of existing lines
  std::vector<const ApacheHost*> hosts;  // that answer; those with the lines already, too
  std::vector<std::string> notes;        // what may keep Apache from answering
};

/// The hosts that a CA could meet when it asks for one of `names` by http, also after a redirect to https:
/// the host of the name on each address, and on port 80 the default host if no other has the name. Throws
/// Error{usage} if Apache has no virtual host.
std::vector<const ApacheHost*> hosts_to_prove(const ApacheConfig& config,
                                              const std::vector<std::string>& names);

/// The addresses of these hosts that this machine can ask.
std::vector<Spot> spots_to_prove(const ApacheConfig& config, const std::vector<std::string>& names);

/// `folder`: an absolute path; a token is a file in its .well-known/acme-challenge. Throws Error{config} if
/// mod_rewrite is not installed, or if a host has something that the lines cannot overcome or would change;
/// Error{usage} for a host that a macro makes, and for a folder that Apache cannot name.
ApacheProof plan_apache_proof(const ApacheConfig& config, std::vector<const ApacheHost*> hosts,
                              const std::string& folder);

/// The files that the lines include: certo/challenge-begin.conf and -end.conf next to the main file.
std::vector<std::string> apache_proof_files(const ApacheConfig& config);

}  // namespace certo::webserver
