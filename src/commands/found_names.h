// certo --nginx without names: the names of nginx's server blocks, for a person to choose from, or all of
// them with --all-vhosts.
#pragma once

#include <string>
#include <vector>

#include "commands/context.h"
#include "commands/domains_file.h"
#include "webserver/nginx_hosts.h"

namespace certo::console::flag {

inline constexpr Option all_vhosts{
    "--all-vhosts", Value::none, nullptr,
    "with --nginx: one certificate for each site that nginx has, instead of -d", rare};

}  // namespace certo::console::flag

namespace certo::commands {

/// A site: the names of the server blocks that share one.
struct FoundSite {
  std::string place;               // of its first block
  std::vector<std::string> names;  // that can be ordered, in the order of the blocks
};

struct FoundSites {
  std::vector<FoundSite> sites;
  std::vector<std::string> left_out;  // "*.example.com (a wildcard needs --dns)"
};
FoundSites sites_of(const std::vector<webserver::VirtualHost>& hosts);

/// Whether the line asks for the names that nginx has. Throws Error{usage} for --all-vhosts with names, or
/// without
/// --nginx.
bool wants_found_names(const Args& args);

/// One line for each certificate to issue: those that a person chose, or all. Throws Error{usage}
/// if nobody can be asked.
std::vector<DomainsLine> found_lines(const Args& args);

}  // namespace certo::commands
