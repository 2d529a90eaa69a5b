// What nginx's configuration lacks so that nginx answers http-01 (RFC 8555 section 8.3) from a folder: one
// "include" at the beginning of each block that could be asked, and the file that it includes. Nothing is
// written here.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "webserver/nginx_hosts.h"
#include "webserver/patch.h"

namespace certo::webserver {

struct Proof {
  std::string include_file;                             // the file that the blocks include
  std::string include_text;                             // its content
  std::map<std::string, std::vector<Insertion>> edits;  // by the path of the file, without links
  std::map<std::string, const NginxFile*> files;        // by the same paths
  std::vector<const VirtualHost*> blocks;               // that answer; those with the line already, too
};

/// The blocks that a CA could meet when it asks for one of `names` by http, also after a redirect to https:
/// the block of the name on each address, and on port 80 the default block if no other has the name.
std::vector<const VirtualHost*> blocks_to_prove(const Selection& selection,
                                                const std::vector<std::string>& names);

/// `folder`: an absolute path; a token is a file in its .well-known/acme-challenge. Throws Error{config} if a
/// block has a location for the path of the challenges, and Error{usage} for a folder that nginx cannot name.
Proof plan_proof(const NginxConfig& config, std::vector<const VirtualHost*> blocks,
                 const std::string& folder);

}  // namespace certo::webserver
