// Who listens on a port, as proc(5) tells.
#include "os/ports.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "fixtures/support.h"
#include "os/fd.h"

using namespace certo;

namespace {

struct Listening {
  os::Fd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  int port = 0;

  Listening() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(fd.get(), 1) == 0);
    REQUIRE(::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port = ntohs(address.sin_port);
  }
};

bool names_us(const std::vector<std::string>& programs) {
  const std::string process = "(process " + std::to_string(::getpid()) + ")";
  return std::ranges::any_of(programs, [&](const std::string& one) { return one.ends_with(process); });
}

}  // namespace

TEST_CASE("the program that listens on a port of an address is named") {
  const Listening ours;
  CHECK(names_us(os::who_listens("127.0.0.1", ours.port)));
  CHECK(names_us(os::who_listens("", ours.port)));
  CHECK_FALSE(names_us(os::who_listens("127.0.0.2", ours.port)));
  CHECK_FALSE(names_us(os::who_listens("::1", ours.port)));
  CHECK_FALSE(names_us(os::who_listens("not an address", ours.port)));
}

TEST_CASE("a port on which nobody listens has no program") {
  int port = 0;
  {
    const Listening ours;
    port = ours.port;
  }
  CHECK_FALSE(names_us(os::who_listens("127.0.0.1", port)));
}
