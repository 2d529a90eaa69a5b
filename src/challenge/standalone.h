// http-01 (RFC 8555 section 8.3) without a web server.
#pragma once

#include <memory>
#include <string>

#include "acme/solver.h"

namespace certo::challenge {

/// `listen`: see parse_listen. The port is taken when the first token is to be shown, and free again after
/// cleanup.
std::unique_ptr<acme::Solver> make_standalone_solver(const std::string& listen);

}  // namespace certo::challenge
