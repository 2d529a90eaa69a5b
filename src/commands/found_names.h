// certo --nginx and certo --apache without names: those of the server's virtual hosts, for a person to choose
// from, or all of them with --all-vhosts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/context.h"
#include "commands/domains_file.h"
#include "webserver/server.h"

namespace certo::console::flag {

inline constexpr Option all_vhosts{
    "--all-vhosts", Value::none, nullptr,
    "with --nginx or --apache: one certificate for each site of the server, instead of -d", rare};

}  // namespace certo::console::flag

namespace certo::commands {

/// A site: the names of the virtual hosts that share one.
struct FoundSite {
  std::string place;               // of its first host
  std::vector<std::string> names;  // that can be ordered, in the order of the hosts
};

struct FoundSites {
  std::vector<FoundSite> sites;
  std::vector<std::string> left_out;  // "*.example.com (a wildcard needs --dns)"
};
FoundSites sites_of(const std::vector<webserver::NamedHost>& hosts);

/// The server whose names the line asks for, if it does. Throws Error{usage} for --all-vhosts with names, or
/// without a server.
std::optional<webserver::ServerKind> names_from(const Args& args);

/// One line for each certificate to issue: those that a person chose, or all. Throws Error{usage}
/// if nobody can be asked.
std::vector<DomainsLine> found_lines(const Args& args, webserver::ServerKind kind);

}  // namespace certo::commands
