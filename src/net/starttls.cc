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
      {"lmtp", {{"", "220"}, {"LHLO certo.invalid\r\n", "250"}, {"STARTTLS\r\n", "220"}}},
      {"nntp", {{"", "20"}, {"STARTTLS\r\n", "382"}}},
      {"sieve", {{"", "OK"}, {"STARTTLS\r\n", "OK"}}},
  };
  return table;
}

class Dialog {
 public:
  Dialog(int socket, const Deadline& until, std::string subject)
      : socket_(socket), until_(until), subject_(std::move(subject)) {}

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(Exit::unreachable, subject_ + ": " + what);
  }

  void say(std::string_view words) {
    while (!words.empty()) {
      wait_for(POLLOUT);
      const ssize_t sent = ::send(socket_, words.data(), words.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno != EAGAIN && errno != EINTR) fail("the connection broke off");
      words.remove_prefix(sent < 0 ? 0 : static_cast<size_t>(sent));
    }
  }

  /// Exactly so many bytes.
  std::string bytes(size_t count) {
    while (heard_.size() < count) hear(count - heard_.size());
    std::string taken = heard_.substr(0, count);
    heard_.erase(0, count);
    return taken;
  }

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
    for (const std::string_view start : {"4", "5", "-ERR", "a NO", "a BAD", "* BYE", "NO", "BYE"})
      if (line.starts_with(start)) return true;
    return false;
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

  std::string next_line() {
    for (;;) {
      if (const size_t end = heard_.find('\n'); end != heard_.npos) {
        std::string line(trim(heard_.substr(0, end)));
        heard_.erase(0, end + 1);
        return line;
      }
      hear(1024);
    }
  }

  /// At most `most` bytes more. None beyond them is taken: they may be TLS already.
  void hear(size_t most) {
    constexpr size_t enough = 8 * 1024;  // of everything together
    wait_for(POLLIN);
    char buffer[1024];
    const ssize_t got = ::recv(socket_, buffer, std::min(most, sizeof buffer), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) fail("the connection broke off");
    total_ += static_cast<size_t>(got);
    if (total_ > enough) fail("it talks too much before STARTTLS");
    heard_.append(buffer, static_cast<size_t>(got));
  }

  int socket_;
  const Deadline& until_;
  std::string subject_;
  std::string heard_;
  size_t total_ = 0;
};

// ---- protocols that are not made of lines ----

/// PostgreSQL's SSLRequest, and one byte as the answer.
void ask_postgres(Dialog& dialog) {
  using namespace std::string_view_literals;
  dialog.say("\0\0\0\x08\x04\xd2\x16\x2f"sv);
  const std::string answer = dialog.bytes(1);
  if (answer == "N") dialog.fail("no TLS: PostgreSQL says that it has none (its setting ssl)");
  if (answer != "S") dialog.fail("it does not answer as PostgreSQL does");
}

unsigned byte_at(const std::string& text, size_t at) { return static_cast<unsigned char>(text[at]); }

/// MySQL and MariaDB: the server's first packet says whether it has TLS, and an SSLRequest begins it.
void ask_mysql(Dialog& dialog) {
  using namespace std::string_view_literals;
  constexpr size_t most = 1024;
  constexpr unsigned version = 10, error = 0xff, has_tls = 0x0800;
  const std::string head = dialog.bytes(4);
  const size_t length = byte_at(head, 0) | byte_at(head, 1) << 8 | byte_at(head, 2) << 16;
  if (length == 0 || length > most) dialog.fail("it does not answer as MySQL does");
  const std::string packet = dialog.bytes(length);
  if (byte_at(packet, 0) == error)
    dialog.fail("no TLS: it answers \"" + printable(packet.substr(std::min<size_t>(3, packet.size()))) +
                "\"");
  const size_t after_version = packet.find('\0') + 1;
  constexpr size_t to_capabilities = 13;  // the connection's number, 8 bytes of a nonce, a zero
  if (byte_at(packet, 0) != version || after_version == 0 ||
      packet.size() < after_version + to_capabilities + 2)
    dialog.fail("it does not answer as MySQL does");
  const size_t at = after_version + to_capabilities;
  if (((byte_at(packet, at) | byte_at(packet, at + 1) << 8) & has_tls) == 0)
    dialog.fail("no TLS: MySQL says that it has none (its settings ssl_cert and ssl_key)");
  // Capabilities (protocol 4.1, TLS, secure connection), the longest packet, utf8, and 23 zeros.
  dialog.say("\x20\0\0\x01\0\x8a\0\0\0\0\0\x01\x21"sv);
  dialog.say(std::string(23, '\0'));
}

/// LDAP's StartTLS (RFC 4511 section 4.14).
void ask_ldap(Dialog& dialog) {
  dialog.say(
      "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
      "1.3.6.1.4.1.1466.20037");
  constexpr unsigned sequence = 0x30, longest_length = 4;
  constexpr size_t most = 4096;
  const std::string head = dialog.bytes(2);
  size_t length = byte_at(head, 1);
  if (length >= 0x80) {  // Active Directory always writes four octets
    const size_t octets = std::min<size_t>(length & 0x7f, longest_length + 1);
    if (octets > longest_length) dialog.fail("it does not answer as LDAP does");
    const std::string more = dialog.bytes(octets);
    length = 0;
    for (size_t i = 0; i < octets; ++i) length = length << 8 | byte_at(more, i);
  }
  if (byte_at(head, 0) != sequence || length > most) dialog.fail("it does not answer as LDAP does");
  const std::string content = dialog.bytes(length);
  const size_t code = content.find("\x0a\x01");  // the first ENUMERATED is the result code
  if (code == content.npos || code + 2 >= content.size()) dialog.fail("it does not answer as LDAP does");
  if (content[code + 2] != '\0')
    dialog.fail("no StartTLS: LDAP answers with result code " + std::to_string(byte_at(content, code + 2)));
}

struct BinaryProtocol {
  std::string_view name;
  void (*ask)(Dialog&);
};
constexpr BinaryProtocol binary_protocols[] = {
    {"postgres", ask_postgres}, {"mysql", ask_mysql}, {"ldap", ask_ldap}};

}  // namespace

std::vector<std::string> starttls_protocols() {
  std::vector<std::string> names;
  for (const Protocol& one : protocols()) names.emplace_back(one.name);
  for (const BinaryProtocol& one : binary_protocols) names.emplace_back(one.name);
  return names;
}

void start_tls(int socket, const std::string& protocol, const Deadline& until, const std::string& subject) {
  Dialog dialog(socket, until, subject);
  for (const BinaryProtocol& one : binary_protocols)
    if (one.name == protocol) return one.ask(dialog);
  const auto found = std::ranges::find(protocols(), protocol, &Protocol::name);
  if (found == protocols().end()) throw Error(Exit::bug, "STARTTLS for " + protocol);
  for (const Turn& turn : found->turns) dialog.take(turn);
}

}  // namespace certo::net
