#include "webserver/server_way.h"

namespace certo::webserver {

std::optional<ServerChoice> server_of(const store::Way& way) {
  if (const auto* nginx = std::get_if<store::Nginx>(&way))
    return ServerChoice{ServerKind::nginx, nginx->config};
  if (const auto* apache = std::get_if<store::Apache>(&way))
    return ServerChoice{ServerKind::apache, apache->config};
  return {};
}

store::Way way_by(const ServerChoice& choice) {
  if (choice.kind == ServerKind::nginx) return store::Nginx{choice.config};
  return store::Apache{choice.config};
}

}  // namespace certo::webserver
