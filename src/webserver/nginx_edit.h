// Changes the configuration of the nginx that runs as one transaction: nginx tests it before and afterwards,
// reloads, and the effect is looked at; if any of these fails, everything is as before.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "webserver/editing.h"
#include "webserver/nginx_config.h"
#include "webserver/nginx_control.h"

namespace certo::webserver {

/// The texts of the files that `edits` change.
Texts texts_of(const NginxConfig& config, const Edits& edits);

/// What is wrong with the effect of the edits; "" if nothing is. `limit`: nginx has surely reloaded then.
using Effect = std::function<std::string(Millis limit)>;

/// Puts `edits` in. Throws Error{config} if nginx refuses its configuration already, before anything was
/// done; {not_installed} if it refuses the edits or warns of them, or if they have no effect: then they were
/// taken out again.
void carry_out(Editing& editing, const Nginx& nginx, const NginxConfig& config, const Edits& edits,
               const Effect& effect);

/// Takes out the standing edits of these parts, and reloads. A server that does not run is not started.
/// Throws Error{config} if nginx would refuse its configuration without them: then they stay.
void withdraw(Editing& editing, const Nginx& nginx, const std::vector<EditPart>& parts);

/// Takes out what a run that died has left unsettled, or everything. Throws as `Editing` does.
enum class Leave { standing, nothing };
void recover(Editing& editing, Leave what);

}  // namespace certo::webserver
