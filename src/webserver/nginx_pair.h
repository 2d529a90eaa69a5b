// The lines of a server block that name its certificate and key.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "crypto/name.h"
#include "webserver/edits.h"
#include "webserver/nginx_hosts.h"
#include "webserver/presented.h"

namespace certo::webserver {

/// The files that a block shall present.
struct LivePair {
  std::string certificate, key;  // absolute
  std::string key_type;          // "ec" or "rsa"
  std::vector<crypto::Identifier> names;
};

/// The lines of the block, or of `http`, that name the files.
std::vector<CertificateLines> pairs_named(const NginxConfig& config, const VirtualHost& host,
                                          const LivePair& pair);

struct PairPlan {
  std::vector<Change> changes;     // of existing lines
  std::vector<std::string> lines;  // that the block lacks
  std::vector<std::string> marks;  // of a line that names its file already
};

/// `edited`: all blocks that get the pair, `host` among them. Throws Error{config} if the lines are not plain
/// paths, if they are shared with a block that does not get the pair, or if a name of the block would lose
/// its valid certificate.
PairPlan plan_pair(const NginxConfig& config, const std::vector<VirtualHost>& hosts, const VirtualHost& host,
                   const std::set<const NginxDirective*>& edited, const LivePair& pair);

/// Those of `names`, as a server's configuration spells them, that the certificate does not have. Regular
/// expressions are not looked at.
std::vector<std::string> names_without(const std::vector<std::string>& names,
                                       const std::vector<crypto::Identifier>& held);

/// The place of the one that gives way: the last one with such a key. Throws Error{config} if there is none,
/// or if certo cannot tell.
size_t pair_to_replace(const std::vector<NamedCertificate>& pairs, const std::string& place,
                       const LivePair& pair);

/// Throws Error{config} if one of the `names` of the host at `place` has a valid certificate among `old`, and
/// the new one does not have this name.
void refuse_loss(const std::string& place, const std::vector<std::string>& names,
                 const std::vector<NamedCertificate>& old, const LivePair& pair);

/// The names of the block that the certificate does not have; regular expressions are not looked at.
std::vector<std::string> names_without(const VirtualHost& host, const std::vector<crypto::Identifier>& held);

}  // namespace certo::webserver
