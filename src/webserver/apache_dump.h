// What Apache says of its configuration: 'httpd -t -D DUMP_VHOSTS -D DUMP_INCLUDES -D DUMP_MODULES -D
// DUMP_RUN_CFG'.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace certo::webserver {

inline constexpr size_t apache_includes_limit = 50'000;

/// A file that was read: one that is included twice is there twice.
struct ApacheInclude {
  std::string path;
  uint32_t line = 0;  // of the including file; 0 for the main file
  int parent = -1;    // the place in the list of the file that includes it
};

/// The place of a "<VirtualHost>". `macro` is not empty if a macro made it: "macro 'x' used at /etc/y.conf:9
/// (line 1 of the macro)". Then `file` and `line` are nothing.
struct ApachePlace {
  std::string file;
  uint32_t line = 0;
  std::string macro;
  bool operator==(const ApachePlace&) const = default;
};

/// A virtual host, as one address has it.
struct ApacheSite {
  std::string name;                // ServerName without scheme and port
  std::vector<std::string> exact;  // of ServerAlias
  std::vector<std::string> wild;   // with "*" and "?"
  ApachePlace place;
};

struct ApacheAddress {
  std::string text;  // "*:80", "10.0.0.1:*", "[::1]:443"
  /// In the order in which Apache compares their names; the first is the default.
  std::vector<ApacheSite> sites;
  /// One site answers for every name, and the dump does not say its aliases.
  bool is_alone = false;
};

struct ApacheDump {
  std::vector<ApacheInclude> includes;  // the main file first
  std::vector<ApacheAddress> addresses;
  std::set<std::string, std::less<>> modules;  // "rewrite_module"
  /// Of "Define" and of -D; "" for those without a value. The last value of each.
  std::map<std::string, std::string, std::less<>> defines;
  std::string server_root, user;
  std::string pid_file;  // of the main process; "" if the dump does not say it
};

/// Throws Error{bad_input} if it is not such an output, or beyond the limits.
ApacheDump parse_apache_dump(std::string_view output);

/// "/etc/x.conf:3", or the macro's text.
std::string text(const ApachePlace& place);

}  // namespace certo::webserver
