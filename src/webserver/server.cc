#include "webserver/server.h"

#include <utility>

#include "base/log.h"
#include "webserver/apache_server.h"
#include "webserver/nginx_server.h"
#include "webserver/server_process.h"

namespace certo::webserver {
namespace {

/// Those of one kind; none if there is none.
void add_all(std::vector<std::unique_ptr<Server>>& all,
             std::vector<std::unique_ptr<Server>> (*servers)()) noexcept {
  try {
    for (std::unique_ptr<Server>& one : servers()) all.push_back(std::move(one));
  } catch (const std::exception& error) {
    log::verbose(error.what());
  }
}

}  // namespace

std::string_view text(ServerKind kind) { return kind == ServerKind::nginx ? "nginx" : "apache"; }

std::string title(ServerKind kind) { return kind == ServerKind::nginx ? "nginx" : "Apache"; }

std::optional<ServerKind> kind_of(std::string_view word) {
  for (const ServerKind kind : all_kinds)
    if (text(kind) == word) return kind;
  return {};
}

Texts Sites::texts_of(const Edits& edits) const {
  Texts found;
  const auto changes = by_file(edits.changes);
  for (const Text& one : texts())
    if (const std::string path = without_links(one.path); changes.contains(path)) found[path] = one.text;
  return found;
}

std::vector<std::string> Sites::files() const {
  std::vector<std::string> paths;
  for (const Text& one : texts()) paths.push_back(without_links(one.path));
  return paths;
}

bool Server::has_ended() const { return is_running() && trust_in(process()) == Trust::ended; }

std::unique_ptr<Server> running_server(ServerKind kind, const std::string& config) {
  return kind == ServerKind::nginx ? running_nginx_server(config) : running_apache_server(config);
}

std::unique_ptr<Server> server_with(ServerKind kind, const std::string& config) {
  return kind == ServerKind::nginx ? nginx_server_with(config) : apache_server_with(config);
}

std::vector<std::unique_ptr<Server>> all_servers() noexcept {
  std::vector<std::unique_ptr<Server>> all;
  add_all(all, all_nginx_servers);
  add_all(all, all_apache_servers);
  return all;
}

}  // namespace certo::webserver
