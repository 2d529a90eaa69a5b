// nginx for the commands: its configuration, and what 'certo webserver' shows of it.
#pragma once

#include <string>
#include <vector>

#include "base/text.h"
#include "commands/web_hosts.h"
#include "os/machine.h"
#include "webserver/nginx_hosts.h"
#include "webserver/nginx_running.h"

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

/// `names`: those that are asked for.
ShownServer shown_of(const WebServer& server, const InstalledFiles& installed, const store::Home& state,
                     const std::vector<std::string>& names);

}  // namespace certo::commands
