// The Apache of this machine: the main processes that run, their programs and configurations, and what Apache
// says of them.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "os/child.h"
#include "webserver/apache_dump.h"

namespace certo::webserver {

/// The command line of Apache (/proc/PID/cmdline), as ap_read_config's getopt reads it.
struct ApacheWords {
  std::string program;               // its first word
  std::string config, root;          // -f, -d; "" if they are not given
  std::vector<std::string> options;  // -D, -c, -C and their values, as words for another call
};
/// Nothing if it is not a server that stays: -t, -V, -k graceful and so on.
std::optional<ApacheWords> parse_apache_words(std::string_view text);

struct Apache {
  pid_t process = 0;  // the one that started the others; 0: it does not run
  std::string program;
  std::vector<std::string> options;      // for a call that reads the same configuration: -d, -f, -D and so on
  std::vector<std::string> environment;  // NAME=value
  std::string folder = "/";              // its working folder, where relative paths of its options begin
  std::string version;                   // "Apache/2.4.71"
  bool is_root = true;
  ApacheDump dump;

  /// The main file, absolute.
  const std::string& config() const { return dump.includes.front().path; }
};

/// Asks the program what it says now: of the same process, after its files have changed. Throws Error{config}
/// with what Apache says if it does not accept its configuration.
Apache asked_again(Apache apache);
/// Calls the program with the words after its options. Throws Error{config} if others may change it.
os::Finished call_apache(const Apache& apache, const std::vector<std::string>& words, Millis limit);

/// The Apaches of root and of this user that run, or the one that is installed. `config`: only the one with
/// this main file; "" for all. Throws Error{usage} for one in a container, {not_permitted} for one of
/// another user, {config} if there is none, and what Apache says if it does not accept its configuration.
std::vector<Apache> wanted_apache(const std::string& config);
/// The same, as far as they answer. Says nothing of others.
std::vector<Apache> known_apaches();
/// Throws Error{usage} that names them if there are several.
const Apache& only_one(const std::vector<Apache>& servers);

/// The only one that runs, or the one that runs with this main file. Throws as `wanted_apache`, and
/// Error{not_permitted} if this user cannot change its files.
Apache running_apache(const std::string& config);
/// The one with this main file. It need not run, nor accept its configuration: its dump names at least the
/// main file.
Apache apache_with(const std::string& config);

}  // namespace certo::webserver
