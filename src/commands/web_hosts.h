// The virtual hosts of a web server for 'certo webserver': as a table, as JSON, and who looks after them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "base/time.h"
#include "os/machine.h"
#include "store/home.h"
#include "webserver/nginx_hosts.h"
#include "webserver/nginx_running.h"
#include "webserver/presented.h"

namespace certo::commands {

/// One nginx with its configuration.
struct WebServer {
  webserver::Nginx nginx;
  webserver::NginxConfig config;
  std::vector<webserver::VirtualHost> hosts;
  webserver::Selection selection;

  explicit WebServer(webserver::Nginx found)
      : nginx(std::move(found)),
        config(nginx.config),
        hosts(webserver::virtual_hosts(config, lower(os::host_name()), nginx.is_root)),
        selection(hosts) {}
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;
};

/// The files that certo installs, with the certificate's name in the store.
using InstalledFiles = std::map<std::string, std::string>;
InstalledFiles installed_files(const store::Home& state);

/// Who looks after a host, and which certificate of certo's store it presents; "" for nobody and none.
struct HostCare {
  std::string owner, certificate;
};

/// The parts of a host that are shown in addition to its block.
struct ShownHost {
  std::vector<webserver::NamedCertificate> certificates;
  HostCare care;
};
/// One for each host.
std::vector<ShownHost> shown_of(const WebServer& server, const InstalledFiles& installed,
                                const store::Home& state);

/// The blocks that answer for a name.
struct AskedName {
  std::string name;
  std::vector<webserver::Answer> answers;
};

std::string title_of(const WebServer& server);
void show_hosts(const WebServer& server, const std::vector<ShownHost>& shown, Time now);
void show_answers(const AskedName& asked);
Json to_json(const WebServer& server, const std::vector<ShownHost>& shown,
             const std::vector<AskedName>& asked);

}  // namespace certo::commands
