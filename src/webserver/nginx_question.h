// The names of a certificate as clients ask nginx for them.
#pragma once

#include <string>
#include <vector>

#include "webserver/nginx_hosts.h"

namespace certo::webserver {

/// A name that a client sends (SNI, Host).
struct Question {
  std::string name;
  std::string wanted;      // the name of the certificate that it belongs to: itself, or a wildcard
  bool is_sample = false;  // of the names that a wildcard stands for, and that no block has as its own
};

/// Each name; for a wildcard each name of a block that it covers, and a sample of the others.
std::vector<Question> questions_of(const std::vector<VirtualHost>& hosts,
                                   const std::vector<std::string>& names);

/// The addresses on which a block with the name answers, over TCP. A default block is not one, and for a
/// sample neither is the block of a wider wildcard.
std::vector<Answer> answers_to(const Selection& selection, const Question& question);

/// "name: no server block has this name", with what a person can do.
Error no_block(const NginxConfig& config, const std::vector<VirtualHost>& hosts, const std::string& name);

}  // namespace certo::webserver
