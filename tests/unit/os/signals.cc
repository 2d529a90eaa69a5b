#include "os/signals.h"

#include <fcntl.h>
#include <poll.h>

#include <csignal>

#include "base/error.h"
#include "fixtures/support.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/terminal.h"

using namespace certo;
using namespace certo::os;
using namespace certo::test;

namespace {

bool is_readable(int fd) {
  pollfd poll{fd, POLLIN, 0};
  return ::poll(&poll, 1, 0) == 1;
}

}  // namespace

TEST_CASE("a signal is noted, and everything that waits throws") {
  CHECK(in_child([] {
          catch_signals();
          if (is_readable(signal_fd()) || pending_signal() != 0) return 1;
          ::raise(SIGTERM);
          if (!is_readable(signal_fd()) || pending_signal() != SIGTERM) return 2;
          return signal_of([] { sleep_for(Seconds(60)); }) == SIGTERM ? 0 : 3;
        }) == 0);
}

TEST_CASE("a signal ends the reading of a pipe") {
  CHECK(in_child([] {
          int ends[2];
          if (::pipe(ends) != 0) return 1;
          catch_signals();
          ::raise(SIGINT);
          return signal_of([&] { read_all(ends[0], 10, "stdin"); }) == SIGINT ? 0 : 2;
        }) == 0);
}

TEST_CASE("clean-up may wait although a signal came") {
  CHECK(in_child([] {
          catch_signals();
          ::raise(SIGINT);
          {
            const Grace outer;
            { const Grace inner; }
            check_signal();
            sleep_for(Millis(1));
            if (signal_fd() != -1 || pending_signal() != 0) return 1;
          }
          return pending_signal() == SIGINT ? 0 : 2;
        }) == 0);
}

TEST_CASE("a second signal ends the process at once") {
  CHECK(in_child([] {
          catch_signals();
          ::raise(SIGINT);
          ::raise(SIGTERM);
          return 0;
        }) == 128 + SIGTERM);
}

TEST_CASE("a second SIGHUP does not count") {
  CHECK(in_child([] {
          std::signal(SIGHUP, SIG_DFL);  // nohup may have started the tests
          catch_signals();
          ::raise(SIGHUP);
          ::raise(SIGHUP);
          return pending_signal() == SIGHUP ? 0 : 1;
        }) == 0);
}

TEST_CASE("when clean-up takes too long, the alarm ends the process with the first signal's code") {
  CHECK(in_child([] {
          std::signal(SIGHUP, SIG_DFL);
          catch_signals();
          ::raise(SIGHUP);
          if (::alarm(5) == 0) return 1;
          ::raise(SIGALRM);
          return 0;
        }) == 128 + SIGHUP);
}

TEST_CASE("a signal that nohup ignores stays ignored") {
  CHECK(in_child([] {
          std::signal(SIGHUP, SIG_IGN);
          catch_signals();
          ::raise(SIGHUP);
          return pending_signal();
        }) == 0);
}

TEST_CASE("a sleep without signals lasts as long as requested") {
  const Deadline soon(Millis(20));
  sleep_for(Millis(20));
  CHECK(soon.passed());
}

TEST_CASE("the home folder is HOME, else that of /etc/passwd") {
  CHECK(in_child([] {
          ::setenv("HOME", "/somewhere", 1);
          if (home_folder() != "/somewhere") return 1;
          ::unsetenv("HOME");
          return home_folder() != "/somewhere" ? 0 : 2;
        }) == 0);
}

TEST_CASE("no file takes the place of a standard descriptor that is closed, and writing there fails") {
  const TempDir dir;
  CHECK(in_child([&] {
          ::close(STDIN_FILENO);
          ::close(STDOUT_FILENO);
          secure_standard_descriptors();
          write_file(dir / "a", "1", 0600);
          return ::write(STDOUT_FILENO, "x", 1) < 0 && read_file(dir / "a") == "1" && !is_terminal(1) ? 0 : 1;
        }) == 0);
}

TEST_CASE("a file that all may read is noticed") {
  const TempDir dir;
  write_file(dir / "open", "", 0644);
  write_file(dir / "private", "", 0600);
  const Fd open(::open((dir / "open").c_str(), O_RDONLY)),
      closed(::open((dir / "private").c_str(), O_RDONLY));
  CHECK(is_world_readable_file(open.get()));
  CHECK_FALSE(is_world_readable_file(closed.get()));
}
