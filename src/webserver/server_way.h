// The web server that a method of proving names edits (store/way.h).
#pragma once

#include <optional>
#include <string>

#include "store/way.h"
#include "webserver/server.h"

namespace certo::webserver {

struct ServerChoice {
  ServerKind kind = ServerKind::nginx;
  std::string config;  // its main file; "": of the only one that runs
  bool operator==(const ServerChoice&) const = default;
};

/// Nothing for a method that edits no server.
std::optional<ServerChoice> server_of(const store::Way& way);
/// The method that proves names by this server.
store::Way way_by(const ServerChoice& choice);

}  // namespace certo::webserver
