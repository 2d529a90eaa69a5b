#include "os/child.h"

#include <fcntl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>

#include "base/text.h"
#include "fixtures/sandbox.h"
#include "fixtures/support.h"
#include "os/file.h"
#include "os/signals.h"

using namespace certo;
using namespace certo::os;
using namespace certo::test;

namespace {

Command shell(const std::string& script) {
  Command command;
  command.argv = {"/bin/sh", "-c", script};
  command.environment = {"PATH=/usr/bin:/bin"};
  command.deadline = Seconds(30);
  return command;
}

Millis time_of(const Command& command, Finished& finished) {
  const auto start = std::chrono::steady_clock::now();
  finished = run(command);
  return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now() - start);
}

/// Runs it with a short deadline, and with longer ones until it has said "begun" before.
Finished run_until_begun(Command command) {
  for (command.deadline = Millis(100);; command.deadline *= 2) {
    Finished finished = run(command);
    if (finished.output.starts_with("begun\n") || command.deadline > Seconds(20)) return finished;
  }
}

}  // namespace

TEST_CASE("a child reads its input and its output, errors and exit code come back") {
  Command command = shell("cat; echo bad >&2; exit 3");
  command.input = "hello";
  const Finished finished = run(command);
  CHECK(finished.output == "hello");
  CHECK(finished.errors == "bad\n");
  CHECK(finished.status == 3);
  CHECK_FALSE(finished.timed_out);
  CHECK_FALSE(finished.truncated);
}

TEST_CASE("more input and output than a pipe holds does not deadlock") {
  Command command = shell("cat");
  command.input = std::string(1 << 20, 'x');
  command.output_limit = 2 << 20;
  CHECK(run(command).output == command.input);
}

TEST_CASE("a child that does not read its input is not an error") {
  Command command = shell("exec <&-; echo done");
  command.input = std::string(1 << 20, 'x');
  CHECK(run(command).output == "done\n");
}

TEST_CASE("a child that closes its output continues") {
  CHECK(run(shell("exec >&- 2>&-; exit 4")).status == 4);
}

TEST_CASE("a flood of output is cut, and read to its end") {
  Command command = shell("head -c 3000000 /dev/zero; echo end >&2");
  command.output_limit = 1000;
  const Finished finished = run(command);
  CHECK(finished.output == std::string(1000, '\0'));
  CHECK(finished.errors == "end\n");
  CHECK(finished.truncated);
  CHECK(finished.status == 0);
}

TEST_CASE("a child that a signal ended has status 128 + n") { CHECK(run(shell("kill -9 $$")).status == 137); }

TEST_CASE("the environment has the listed variables and no others") {
  Command command;
  command.argv = {"/usr/bin/env"};
  command.environment = {"A=1", "B=two words"};
  CHECK(run(command).output == "A=1\nB=two words\n");
}

TEST_CASE("a child has three descriptors, its own group, and works in the folder that was given") {
  const TempDir dir;
  const int leaked = ::open("/dev/null", O_RDONLY);  // not close-on-exec
  REQUIRE(leaked > 2);
  Command command =
      shell("pwd; ulimit -c; test -e /proc/self/fd/" + std::to_string(leaked) + " && echo leaked");
  command.folder = dir.path;
  CHECK(run(command).output == dir.path + "\n0\n");
  ::close(leaked);
  Command group = shell("ps -o pgid= -p $$ | tr -d ' '; echo $$");
  const std::vector<std::string> ids = split(run(group).output, '\n');
  if (ids.size() == 3) CHECK(ids[0] == ids[1]);
}

TEST_CASE("a child starts with default signals, though we ignore or block them") {
  CHECK(in_child([] {
          std::signal(SIGTERM, SIG_IGN);
          sigset_t all;
          sigfillset(&all);
          ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
          return run(shell("kill -TERM $$; echo alive")).status;
        }) == 128 + SIGTERM);
}

TEST_CASE("the deadline ends a child, and well before the child would end itself") {
  const Finished finished = run_until_begun(shell("echo begun; exec sleep 600"));
  CHECK(finished.timed_out);
  CHECK(finished.status == 128 + SIGTERM);
  CHECK(finished.output == "begun\n");
}

TEST_CASE("a child that ignores TERM is killed after its grace") {
  Command command = shell("trap '' TERM; echo begun; while :; do sleep 600; done");
  command.grace = Millis(100);
  const Finished finished = run_until_begun(command);
  CHECK(finished.timed_out);
  CHECK(finished.status == 128 + SIGKILL);
}

TEST_CASE("a child may clean up between TERM and KILL") {
  Command command = shell("trap 'echo cleaned; exit 9' TERM; echo begun; sleep 600 & wait");
  command.grace = Seconds(60);
  const Finished finished = run_until_begun(command);
  CHECK(finished.timed_out);
  CHECK(finished.status == 9);
  CHECK(finished.output == "begun\ncleaned\n");
}

TEST_CASE("a grandchild that holds the pipe is not waited for, and left alone") {
  const TempDir dir;
  REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
  Finished finished;
  // The grandchild tells its process id and then waits on the FIFO.
  CHECK(time_of(shell("(read line < " + dir / "fifo" + ") & echo $!"), finished) < Seconds(10));
  const pid_t grandchild = std::stoi(finished.output);
  CHECK(::kill(grandchild, 0) == 0);
  ::kill(grandchild, SIGKILL);
}

TEST_CASE("processes that a child leaves in its group are killed if the caller wants that") {
  const TempDir dir;
  REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
  const Fd fifo(::open((dir / "fifo").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  Command command = shell("exec 3> " + dir / "fifo" + "; (trap '' TERM; exec sleep 60) & exit 0");
  command.kills_the_rest = true;
  CHECK(run(command).status == 0);
  // At its end once no process has the other side open.
  char byte = 0;
  const Deadline limit(Seconds(10));
  while (::read(fifo.get(), &byte, 1) != 0 && !limit.passed()) sleep_for(Millis(1));
  CHECK(::read(fifo.get(), &byte, 1) == 0);
}

TEST_CASE("a program keeps its name if another path is executed") {
  Command command = shell("");
  command.path = "/bin/sh";
  command.argv = {"the name", "-c", "echo $0"};
  CHECK(run(command).output == "the name\n");
}

TEST_CASE("processes that a child leaves in its group after its deadline are killed") {
  const TempDir dir;
  REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
  const Fd fifo(::open((dir / "fifo").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  Command command = shell("(trap '' TERM; exec sleep 60 > " + dir / "fifo" + ") & wait");
  command.deadline = Millis(200);
  CHECK(run(command).timed_out);
  // At its end once no process has the other side open.
  char byte = 0;
  const Deadline limit(Seconds(10));
  while (::read(fifo.get(), &byte, 1) != 0 && !limit.passed()) sleep_for(Millis(1));
  CHECK(::read(fifo.get(), &byte, 1) == 0);
}

TEST_CASE("a signal to us ends the child's group, then we are interrupted") {
  CHECK(in_child([] {
          catch_signals();
          // The child sends it, so that it comes while we wait.
          Command command = shell("kill -INT " + std::to_string(::getpid()) + "; exec sleep 60");
          return signal_of([&] { run(command); });
        }) == SIGINT);
}

TEST_CASE("after a signal nothing new is started, but for clean-up") {
  CHECK(in_child([] {
          catch_signals();
          ::raise(SIGTERM);
          if (signal_of([] { run(shell("exit 0")); }) != SIGTERM) return 1;
          const Grace grace;
          return run(shell("exit 6")).status;
        }) == 6);
}

TEST_CASE("a file that cannot be executed is reported with the reason") {
  const TempDir dir;
  const auto failure = [](const std::string& program) {
    Command command;
    command.argv = {program};
    return error_of([&] { run(command); });
  };
  CHECK(failure(dir / "gone").message == dir / "gone" + ": cannot be executed: no such file or directory");
  CHECK(failure(dir / "gone").code == Exit::config);
  write_file(dir / "no-interpreter", "#!/no/such/thing\n", 0755);
  CHECK(failure(dir / "no-interpreter").hint.find("interpreter") != std::string::npos);
  write_file(dir / "no-first-line", "echo x\n", 0755);
  CHECK(failure(dir / "no-first-line").hint.find("#!/bin/sh") != std::string::npos);
  write_file(dir / "not-executable", "#!/bin/sh\n", 0644);
  CHECK(failure(dir / "not-executable").code == Exit::config);

  Command command = shell("exit 0");
  command.folder = dir / "gone";
  CHECK(error_of([&] { run(command); }).message.find("working folder") != std::string::npos);
}

TEST_CASE("a program is executed by its descriptor") {
  const Fd program(::open("/bin/sh", O_PATH | O_CLOEXEC));
  Command command = shell("echo $0 $1");
  command.argv = {"any name", "-c", "echo $0", "zero"};
  command.program = program.get();
  CHECK(run(command).output == "zero\n");
}

TEST_CASE("on an old kernel, without pidfd_open and close_range, a child is run as well") {
  CHECK(in_child([] {
          const int leaked = ::open("/dev/null", O_RDONLY);
          if (!refuse_system_call(SYS_pidfd_open, ENOSYS) || !refuse_system_call(SYS_close_range, ENOSYS))
            return 1;
          const Finished finished =
              run(shell("test -e /proc/self/fd/" + std::to_string(leaked) + " || echo closed"));
          if (finished.output != "closed\n" || finished.status != 0) return 2;
          Command slow = shell("exec sleep 60");
          slow.deadline = Millis(100);
          return run(slow).timed_out ? 0 : 3;
        }) == 0);
}

TEST_CASE("no descriptor and no zombie stays behind") {
  const auto open_descriptors = [] { return list_folder("/proc/self/fd").size(); };
  const size_t before = open_descriptors();
  for (int i = 0; i < 5; ++i) run(shell("exit 0"));
  error_of([] {
    Command command;
    command.argv = {"/no/such/program"};
    run(command);
  });
  CHECK(open_descriptors() == before);
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
}

TEST_CASE("an executable gets PATH, HOME, LANG and TZ, and nothing secret") {
  CHECK(in_child([] {
          ::setenv("TZ", "UTC", 1);
          ::setenv("CF_TOKEN", "secret", 1);
          ::unsetenv("PATH");
          const std::vector<std::string> list = clean_environment();
          const auto has = [&](const char* entry) {
            return std::count(list.begin(), list.end(), entry) == 1;
          };
          const bool secret = std::any_of(list.begin(), list.end(), [](const std::string& entry) {
            return entry.find("secret") != std::string::npos;
          });
          return has("TZ=UTC") && list[0].starts_with("PATH=/usr") && !secret ? 0 : 1;
        }) == 0);
}

TEST_CASE("the program knows its own file") {
  remember_self();
  CHECK(self_fd() >= 0);
  CHECK(self_path().starts_with('/'));
  CHECK(fingerprint(self_path()).has_value());
}
