// Trusted files. A file is trusted if nobody but root and the user who runs certo can change it or replace
// it:
//
//   * it is a regular file that belongs to root or to this user, and others cannot write to it;
//   * the same holds for every folder up to /, of the path as given, of each link on the way, and of the path
//     that it resolves to. A sticky folder that others can write to (/tmp) is fine if its entry on the way
//     belongs to root or to this user, because then nobody else can rename or remove that entry.
//
// Every file that certo executes, loads or obeys, and every file with its secrets, passes through one of
// these functions. They open a file once and check the descriptor, so certo uses the file that was checked.
#pragma once

#include <optional>
#include <string>

#include "base/exit.h"
#include "os/fd.h"

namespace certo::os {

/// The exit codes of a file that is not there or cannot be read, and of one that is not trusted.
struct Codes {
  Exit unusable;
  Exit untrusted;
};
inline constexpr Codes of_settings{Exit::config, Exit::config};
inline constexpr Codes of_state{Exit::bad_input, Exit::not_permitted};

/// The path of a trusted file without links. Throws Error{codes} with a hint, or {not_permitted} if certo
/// cannot look at a folder.
std::string trusted_path(const std::string& path, Codes codes = of_settings);
/// A trusted file, open for reading. A path of /dev/fd is checked on the descriptor only.
Fd open_trusted(const std::string& path, Codes codes = of_settings);
/// Its content, of at most `limit` bytes; more is Error{bad_input}.
std::string read_trusted(const std::string& path, Codes codes = of_settings, size_t limit = 1 << 20);
/// The same; nothing if there is no such file.
std::optional<std::string> read_trusted_if(const std::string& path, Codes codes = of_settings,
                                           size_t limit = 1 << 20);
/// The content of a trusted file with secrets: nobody else can read it either.
std::string read_private(const std::string& path, Codes codes = of_settings, size_t limit = 1 << 20);

/// Throws Error{not_permitted} unless `path` is a folder that belongs to this user or root, that others
/// cannot write to, and that nobody else can exchange.
void require_private_folder(const std::string& path);

}  // namespace certo::os
