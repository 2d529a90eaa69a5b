// The nginx of this machine: the masters that run, their programs and their configurations.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace certo::webserver {

/// What 'nginx -V' says of a program.
struct NginxBuild {
  std::string version;  // "nginx/1.22.1", "openresty/1.25.3.1"
  std::string prefix = "/usr/local/nginx";
  std::string config = "conf/nginx.conf";  // relative to the prefix, if it is not absolute
  bool has_tls = false;                    // compiled with ngx_http_ssl_module
  bool has_http2 = false;                  // compiled with ngx_http_v2_module
};
NginxBuild parse_build(std::string_view output);

/// The options of a command line of nginx.
struct NginxWords {
  std::string program;         // its first word
  std::string prefix, config;  // -p, -c; "" if they are not given
  std::string globals;         // -g
  bool is_brief = false;       // -t, -s and so on: a call that ends at once
};
/// The command line of a master: /proc/PID/cmdline, in which nginx has written "nginx: master process …" with
/// blanks between the words. Nothing if it is not one.
std::optional<NginxWords> parse_command_line(std::string_view text);

struct Nginx {
  pid_t process = 0;  // of the master; 0: it does not run
  std::string program;
  std::string config;   // the main file, absolute
  std::string prefix;   // of -p, absolute; "" if it is not given
  std::string globals;  // of -g
  NginxBuild build;
  bool is_root = true;  // its master is
};

struct Search {
  std::vector<Nginx> found;  // one for each main file
  /// Masters that see other files than certo does: in a container or in a chroot.
  std::vector<pid_t> contained;
  /// Masters of other users, which certo does not obey.
  std::vector<pid_t> foreign;
};

/// The masters of root and of this user.
Search find_nginx();
/// The nginx of PATH with the configuration that it would read. Throws as ask_build does.
std::optional<Nginx> installed_nginx();

/// 'nginx -V'. Throws Error{config} if others may change the program, or if it does not answer so.
NginxBuild ask_build(const std::string& program);

}  // namespace certo::webserver
