// The programs of an installation, and how an upgrade exchanges them: new ones wait as PROGRAM.new, previous
// ones are kept as PROGRAM.old. Between the first rename and the last one the two programs do not fit
// together, so the exchange is written down first, in CERTO.upgrading, and the next certo completes what a
// killed run began.
#pragma once

#include <string>
#include <vector>

namespace certo::commands {

struct Program {
  std::string path;
  std::string sha256;  // hex, of the new file

  std::string next() const { return path + ".new"; }
  std::string old() const { return path + ".old"; }
};

/// The paths of certo-provider-host, if there is one, and of certo, which is installed as `certo`. The last
/// one is certo itself.
std::vector<std::string> program_paths(const std::string& certo);

/// Whether the file has this checksum; false if there is no such file.
bool has_checksum(const std::string& path, const std::string& sha256);

/// Keeps the previous programs and writes the exchange down.
void begin_exchange(const std::vector<Program>& programs);
/// Puts the new programs in place. Throws Error after it has put the previous ones back.
void exchange(const std::vector<Program>& programs);

/// Completes an exchange that a killed run has left. True if it did: what runs now is the previous certo.
/// False if there was none, another process is doing it, or this user cannot write there; a warning if the
/// new files are not complete.
bool complete_exchange(const std::string& certo);

}  // namespace certo::commands
