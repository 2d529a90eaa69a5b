// Messages for a person, on stderr and in the file of --log. Every line passes
// `printable`, so text from outside can neither move the cursor nor forge a line. If stderr is the journal of
// systemd, the priority of a line takes the place of "certo: " (sd-daemon(3)).
#pragma once

#include <string>
#include <string_view>

namespace certo::log {

enum class Level { quiet, normal, verbose, debug };

/// Once, at the start. `file` is opened for appending, 0600; empty: none. Throws
/// Error{cannot_write}. The file gets everything up to debug, with times.
void open(Level level, const std::string& file);
Level level();
bool is_journal();  // stderr is the journal

void error(std::string_view line);    // "certo: …", whatever the level
void hint(std::string_view line);     // "certo: hint: …"
void item(std::string_view line);     // nothing before it, for copying; whatever the level
void warn(std::string_view line);     // "certo: warning: …"; not when quiet
void say(std::string_view line);      // news: "certo: …"; not when quiet
void verbose(std::string_view line);  // with -v
void debug(std::string_view line);    // with -vv: requests, queries; never a secret

/// The live line on a terminal: "what (12 s)", redrawn each second while this object lives
/// and erased afterwards. Without a terminal, or when quiet, it does nothing. Only the innermost
/// is shown. It needs no thread: code that waits calls `tick` now and then.
class Waiting {
 public:
  explicit Waiting(std::string what);
  ~Waiting();
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
};
void tick();

}  // namespace certo::log
