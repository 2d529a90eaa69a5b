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

/// "FILE:LINE" of each directive that names a file in `folder`.
std::vector<std::string> places_naming(const NginxConfig& config, const std::string& folder);

/// The texts of the files that `edits` change.
Texts texts_of(const NginxConfig& config, const Edits& edits);

/// The fault in the effect of the edits; "" if nothing is. `limit`: nginx has surely reloaded then.
using Effect = std::function<std::string(Millis limit)>;

/// Puts `edits` in. Throws Error{config} if nginx refuses its configuration already, before anything was
/// done; {not_installed} if it refuses the edits or warns of them, or if they have no effect: then they were
/// removed again.
void carry_out(Editing& editing, const Nginx& nginx, const NginxConfig& config, const Edits& edits,
               const Effect& effect);

/// Calls it again, a few times, if another program (another certo, mostly) has changed a file since it was
/// read.
void again_if_changed(const std::function<void()>& plan_and_carry_out);

/// Takes out the standing edits of these parts, and reloads. A server that does not run is not started.
/// Throws Error{config} if nginx would refuse its configuration without them: then they stay.
void withdraw(Editing& editing, const Nginx& nginx, const std::vector<EditPart>& parts);

/// Takes out what a run that died has left unsettled, or everything. Throws as `Editing` does.
enum class Leave { standing, nothing };
void recover(Editing& editing, Leave what);

}  // namespace certo::webserver
