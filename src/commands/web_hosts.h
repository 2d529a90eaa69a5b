// The virtual hosts of a web server as 'certo webserver' shows them, whichever server it is: as a table, as
// JSON, and who looks after them.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "store/home.h"
#include "webserver/presented.h"

namespace certo::commands {

/// The files that certo installs, with the certificate's name in the store.
using InstalledFiles = std::map<std::string, std::string>;
InstalledFiles installed_files(const store::Home& state);

/// Who looks after a host, and which certificate of certo's store it presents; "" for nobody and none.
struct HostCare {
  std::string owner, certificate;
};
/// `owner`: the one who is not certo; "" for nobody.
HostCare care_of(const std::string& owner, const std::vector<webserver::NamedCertificate>& certificates,
                 const InstalledFiles& installed, const store::Home& state);

struct ShownListen {
  std::vector<std::string> addresses;  // several for a range of ports
  std::string range_end;               // the last port of a range; "" for one address
  bool has_tls = false, is_quic = false, is_default = false, takes_proxy_protocol = false;
};

struct ShownPlace {
  std::string file;  // "": not in a file that can be edited
  int64_t line = 0;
  std::string text;  // "FILE:LINE", or what stands for it
};

struct ShownHost {
  std::vector<std::string> names;
  ShownPlace place;
  std::vector<ShownListen> listens;
  bool has_tls = false;
  std::vector<webserver::NamedCertificate> certificates;
  HostCare care;
};

/// The host that answers on an address.
struct ShownAnswer {
  std::string address;
  ShownPlace place;
  std::string by;    // "exact name"
  std::string name;  // of the host, that fits; "" for a default
};
struct AskedName {
  std::string name;
  std::vector<ShownAnswer> answers;
};

/// A name that the server ignores, because another host has it.
struct ShownIgnored {
  std::string name, address, place, winner;
};

struct ShownServer {
  std::string kind;                // "nginx", "apache"
  std::string version;             // "nginx/1.22.1"; "" if it is not known
  pid_t process = 0;               // 0: it does not run
  std::vector<std::string> files;  // the main file first
  std::vector<ShownHost> hosts;
  std::vector<ShownIgnored> ignored;
  std::vector<AskedName> asked;
};

std::string title_of(const ShownServer& server);
void show_hosts(const ShownServer& server, Time now);
void show_answers(const AskedName& asked);
Json to_json(const ShownServer& server);

}  // namespace certo::commands
