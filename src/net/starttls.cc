#include "net/starttls.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/signals.h"

namespace certo::net {
namespace {

/// One thing to say, and how the server's agreement begins.
struct Turn {
  std::string_view say, answer;
};

struct Protocol {
  std::string_view name;
  std::vector<Turn> turns;
};

const std::vector<Protocol>& protocols() {
  static const std::vector<Protocol> table = {
      {"smtp", {{"", "220"}, {"EHLO certo.invalid\r\n", "250"}, {"STARTTLS\r\n", "220"}}},
      {"imap", {{"", "* OK"}, {"a STARTTLS\r\n", "a OK"}}},
      {"pop3", {{"", "+OK"}, {"STLS\r\n", "+OK"}}},
      {"ftp", {{"", "220"}, {"AUTH TLS\r\n", "234"}}},
  };
  return table;
}

class Dialog {
 public:
  Dialog(int socket, const Deadline& until, std::string subject)
      : socket_(socket), until_(until), subject_(std::move(subject)) {}

  void take(const Turn& turn) {
    say(turn.say);
    for (;;) {
      const std::string line = next_line();
      if (is_refusal(line)) fail("no STARTTLS: it answers \"" + line + "\"");
      // "250-" announces another line of the same answer.
      const bool goes_on = line.size() > turn.answer.size() && line[turn.answer.size()] == '-';
      if (line.starts_with(turn.answer) && !goes_on) return;
    }
  }

 private:
  static bool is_refusal(const std::string& line) {
    for (const std::string_view start : {"4", "5", "-ERR", "a NO", "a BAD", "* BYE"})
      if (line.starts_with(start)) return true;
    return false;
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(Exit::unreachable, subject_ + ": " + what);
  }

  void wait_for(short event) const {
    for (;;) {
      os::check_signal();
      log::tick();
      if (until_.passed()) fail("no answer before STARTTLS");
      pollfd fds[] = {{socket_, event, 0}, {os::signal_fd(), POLLIN, 0}};
      constexpr Millis pace(500);
      const int count = ::poll(fds, 2, static_cast<int>(std::min(until_.left(), pace).count()));
      if (count > 0 && fds[0].revents != 0) return;
    }
  }

  void say(std::string_view words) {
    while (!words.empty()) {
      wait_for(POLLOUT);
      const ssize_t sent = ::send(socket_, words.data(), words.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno != EAGAIN && errno != EINTR) fail("the connection broke off");
      words.remove_prefix(sent < 0 ? 0 : static_cast<size_t>(sent));
    }
  }

  std::string next_line() {
    constexpr size_t most = 8 * 1024;  // of all lines together
    for (;;) {
      if (const size_t end = heard_.find('\n'); end != heard_.npos) {
        std::string line(trim(heard_.substr(0, end)));
        heard_.erase(0, end + 1);
        return line;
      }
      wait_for(POLLIN);
      char buffer[1024];
      const ssize_t got = ::recv(socket_, buffer, sizeof buffer, 0);
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      if (got <= 0) fail("the connection broke off");
      total_ += static_cast<size_t>(got);
      if (total_ > most) fail("it talks too much before STARTTLS");
      heard_.append(buffer, static_cast<size_t>(got));
    }
  }

  int socket_;
  const Deadline& until_;
  std::string subject_;
  std::string heard_;
  size_t total_ = 0;
};

}  // namespace

std::vector<std::string> starttls_protocols() {
  std::vector<std::string> names;
  for (const Protocol& one : protocols()) names.emplace_back(one.name);
  return names;
}

void start_tls(int socket, const std::string& protocol, const Deadline& until, const std::string& subject) {
  const auto found = std::ranges::find(protocols(), protocol, &Protocol::name);
  if (found == protocols().end()) throw Error(Exit::bug, "STARTTLS for " + protocol);
  Dialog dialog(socket, until, subject);
  for (const Turn& turn : found->turns) dialog.take(turn);
}

}  // namespace certo::net
