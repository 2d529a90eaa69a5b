// nginx as a server that certo edits (webserver/server.h, which says what the functions throw).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "webserver/server.h"

namespace certo::webserver {

std::unique_ptr<Server> running_nginx_server(const std::string& config);
std::unique_ptr<Server> nginx_server_with(const std::string& config);
std::vector<std::unique_ptr<Server>> all_nginx_servers();

}  // namespace certo::webserver
