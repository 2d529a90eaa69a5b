#include "os/child.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "base/log.h"
#include "os/failure.h"
#include "os/process.h"
#include "os/program.h"
#include "os/signals.h"
#include "os/terminal.h"

namespace certo::os {
namespace {

constexpr Millis longest_pause(500);         // the pace of the live line
constexpr Millis pause_without_pidfd(50);    // the delay after which an exit is noticed on an old kernel
constexpr Millis grace_after_signal(2000);   // our own clean-up has to fit into the 5 s too
constexpr Millis patience_after_kill(5000);  // a process that hangs in the kernel never dies

/// One child from its start to its end: feeds it, listens to it, and keeps the deadline.
class Conversation {
 public:
  explicit Conversation(const Command& command)
      : command_(command), process_(command), input_(command.input), until_(command.deadline) {
    if (input_.empty()) process_.in.reset();
  }

  Finished hold() {
    while (!process_.has_exited()) {
      exchange();
      log::tick();
      keep_deadline();
    }
    // A hook may leave a program running in the background, unless it had to be ended.
    if (phase_ != Phase::running || command_.kills_the_rest) process_.signal_group(SIGKILL);
    drain(process_.out, finished_.output);
    drain(process_.err, finished_.errors);
    finished_.status = process_.reap();
    if (interrupted_) check_signal();
    return std::move(finished_);
  }

 private:
  enum class Phase { running, terminated, killed };

  /// Waits until something can be read or written or the child exits, then reads and writes.
  void exchange() {
    pollfd fds[] = {{process_.in.get(), POLLOUT, 0},
                    {process_.out.get(), POLLIN, 0},
                    {process_.err.get(), POLLIN, 0},
                    {process_.exited.get(), POLLIN, 0},
                    {interrupted_ ? -1 : signal_fd(), POLLIN, 0}};
    const Millis pause = std::min(until_.left(), process_.exited ? longest_pause : pause_without_pidfd);
    if (::poll(fds, std::size(fds), static_cast<int>(pause.count())) <= 0) return;
    if (fds[0].revents) feed();
    if (fds[1].revents) listen(process_.out, finished_.output);
    if (fds[2].revents) listen(process_.err, finished_.errors);
  }

  void feed() {
    const ssize_t written = ::write(process_.in.get(), input_.data(), input_.size());
    if (written < 0 && (errno == EAGAIN || errno == EINTR)) return;
    // A child may close its stdin before it has read all.
    input_.remove_prefix(written < 0 ? input_.size() : static_cast<size_t>(written));
    if (input_.empty()) process_.in.reset();
  }

  /// Reads once; returns the number of bytes.
  size_t listen(Fd& fd, std::string& heard) {
    char buffer[16 * 1024];
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    if (got <= 0) {
      fd.reset();
      return 0;
    }
    const size_t count = static_cast<size_t>(got);
    const size_t room = command_.output_limit - std::min(command_.output_limit, heard.size());
    heard.append(buffer, std::min(count, room));
    if (count > room) finished_.truncated = true;
    return count;
  }

  /// Reads what is in the pipe now, and does not wait for another process that holds its other end.
  void drain(Fd& fd, std::string& heard) {
    constexpr size_t largest_pipe = 1 << 20;
    size_t count = 0;
    while (fd && count < largest_pipe) {
      const size_t got = listen(fd, heard);
      if (got == 0) return;
      count += got;
    }
  }

  void keep_deadline() {
    if (!interrupted_ && pending_signal() != 0) {
      interrupted_ = true;
      if (phase_ == Phase::running) terminate();
      until_ = until_.at_most(grace_after_signal);
    }
    if (!until_.passed()) return;
    switch (phase_) {
      case Phase::running:
        finished_.timed_out = true;
        terminate();
        return;
      case Phase::terminated:
        phase_ = Phase::killed;
        process_.signal_group(SIGKILL);
        until_ = Deadline(patience_after_kill);
        return;
      case Phase::killed: throw Error(Exit::failed, command_.argv[0] + ": hangs and cannot be killed");
    }
  }

  void terminate() {
    phase_ = Phase::terminated;
    process_.signal_group(SIGTERM);
    until_ = Deadline(command_.grace);
  }

  const Command& command_;
  Process process_;
  std::string_view input_;  // the rest of it
  Phase phase_ = Phase::running;
  Deadline until_;  // of the phase
  bool interrupted_ = false;
  Finished finished_;
};

}  // namespace

Finished run(const Command& command) {
  check_signal();
  return Conversation(command).hold();
}

std::vector<std::string> clean_environment() {
  std::vector<std::string> list = {"PATH=" + search_path()};
  if (const std::string home = home_folder(); !home.empty()) list.push_back("HOME=" + home);
  // The last one is of a service with LoadCredential= (systemd.exec(5)).
  for (const char* name : {"LANG", "TZ", "CREDENTIALS_DIRECTORY"}) {
    if (const std::string value = environment(name); !value.empty())
      list.push_back(std::string(name) + "=" + value);
  }
  return list;
}

}  // namespace certo::os
