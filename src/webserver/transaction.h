// Changes the configuration of a web server that runs as one transaction: the server tests it before and
// afterwards, reloads, and the effect is looked at; if any of these fails, everything is as before.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "webserver/editing.h"
#include "webserver/server.h"

namespace certo::webserver {

/// The fault in the effect of the edits; "" if nothing is. `limit`: the server has surely reloaded then.
using Effect = std::function<std::string(Millis limit)>;

/// Puts `edits` in. Throws Error{config} if the server refuses its configuration already, before anything was
/// done; {not_installed} if it refuses the edits or warns of them, or if they have no effect: then they were
/// removed again.
void carry_out(Editing& editing, const Server& server, const Sites& sites, const Edits& edits,
               const Effect& effect);

/// Calls it again, a few times, if another program (another certo, mostly) has changed a file since it was
/// read.
void again_if_changed(const std::function<void()>& plan_and_carry_out);

/// Takes out the standing edits of these parts, and reloads. A server that does not run is not started.
/// Throws Error{config} if it would refuse its configuration without them: then they stay.
void withdraw(Editing& editing, const Server& server, const std::vector<EditPart>& parts);

/// Takes out what a run that died has left unsettled, or everything. Throws as `Editing` does.
enum class Leave { standing, nothing };
void recover(Editing& editing, Leave what);

}  // namespace certo::webserver
