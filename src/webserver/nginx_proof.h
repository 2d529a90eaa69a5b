// What nginx's configuration lacks so that nginx answers http-01 (RFC 8555 section 8.3) from a folder: one
// "include" at the beginning of each block that could be asked, and the file that it includes. A block that
// has a location for the path of the challenges gets another file: nginx answers certo's tokens, and the
// location all others. Nothing is written here.
#pragma once

#include <string>
#include <vector>

#include "webserver/edits.h"
#include "webserver/nginx_hosts.h"
#include "webserver/probe.h"

namespace certo::webserver {

struct Proof {
  Edits edits;                             // the lines, and the files that they include
  std::vector<std::string> marks;          // of existing lines
  std::vector<std::string> notes;          // for a person; without a full stop
  std::vector<const VirtualHost*> blocks;  // that answer; those with the line already, too
};

/// The blocks that a CA could meet when it asks for one of `names` by http, also after a redirect to https:
/// the block of the name on each address, and on port 80 the default block if no other has the name.
std::vector<const VirtualHost*> blocks_to_prove(const Selection& selection,
                                                const std::vector<std::string>& names);

/// `folder`: an absolute path; a token is a file in its .well-known/acme-challenge. Throws Error{usage} for a
/// folder that nginx cannot name.
Proof plan_proof(const NginxConfig& config, std::vector<const VirtualHost*> blocks,
                 const std::string& folder);

/// The addresses of these blocks that this machine can ask.
std::vector<Spot> spots_to_prove(const Selection& selection, const std::vector<std::string>& names);

/// The files that the lines include: certo/challenge.conf next to the main file, and challenge-beside.conf
/// for blocks with a location for the same path.
std::vector<std::string> proof_files(const NginxConfig& config);

}  // namespace certo::webserver
