// What the CA itself tells before an order: that it is there, its clock, its names, and what it knows of the
// account. For 'certo check', and for the checks after a failed validation.
#pragma once

#include <optional>

#include "acme/types.h"
#include "check/finding.h"
#include "check/scene.h"
#include "commands/context.h"

namespace certo::commands {

/// --http-port and --tls-port. Throws Error{usage}.
check::Ports ports(const Args& args);

/// As far as files tell: the account, and the directory of the last time.
check::Authority known_authority(const store::Home& state, const store::Request& request);

/// The facts of a certificate that are checked, as this machine knows them, for each CA of the request.
/// `limit`: of everything but a DNS record.
check::Scenes scenes_of(const Args& args, const store::Home& state, const std::string& certificate,
                        const store::Request& request, check::Tries tries, const Deadline& limit);

/// Asks the CA, and completes what the scene knows of it. An account is not made.
check::Findings check_ca(const Args& args, check::Scene& scene, Millis limit);
/// The titles of the CAs, in the order in which they are asked.
std::vector<std::string> titles(const check::Scenes& scenes);

}  // namespace certo::commands
