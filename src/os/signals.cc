#include "os/signals.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>

#include "base/error.h"
#include "base/log.h"
#include "os/failure.h"

namespace certo::os {
namespace {

constexpr unsigned clean_up_seconds = 5;

// The handler may touch these: they are lock-free, and the descriptor is never closed.
std::atomic<int> first_signal = 0;
std::atomic<int> event = -1;
std::atomic<int> graces = 0;
std::array<std::atomic<int>, 128> child_groups{};  // 0: free
static_assert(std::atomic<int>::is_always_lock_free);

[[noreturn]] void end_at_once(int signal) {
  for (const std::atomic<int>& one : child_groups)
    if (const int group = one; group > 0) ::kill(-group, SIGKILL);
  ::_exit(128 + signal);
}

void on_signal(int signal) {
  const int saved = errno;
  int none = 0;
  if (first_signal.compare_exchange_strong(none, signal)) {
    ::alarm(clean_up_seconds);
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(event, &one, sizeof one);
  } else if (signal != SIGHUP) {
    end_at_once(signal);
  }
  errno = saved;
}

void on_alarm(int) { end_at_once(first_signal); }

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  // Without SA_RESTART, so that a read from stdin returns.
  ::sigaction(signal, &action, nullptr);
}

bool is_ignored(int signal) {
  struct sigaction now {};
  return ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

}  // namespace

void catch_signals() {
  event = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (event < 0) fail("eventfd", "cannot catch signals", errno, Exit::failed);
  handle(SIGALRM, on_alarm);
  handle(SIGTERM, on_signal);
  for (const int signal : {SIGINT, SIGHUP}) {
    if (!is_ignored(signal)) handle(signal, on_signal);
  }
  handle(SIGPIPE, SIG_IGN);
  handle(SIGCHLD, SIG_DFL);  // if the parent ignored it, we could not see how children end

  // The parent may have blocked these.
  sigset_t ours;
  sigemptyset(&ours);
  for (const int signal : {SIGALRM, SIGTERM, SIGINT, SIGHUP}) sigaddset(&ours, signal);
  ::pthread_sigmask(SIG_UNBLOCK, &ours, nullptr);

  // Private keys are in memory. A core handler that is a program ignores the limit, and respects the flag.
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
}

int signal_fd() { return graces > 0 ? -1 : event.load(); }

int pending_signal() { return graces > 0 ? 0 : first_signal.load(); }

void check_signal() {
  if (const int signal = pending_signal(); signal != 0) throw Interrupted(signal);
}

Grace::Grace() { ++graces; }
Grace::~Grace() { --graces; }

void kill_at_the_end(int group) {
  for (std::atomic<int>& one : child_groups) {
    int free = 0;
    if (one.compare_exchange_strong(free, group)) return;
  }
}

void no_longer_kill(int group) {
  for (std::atomic<int>& one : child_groups) {
    int ours = group;
    if (one.compare_exchange_strong(ours, 0)) return;
  }
}

bool signal_within(Millis time) {
  const Deadline end(time);
  while (pending_signal() == 0 && end.left() > Millis(0)) {
    pollfd wake{signal_fd(), POLLIN, 0};
    ::poll(&wake, 1, static_cast<int>(end.left().count()));
  }
  return pending_signal() != 0;
}

void sleep_for(Millis time) {
  constexpr Millis live_line_pace(500);
  const Deadline end(time);
  for (;;) {
    check_signal();
    const Millis left = end.left();
    if (left == Millis(0)) return;
    pollfd wake{signal_fd(), POLLIN, 0};
    ::poll(&wake, 1, static_cast<int>(std::min(left, live_line_pace).count()));
    log::tick();
  }
}

}  // namespace certo::os
