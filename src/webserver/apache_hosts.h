// The virtual hosts of Apache, and which of them answers for a name. Apache's own dump says where they are
// and what their names are, and the text of its files what each presents.
// https://httpd.apache.org/docs/2.4/vhosts/details.html
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "webserver/apache_file.h"
#include "webserver/apache_running.h"
#include "webserver/nginx_hosts.h"

namespace certo::webserver {

/// Paths that are absolute; "" if it is not a file.
struct ApachePair {
  std::string certificate, key;
};

/// A directive, and where it is.
struct ApacheLine {
  const ApacheFile* file = nullptr;
  const ApacheDirective* directive = nullptr;
  std::string value;  // its first word, with the values of variables; of a certificate or key the path

  std::string place() const { return file->path() + ":" + std::to_string(directive->line); }
};

/// What sends clients to another scheme.
struct ApacheRedirect {
  ApacheLine line;
  std::string target;       // "https://%{SERVER_NAME}/"
  bool is_for_all = false;  // for every path, and without a condition but one for the scheme or the name
};

struct ApacheHost {
  ApachePlace place;
  /// Nothing if a macro or a module made the host: then there is no text to edit.
  const ApacheFile* file = nullptr;
  const ApacheDirective* section = nullptr;
  size_t position = 0;  // from 1 on, in the order in which Apache reads the sections; 0 without one
  /// ServerName first or, without one, the name that Apache takes: that of the machine or of the main server.
  std::vector<std::string> names;
  bool has_own_name = true;  // has a ServerName
  struct At {
    std::string address;  // "*:443"
    bool is_default = false;
  };
  std::vector<At> addresses;
  std::vector<ApachePair> certificates;  // those of the main server if it has none
  std::vector<ApacheLine> certificate_lines, key_lines, chain_lines;  // its own
  std::vector<ApacheRedirect> redirects;                              // with a target that has a scheme
  bool is_behind_tls_proxy = false;  // reads from a header whether the client uses https
  bool has_tls = false;
  bool is_of_md = false;  // mod_md orders its certificate
  bool has_rewrite_rules = false;
  bool is_rewrite_on = false;
  /// Sections with a redirect in them, which Apache obeys after all rewrite rules of the host.
  struct Redirecting {
    std::string place;          // "FILE:LINE"
    std::string section, path;  // "location", "/"
  };
  std::vector<Redirecting> redirecting;
};

struct ApacheAnswer {
  std::string address;
  const ApacheHost* host = nullptr;
  By by = By::is_default;
  std::string name;  // that fits; "" for a default
};

/// A name of a host that Apache ignores, because it takes an earlier one of the same address.
struct ApacheIgnored {
  const ApacheHost* host;
  const ApacheHost* winner;
  std::string name, address;
};

/// The configuration of an Apache, which outlives it.
class ApacheConfig {
 public:
  /// Reads the files that the dump names. Throws Error{bad_input} or {not_permitted} with the file.
  explicit ApacheConfig(const Apache& apache);
  ApacheConfig(const ApacheConfig&) = delete;
  ApacheConfig& operator=(const ApacheConfig&) = delete;

  const Apache& apache() const { return apache_; }
  /// In the order in which the dump first names them.
  const std::vector<ApacheHost>& hosts() const { return hosts_; }
  /// The paths, each once, the main file first.
  const std::vector<std::string>& files() const { return paths_; }
  /// The host that answers for `name` on each address, in the dump's order.
  std::vector<ApacheAnswer> answers(std::string_view name) const;
  const std::vector<ApacheIgnored>& ignored() const { return ignored_; }
  /// Of "Listen".
  const std::vector<Address>& listens() const { return listens_; }
  /// The lines of the same order.
  const std::vector<ApacheLine>& listen_lines() const { return listen_lines_; }
  /// Those of "LoadModule"; the value is the name of the module.
  const std::vector<ApacheLine>& module_lines() const { return module_lines_; }
  /// How often the main server has a directive, which its virtual hosts inherit. `name`: in lower case.
  size_t count_in_main(std::string_view name) const;
  /// Sections that count by what the configuration says, and that the dump does not have.
  const std::vector<ApacheLine>& unlisted() const { return unlisted_; }
  const ApacheFile& file(const std::string& path) const { return *files_.at(path); }

 private:
  friend class ApacheWalk;
  const ApacheHost* host_at(const ApachePlace& place) const;
  void add_hosts();
  void note_ignored(const ApacheAddress& address);

  const Apache& apache_;
  std::map<std::string, std::unique_ptr<ApacheFile>, std::less<>> files_;
  std::vector<std::string> paths_;
  std::vector<ApacheHost> hosts_;
  std::map<std::string, size_t, std::less<>> by_place_;
  std::vector<ApacheIgnored> ignored_;
  std::vector<Address> listens_;
  std::vector<ApacheLine> listen_lines_, module_lines_, unlisted_;
  std::map<std::string, size_t, std::less<>> main_names_;
};

/// Whether a host with this name or pattern answers for `asked`, which is in lower case.
bool is_name_for(const std::string& name, std::string_view asked);

}  // namespace certo::webserver
