#include "base/log.h"

#include <fcntl.h>

#include <functional>
#include <thread>
#include <vector>

#include "base/json.h"
#include "base/log_file.h"
#include "base/text.h"
#include "base/time.h"
#include "fixtures/support.h"
#include "os/fd.h"
#include "os/file.h"

using namespace certo;
using namespace certo::test;

namespace {

/// What `act` says on stderr when that is a pipe.
std::string said(const std::function<void()>& act) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  os::Fd reader(ends[0]), writer(ends[1]);
  CHECK(in_child([&] {
          ::dup2(writer.get(), STDERR_FILENO);
          act();
          return 0;
        }) == 0);
  writer.reset();
  return os::read_all(reader.get(), 1 << 20, "the pipe");
}

/// The same when stderr is a terminal.
std::string shown(const std::function<void()>& act) {
  os::Fd terminal(::posix_openpt(O_RDWR | O_NOCTTY));
  REQUIRE(terminal);
  REQUIRE(::grantpt(terminal.get()) == 0);
  REQUIRE(::unlockpt(terminal.get()) == 0);
  os::Fd ours(::open(::ptsname(terminal.get()), O_RDWR | O_NOCTTY));  // so that the output stays readable
  CHECK(in_child([&] {
          ::dup2(ours.get(), STDERR_FILENO);
          ::setenv("TERM", "xterm", 1);
          ::unsetenv("NO_COLOR");
          act();
          return 0;
        }) == 0);
  ::fcntl(terminal.get(), F_SETFL, O_NONBLOCK);
  std::string text;
  char buffer[4096];
  for (ssize_t got; (got = ::read(terminal.get(), buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<size_t>(got));
  }
  return text;
}

}  // namespace

TEST_CASE("each level sees its own lines and those of the levels below") {
  const auto all = [](log::Level level) {
    log::open(level, {});
    log::error("e");
    log::hint("h");
    log::warn("w");
    log::say("s");
    log::verbose("v");
    log::debug("d");
  };
  CHECK(said([&] { all(log::Level::quiet); }) == "certo: e\ncerto: hint: h\n");
  CHECK(said([&] { all(log::Level::normal); }) == "certo: e\ncerto: hint: h\ncerto: warning: w\ncerto: s\n");
  CHECK(said([&] { all(log::Level::debug); }).ends_with("certo: s\ncerto: v\ncerto: d\n"));
}

TEST_CASE("text from outside stays on its line") {
  CHECK(said([] { log::error("x\ncerto: forged\x1b[1m"); }) == "certo: x\\x0acerto: forged\\x1b[1m\n");
}

TEST_CASE("without a terminal there is no live line and no colour") {
  CHECK(said([] {
          log::open(log::Level::normal, {});
          const log::Waiting waiting("for the CA");
          log::tick();
          log::error("news");
        }) == "certo: news\n");
}

TEST_CASE("on a terminal the live line is drawn, wiped for other lines, and gone at the end") {
  const std::string text = shown([] {
    log::open(log::Level::normal, {});
    const log::Waiting waiting("for the CA");
    log::say("news");
  });
  CHECK(text == "certo: for the CA\r\033[Kcerto: news\r\ncerto: for the CA\r\033[K");
}

TEST_CASE("only the innermost of two live lines is shown") {
  const std::string text = shown([] {
    log::open(log::Level::normal, {});
    const log::Waiting outer("outer");
    { const log::Waiting inner("inner"); }
  });
  CHECK(text == "certo: outer\r\033[Kcerto: inner\r\033[Kcerto: outer\r\033[K");
}

TEST_CASE("a live line changes its text, and shows the progress and what it is about") {
  const std::string text = shown([] {
    log::open(log::Level::normal, {});
    log::show_progress("1 of 2");
    const log::Subject subject("a.example");
    log::Waiting waiting("one");
    waiting.change("two");
    log::show_progress("");
  });
  const std::string wipe = "\r\033[K";
  CHECK(text == "certo: 1 of 2" + wipe + "certo: 1 of 2; a.example: one" + wipe +
                    "certo: 1 of 2; a.example: two" + wipe + "certo: a.example: two" + wipe);
}

TEST_CASE("lines of -v say what they are about, once") {
  CHECK(said([] {
          log::open(log::Level::verbose, {});
          {
            const log::Subject subject("a.example");
            log::verbose("step");
            log::verbose("a.example: step");
            log::say("news");
          }
          log::verbose("end");
        }) == "certo: a.example: step\ncerto: a.example: step\ncerto: news\ncerto: end\n");
}

TEST_CASE("equal warnings and hints are said once, and counted at the end") {
  const TempDir dir;
  const std::string text = said([&] {
    log::open(log::Level::normal, {.file = dir / "log"});
    for (int i = 0; i < 3; ++i) {
      log::error("e");
      log::hint("do this");
    }
    log::warn("w");
    log::warn("w");
    log::warn("other");
    log::tell_repeated();
  });
  CHECK(text ==
        "certo: e\ncerto: hint: do this\ncerto: e\ncerto: e\ncerto: warning: w\ncerto: warning: other\n"
        "certo: hint: 2 more times the same: do this\ncerto: warning: 1 more time the same: w\n");
  const std::string file = os::read_file(dir / "log");
  size_t hints = 0;
  for (const std::string& line : split(file, '\n')) hints += line.ends_with(" hint: do this");
  CHECK(hints == 3);
}

TEST_CASE("NO_COLOR takes the colour, a dumb terminal the live line too") {
  const auto report = [] {
    log::open(log::Level::normal, {});
    const log::Waiting waiting("w");
    log::error("e");
  };
  CHECK(shown(report).find("\033[31mcerto: \033[0me") != std::string::npos);
  CHECK(shown([&] {
          ::setenv("NO_COLOR", "1", 1);
          report();
        }) == "certo: w\r\033[Kcerto: e\r\ncerto: w\r\033[K");
  CHECK(shown([&] {
          ::setenv("TERM", "dumb", 1);
          report();
        }) == "certo: e\r\n");
}

TEST_CASE("the log file is private and gets every level with a time, one line per event") {
  const TempDir dir;
  const std::string path = dir / "log";
  CHECK(said([&] {
          log::open(log::Level::quiet, {.file = path});
          log::debug("a\nb");
          log::error("c");
        }) == "certo: c\n");
  CHECK(mode_of(path) == 0600);
  const std::vector<std::string> lines = split(os::read_file(path), '\n');
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].substr(20) == " debug: a\\x0ab");
  CHECK(lines[1].substr(20) == " error: c");
  CHECK(lines[0][4] == '-');
  CHECK(lines[0][19] == 'Z');
}

TEST_CASE("as JSON, each line is an object, in the file and on stderr") {
  const TempDir dir;
  const std::string text = said([&] {
    log::open(log::Level::normal, {.file = dir / "log", .format = log::Format::json});
    log::warn("a \"b\"\n");
    log::debug("d");
  });
  const Json line = parse_json(text, "stderr", Exit::bad_input);
  CHECK(line.find("kind")->string() == "warning");
  CHECK(line.find("message")->string() == "a \"b\"\\x0a");
  CHECK(from_rfc3339(line.find("time")->string()).has_value());
  const std::vector<std::string> lines = split(os::read_file(dir / "log"), '\n');
  REQUIRE(lines.size() == 3);
  CHECK(parse_json(lines[1], "file", Exit::bad_input).find("kind")->string() == "debug");
}

TEST_CASE("a full log file is renamed, and three old ones are kept, also by several runs at the same time") {
  const TempDir dir;
  const std::string path = dir / "log";
  log::LogFile first, second;
  first.open(path, 10);
  second.open(path, 10);
  for (const char* text : {"1 123456789\n", "2 123456789\n", "3 123456789\n"}) {
    first.write(text);
    second.write(text);
  }
  std::string all;
  for (const char* old : {".3", ".2", ".1", ""}) {
    const std::string text = os::read_file_if(path + old).value_or("");
    CHECK(text.size() <= 2 * 12);  // the other run may have renamed it a moment ago
    all += text;
  }
  CHECK(all == "1 123456789\n1 123456789\n2 123456789\n2 123456789\n3 123456789\n3 123456789\n");
  CHECK_FALSE(os::exists(path + ".4"));
  CHECK(mode_of(path) == 0600);
  log::LogFile endless;
  endless.open(dir / "endless", 0);
  for (int i = 0; i < 3; ++i) endless.write("123456789 1\n");
  CHECK_FALSE(os::exists(dir / "endless.1"));
}

TEST_CASE("a log file that cannot be opened is an error") {
  CHECK(error_of([] { log::open(log::Level::normal, {.file = "/proc/nowhere/log"}); }).code ==
        Exit::cannot_write);
  log::open(log::Level::normal, {});
}

TEST_CASE("lines of several threads do not mix") {
  const std::string text = said([] {
    std::vector<std::thread> threads;
    for (char letter : {'a', 'b', 'c', 'd'}) {
      threads.emplace_back([letter] {
        for (int i = 0; i < 50; ++i) log::say(std::string(40, letter));
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
  const std::vector<std::string> lines = split(text, '\n');
  CHECK(lines.size() == 201);
  for (size_t i = 0; i < 200; ++i) CHECK(lines[i] == "certo: " + std::string(40, lines[i].back()));
}

namespace {

/// JOURNAL_STREAM as systemd sets it if `fd` is the journal.
void set_journal(int fd) {
  struct stat facts {};
  REQUIRE(::fstat(fd, &facts) == 0);
  ::setenv("JOURNAL_STREAM", (std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino)).c_str(), 1);
}

void one_of_each() {
  log::error("e");
  log::hint("h");
  log::item("i");
  log::warn("w");
  log::hint("k");
  log::say("s\n<0>forged");
  log::debug("d");
}

}  // namespace

TEST_CASE("in the journal, a priority takes the place of the prefix") {
  const std::string text = said([] {
    set_journal(STDERR_FILENO);
    log::open(log::Level::debug, {});
    one_of_each();
  });
  CHECK(text == "<3>e\n<3>hint: h\n<6>i\n<4>w\n<4>hint: k\n<6>s\\x0a<0>forged\n<7>d\n");
}

TEST_CASE("a stderr that is not the journal has no priorities") {
  const std::string text = said([] {
    const os::Fd other(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    set_journal(other.get());
    log::open(log::Level::normal, {});
    log::warn("w");
  });
  CHECK(text == "certo: warning: w\n");
}
