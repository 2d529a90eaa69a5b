#include "os/process.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "os/failure.h"
#include "os/file.h"
#include "os/signals.h"

namespace certo::os {
namespace {

enum class Stage : int { folder, program };

/// What the child reports if it cannot become the program.
struct Report {
  Stage stage;
  int error;
};

/// All that the child needs, prepared before it exists.
struct Plan {
  int in, out, err, report;
  int program;
  const char* path;
  const char* folder;
  char* const* argv;
  char* const* environment;
};

struct Pipe {
  Fd read, write;

  Pipe() {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0) fail("pipe", "cannot start a program", errno, Exit::failed);
    read = Fd(fds[0]);
    write = Fd(fds[1]);
  }
};

// ---- in the child, between vfork and exec: it runs in the parent's memory, so system calls only ----

void close_others_on_exec() {
  constexpr unsigned first = STDERR_FILENO + 1;
  if (::syscall(SYS_close_range, first, ~0u, CLOSE_RANGE_CLOEXEC) == 0) return;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const int end = static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 65536));
  for (int fd = first; fd < end; ++fd) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

void restore_default_signals() {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) ::sigaction(signal, &standard, nullptr);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void give_up(const Plan& plan, Stage stage) {
  const Report report{stage, errno};
  [[maybe_unused]] const ssize_t written = ::write(plan.report, &report, sizeof report);
  ::_exit(127);
}

[[noreturn]] void become(const Plan& plan) {
  ::setpgid(0, 0);
  ::dup2(plan.in, STDIN_FILENO);
  ::dup2(plan.out, STDOUT_FILENO);
  ::dup2(plan.err, STDERR_FILENO);
  close_others_on_exec();
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  if (::chdir(plan.folder) != 0) give_up(plan, Stage::folder);
  restore_default_signals();
  if (plan.program >= 0) {
    ::syscall(SYS_execveat, plan.program, "", plan.argv, plan.environment, AT_EMPTY_PATH);
  } else {
    ::execve(plan.path, plan.argv, plan.environment);
  }
  give_up(plan, Stage::program);
}

// ---- in the parent ----

/// No signal is handled while the child shares our memory.
[[gnu::noinline]] pid_t start(const Plan& plan) {
  sigset_t all, before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = ::vfork();
  if (pid == 0) become(plan);
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) fail("fork", "cannot start a program", error, Exit::failed);
  return pid;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (const std::string& text : texts) list.push_back(const_cast<char*>(text.c_str()));
  list.push_back(nullptr);
  return list;
}

std::string hint_for(const std::string& program, int error) {
  switch (error) {
    case ENOENT: return exists(program) ? "its first line names an interpreter that does not exist" : "";
    case ENOEXEC: return "a script begins with the line #!/bin/sh, or that of another interpreter";
    case EACCES: return "it must be executable, and its file system must not be mounted with noexec";
    default: return "";
  }
}

[[noreturn]] void fail_to_start(const Command& command, const Report& report) {
  if (report.stage == Stage::folder) {
    throw Error(Exit::config, command.folder + ": cannot be the working folder: " + reason(report.error));
  }
  const std::string& program = command.argv[0];
  throw Error(Exit::config, program + ": cannot be executed: " + reason(report.error),
              hint_for(program, report.error));
}

void stop_blocking(const Fd& fd) { ::fcntl(fd.get(), F_SETFL, O_NONBLOCK); }

}  // namespace

Process::Process(const Command& command) {
  Pipe input, output, errors, report;
  const std::vector<char*> argv = pointers(command.argv);
  const std::vector<char*> environment = pointers(command.environment);
  const char* path = command.path.empty() ? argv[0] : command.path.c_str();
  const char* folder = command.folder.empty() ? "/" : command.folder.c_str();
  pid_ = start({input.read.get(), output.write.get(), errors.write.get(), report.write.get(), command.program,
                path, folder, argv.data(), environment.data()});

  report.write.reset();
  Report failure{};
  if (::read(report.read.get(), &failure, sizeof failure) == sizeof failure) {
    ::waitpid(pid_, nullptr, 0);
    fail_to_start(command, failure);
  }
  kill_at_the_end(pid_);
  in = std::move(input.write);
  out = std::move(output.read);
  err = std::move(errors.read);
  for (const Fd* fd : {&in, &out, &err}) stop_blocking(*fd);
  exited = Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
}

Process::~Process() {
  if (pid_ < 0) return;
  no_longer_kill(pid_);
  signal_group(SIGKILL);
  // Without waiting, because a process that hangs in the kernel would make us hang too.
  ::waitpid(pid_, nullptr, WNOHANG);
}

bool Process::has_exited() const {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
         info.si_pid != 0;
}

void Process::signal_group(int signal) const { ::kill(-pid_, signal); }

int Process::reap() {
  int status = 0;
  no_longer_kill(pid_);
  ::waitpid(std::exchange(pid_, -1), &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace certo::os
