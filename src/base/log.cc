#include "base/log.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <vector>

#include "base/json.h"
#include "base/log_file.h"
#include "base/text.h"
#include "base/time.h"

namespace certo::log {
namespace {

using Clock = std::chrono::steady_clock;

/// Priorities of syslog(3). A hint has that of the line before it.
enum class Priority { error = 3, warning = 4, info = 6, debug = 7, as_before };

/// A kind of line: its prefix on stderr, its name in the file, and the level that shows it.
struct Kind {
  std::string_view prefix;
  std::string_view colour;  // of the prefix on a terminal (ECMA-48 SGR)
  std::string_view name;
  Level needs;
  Priority priority;
};
constexpr Kind an_error = {"certo: ", "31", "error", Level::quiet, Priority::error};
constexpr Kind a_hint = {"certo: hint: ", "36", "hint", Level::quiet, Priority::as_before};
constexpr Kind an_item = {"", "", "item", Level::quiet, Priority::info};
constexpr Kind a_warning = {"certo: warning: ", "33", "warning", Level::normal, Priority::warning};
constexpr Kind news = {"certo: ", "", "news", Level::normal, Priority::info};
constexpr Kind detail = {"certo: ", "", "detail", Level::verbose, Priority::info};
constexpr Kind trace = {"certo: ", "", "debug", Level::debug, Priority::debug};

struct Live {
  const Waiting* owner;
  std::string what;
  Clock::time_point since;
};

/// A warning or a hint that was said, and how often it was kept back since then.
struct Said {
  const Kind* kind;
  std::string line;
  size_t more = 0;
};
constexpr size_t most_kept = 100;
constexpr size_t most_said = 1000;  // what comes after that is said each time

/// What the lines of this thread are about.
thread_local std::string subject;

struct State {
  std::mutex mutex;
  Level level = Level::normal;
  LogFile file;
  Format format = Format::text;
  bool is_for_syslog = false;
  bool live_allowed = false;
  bool coloured = false;
  bool in_journal = false;
  Priority last = Priority::info;  // of the last line in the journal
  std::vector<Live> waiting;       // the innermost last
  std::string progress;            // in front of it
  std::string shown;               // the live line as it is now
  std::vector<Said> said;
  bool keeps = false;
  std::vector<Line> kept;
  std::map<std::string, size_t> said_at;  // by line: the place in `said`
};

State& state() {
  static State& one = *new State;  // never destroyed: threads and destructors may log until the very end
  return one;
}

constexpr std::string_view erase_line = "\r\033[K";

size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// The live line as it should be now, cut so that it fits on one line; "" if there is none.
std::string live_line(const State& s) {
  if (!s.live_allowed || (s.waiting.empty() && s.progress.empty())) return {};
  std::string what = s.progress, clock;
  if (!s.waiting.empty()) {
    const Live& live = s.waiting.back();
    const auto elapsed = std::chrono::floor<Seconds>(Clock::now() - live.since).count();
    if (elapsed > 0) clock = fmt::format(" ({} s)", elapsed);
    what += (what.empty() ? "" : "; ") + live.what;
  }
  const std::string_view prefix = "certo: ";
  const size_t taken = prefix.size() + clock.size() + 2;  // the mark of a cut and the last column
  const size_t width = terminal_width();
  return std::string(prefix) + printable(what, width > taken ? width - taken : 0) + clock;
}

/// Replaces the live line by `line` (with its newline, or empty), and writes the live line below it.
void put(State& s, std::string_view line) {
  std::string text;
  if (!s.shown.empty()) text += erase_line;
  text += line;
  s.shown = live_line(s);
  text += s.shown;
  write_whole(STDERR_FILENO, text);
}

void refresh(State& s) {
  if (live_line(s) != s.shown) put(s, "");
}

std::string json_line(const Kind& kind, std::string_view shown) {
  Json json = Json::object();
  json.set("time", rfc3339(now())).set("kind", std::string(kind.name)).set("message", std::string(shown));
  return to_json(json) + "\n";
}

void record(State& s, const Kind& kind, std::string_view shown) {
  if (!s.file.is_open()) return;
  s.file.write(s.format == Format::json ? json_line(kind, shown)
                                        : fmt::format("{} {}: {}\n", rfc3339(now()), kind.name, shown));
}

void tell_syslog(State& s, const Kind& kind, std::string_view shown) {
  if (kind.priority != Priority::as_before) s.last = kind.priority;
  const char* const mark = kind.priority == Priority::as_before ? "hint: " : "";
  ::syslog(static_cast<int>(s.last), "%s%.*s", mark, static_cast<int>(shown.size()), shown.data());
}

/// True if this warning or hint was said before; it is counted then.
bool is_said(State& s, const Kind& kind, const std::string& line) {
  if (&kind != &a_hint && &kind != &a_warning) return false;
  if (const auto known = s.said_at.find(line); known != s.said_at.end()) {
    ++s.said[known->second].more;
    return true;
  }
  if (s.said.size() == most_said) return false;
  s.said_at[line] = s.said.size();
  s.said.push_back({&kind, line});
  return false;
}

/// "www.example.com: …", once.
std::string about_subject(std::string_view line) {
  const std::string start = subject.empty() ? "" : subject + ": ";
  return (line.starts_with(start) ? "" : start) + std::string(line);
}

/// The journal names the program itself, and tells errors from warnings by their priority.
std::string journal_line(State& s, const Kind& kind, std::string_view shown) {
  if (kind.priority != Priority::as_before) s.last = kind.priority;
  const std::string_view mark = kind.priority == Priority::as_before ? "hint: " : "";
  return fmt::format("<{}>{}{}\n", static_cast<int>(s.last), mark, shown);
}

void tell(const Kind& kind, std::string_view line) {
  State& s = state();
  const std::lock_guard guard(s.mutex);
  const bool is_kept = s.keeps && kind.needs <= Level::normal && s.kept.size() < most_kept;
  if (s.level < kind.needs && !s.file.is_open() && !is_kept) return;
  const std::string shown = printable(line);
  if (is_kept) s.kept.push_back({std::string(kind.name), shown});
  record(s, kind, shown);
  if (s.level < kind.needs || is_said(s, kind, shown)) return;
  if (s.is_for_syslog) tell_syslog(s, kind, shown);
  if (s.format == Format::json) return put(s, json_line(kind, shown));
  if (s.in_journal) return put(s, journal_line(s, kind, shown));
  const bool colour = s.coloured && !kind.colour.empty();
  put(s, colour ? fmt::format("\033[{}m{}\033[0m{}\n", kind.colour, kind.prefix, shown)
                : fmt::format("{}{}\n", kind.prefix, shown));
}

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value && *value;
}

bool can_erase() {
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) && terminal && *terminal && std::strcmp(terminal, "dumb") != 0;
}

/// systemd says in JOURNAL_STREAM which descriptor is the journal, as DEVICE:INODE; a redirection of stderr
/// does not change the variable.
bool is_stderr_the_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat facts {};
  return stream && ::fstat(STDERR_FILENO, &facts) == 0 &&
         stream == fmt::format("{}:{}", facts.st_dev, facts.st_ino);
}

}  // namespace

void open(Level level, const Sinks& sinks) {
  State& s = state();
  const std::lock_guard guard(s.mutex);
  s.level = level;
  s.format = sinks.format;
  s.live_allowed = level != Level::quiet && sinks.format == Format::text && can_erase();
  s.coloured = can_erase() && !is_set("NO_COLOR");
  s.in_journal = is_stderr_the_journal();
  s.is_for_syslog = sinks.is_for_syslog;
  if (s.is_for_syslog) ::openlog("certo", LOG_PID, LOG_DAEMON);
  s.file.open(sinks.file, sinks.file_limit);
}

Level level() {
  State& s = state();
  const std::lock_guard guard(s.mutex);
  return s.level;
}

bool is_journal() {
  State& s = state();
  const std::lock_guard guard(s.mutex);
  return s.in_journal;
}

void error(std::string_view line) { tell(an_error, line); }
void hint(std::string_view line) { tell(a_hint, line); }
void item(std::string_view line) { tell(an_item, line); }
void warn(std::string_view line) { tell(a_warning, line); }
void say(std::string_view line) { tell(news, line); }
void verbose(std::string_view line) { tell(detail, about_subject(line)); }
void debug(std::string_view line) { tell(trace, about_subject(line)); }

void keep_lines() {
  State& s = state();
  const std::lock_guard guard(s.mutex);
  s.keeps = true;
}

std::vector<Line> kept_lines() {
  State& s = state();
  const std::lock_guard guard(s.mutex);
  return s.kept;
}

void tell_repeated() {
  State& s = state();
  std::vector<Said> said;
  {
    const std::lock_guard guard(s.mutex);
    said.swap(s.said);
    s.said_at.clear();
  }
  constexpr size_t brief = 120;
  for (const auto& [kind, line, more] : said)
    if (more > 0)
      tell(*kind,
           fmt::format("{} more time{} the same: {}", more, more == 1 ? "" : "s", printable(line, brief)));
}

Subject::Subject(const std::string& name) : before_(std::exchange(subject, name)) {}
Subject::~Subject() { subject = std::move(before_); }

void show_progress(const std::string& text) {
  State& s = state();
  const std::lock_guard guard(s.mutex);
  s.progress = text;
  refresh(s);
}

Waiting::Waiting(const std::string& what) {
  State& s = state();
  const std::lock_guard guard(s.mutex);
  if (!s.live_allowed) return;
  s.waiting.push_back({this, about_subject(what), Clock::now()});
  refresh(s);
}

void Waiting::change(const std::string& what) {
  State& s = state();
  const std::lock_guard guard(s.mutex);
  for (Live& live : s.waiting)
    if (live.owner == this) live.what = about_subject(what);
  refresh(s);
}

Waiting::~Waiting() {
  State& s = state();
  const std::lock_guard guard(s.mutex);
  std::erase_if(s.waiting, [this](const Live& live) { return live.owner == this; });
  refresh(s);
}

void tick() {
  State& s = state();
  const std::lock_guard guard(s.mutex);
  refresh(s);
}

}  // namespace certo::log
