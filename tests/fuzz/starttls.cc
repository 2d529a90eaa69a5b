// The dialogue before TLS: a server that says the input and closes the connection. The first line is the
// protocol.
#include "net/starttls.h"

#include <sys/socket.h>

#include <algorithm>

#include "base/time.h"
#include "os/fd.h"
#include "target.h"

using namespace certo;

namespace {

void run(std::string_view input) {
  const std::string protocol = fuzz::take_line(input);
  const auto known = net::starttls_protocols();
  if (std::ranges::find(known, protocol) == known.end() || input.size() > 60'000) return;
  int pair[2];
  fuzz::promise(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) == 0,
                "two sockets");
  const os::Fd ours(pair[0]), theirs(pair[1]);
  fuzz::promise(::send(pair[1], input.data(), input.size(), 0) == static_cast<ssize_t>(input.size()),
                "it is said");
  ::shutdown(pair[1], SHUT_WR);
  const bool is_ready =
      fuzz::accepts([&] { net::start_tls(pair[0], protocol, Deadline(Seconds(60)), "server"); });
  const bool has_lines = protocol != "postgres" && protocol != "mysql" && protocol != "ldap";
  fuzz::promise(!is_ready || !has_lines || input.find('\n') != input.npos, "a server agrees in whole lines");
}

const fuzz::Registered registered("starttls", run);

}  // namespace
