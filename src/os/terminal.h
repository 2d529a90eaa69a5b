// The user's terminal, home folder and environment. Without NSS, because the program is static.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/time.h"

namespace certo::os {

bool is_terminal(int fd);
/// Columns; nothing if it is not a terminal. 80 if the terminal does not say.
std::optional<size_t> terminal_width(int fd);
/// Whether it is a regular file that everybody can read: a private key must not be written there.
bool is_world_readable_file(int fd);
std::string home_folder();                  // $HOME, else from /etc/passwd by fgetpwent
std::string user_name();                    // from /etc/passwd, else $USER
std::string environment(const char* name);  // "" if it is not set
bool is_root();
/// Whether a person sees stderr and can be asked. stdin may be a document.
bool is_attended();
/// Shows `request` on the person's terminal and waits for Enter. False after `limit`, or if the terminal is
/// closed. Throws Interrupted.
bool wait_for_enter(const std::string& request, Millis limit);
/// For each of the descriptors 0 to 2 that is closed, opens something that can neither be read nor written,
/// so that no file that is opened later is used as stdout.
void secure_standard_descriptors();

}  // namespace certo::os
