// Facts about the user's terminal and name. No NSS: the program is static.
#pragma once

#include <string>

#include "base/time.h"

namespace certo::os {

bool is_terminal(int fd);
/// True for a world-readable regular file: a private key does not belong there.
bool is_world_readable_file(int fd);
std::string home_folder();                  // $HOME, else from /etc/passwd by fgetpwent
std::string environment(const char* name);  // "" when unset
bool is_root();
/// True when a person sees stderr and can be asked: stdin may be a document.
bool is_attended();
/// Shows `request` on the person's terminal and waits for Enter. False when `limit` is over or the terminal
/// is closed. Throws Interrupted.
bool wait_for_enter(const std::string& request, Millis limit);
/// Opens something that can neither be read nor written on any of the descriptors 0 to 2 that is closed, so
/// that a file opened later is never taken for stdout.
void secure_standard_descriptors();

}  // namespace certo::os
