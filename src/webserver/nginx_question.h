// The names of a certificate as clients ask nginx for them.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "webserver/nginx_hosts.h"

namespace certo::webserver {

/// No block has it, so default blocks answer.
inline constexpr std::string_view name_of_nobody = "certo.invalid";

/// A name that a client sends (SNI, Host).
struct Question {
  enum class Kind {
    name,
    sample,  // of the names that a wildcard stands for, and that no block has as its own
    address  // an IP address, which is not sent as SNI
  };
  std::string name;
  std::string wanted;  // the name of the certificate that it belongs to: itself, or a wildcard
  Kind kind = Kind::name;

  std::string host() const;  // as in a Host header: an IPv6 address has brackets
};

/// `known`: the names of all hosts, in lower case. Each name; for a wildcard each name of a block that it
/// covers, and a sample of the others.
std::vector<Question> questions_of(const std::set<std::string>& known, const std::vector<std::string>& names);
/// The same for the blocks of nginx.
std::vector<Question> questions_of(const std::vector<VirtualHost>& hosts,
                                   const std::vector<std::string>& names);

/// The addresses on which a block with the name answers, over TCP. A default block is not one, and for a
/// sample neither is the block of a wider wildcard. An IP address counts only if nginx listens on it: by http
/// its block is that of the Host header, by TLS always the default block.
std::vector<Answer> answers_to(const Selection& selection, const Question& question);

/// "a.example, b.example and 12 more"
std::string listed(const std::set<std::string>& names);

/// "name: no server block has this name", with what a person can do.
Error no_block(const NginxConfig& config, const std::vector<VirtualHost>& hosts, const std::string& name);

}  // namespace certo::webserver
