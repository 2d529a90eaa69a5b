// Messages for a person, on stderr and in the file of --log. Every line passes
// `printable`, so text from outside can neither move the cursor nor forge a line. If stderr is the journal of
// systemd, the priority of a line takes the place of "certo: " (sd-daemon(3)).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace certo::log {

enum class Level { quiet, normal, verbose, debug };

/// Lines for people, or one JSON object a line: {"time", "kind", "message"}.
enum class Format { text, json };

/// Where lines go in addition to stderr.
struct Sinks {
  std::string file;              // gets everything up to debug, with times; "": none
  uint64_t file_limit = 0;       // bytes, see base/log_file.h
  Format format = Format::text;  // of the file and of stderr
  bool is_for_syslog = false;    // what stderr gets, by syslog(3) as daemon; also if nobody reads stderr
};

/// Once, at the start. Throws Error{cannot_write} if the file cannot be opened.
void open(Level level, const Sinks& sinks);
Level level();
bool is_journal();  // stderr is the journal

// A warning or a hint that was said before is not said again, but counted; the file of --log gets each.
void error(std::string_view line);    // "certo: …", whatever the level
void hint(std::string_view line);     // "certo: hint: …"
void item(std::string_view line);     // nothing before it, for copying; whatever the level
void warn(std::string_view line);     // "certo: warning: …"; not when quiet
void say(std::string_view line);      // news: "certo: …"; not when quiet
void verbose(std::string_view line);  // with -v
void debug(std::string_view line);    // with -vv: requests, queries; never a secret

/// From now on, errors, hints, warnings and news are kept, whatever the level: the first hundred.
void keep_lines();
struct Line {
  std::string kind, text;  // "warning"
};
std::vector<Line> kept_lines();

/// Once, at the end: how often each warning and each hint was kept back.
void tell_repeated();

/// While it lives, the lines of -v and -vv and the live lines of this thread begin with "name: ".
class Subject {
 public:
  explicit Subject(const std::string& name);
  ~Subject();
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

 private:
  std::string before_;
};

/// The live line on a terminal: "what (12 s)", redrawn each second while this object lives
/// and erased afterwards. Without a terminal, or when quiet, it does nothing. Only the innermost
/// is shown. It needs no thread: code that waits calls `tick` now and then.
class Waiting {
 public:
  explicit Waiting(const std::string& what);
  ~Waiting();
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  /// Another text; the clock continues.
  void change(const std::string& what);
};
void tick();
/// The text in front of the live line, which is shown also if nothing waits: "37 of 100". "": none.
void show_progress(const std::string& text);

}  // namespace certo::log
