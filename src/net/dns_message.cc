#include "net/dns_message.h"

#include <curl/curl.h>
#include <poll.h>

#include <algorithm>
#include <memory>

#include "base/error.h"
#include "net/connect.h"

namespace certo::net {
namespace {

constexpr size_t largest_message = 65535;

/// A plain TCP connection.
class Connection {
 public:
  Connection(const std::string& server, Millis limit)
      : server_(server), deadline_(limit), curl_(curl_easy_init(), curl_easy_cleanup) {
    if (!curl_) throw std::bad_alloc();
    const CURLcode code = connect_only(curl_.get(), "http://" + with_port(server), limit);
    if (code == CURLE_URL_MALFORMAT)
      throw Error(Exit::config, "'" + server + "' is not a name server", "ADDRESS or ADDRESS:PORT");
    if (code != CURLE_OK) fail(curl_easy_strerror(code));
    if (curl_easy_getinfo(curl_.get(), CURLINFO_ACTIVESOCKET, &socket_) != CURLE_OK) fail("no socket");
  }

  void send(Bytes bytes) {
    size_t sent = 0;
    while (sent < bytes.size()) {
      size_t count = 0;
      const CURLcode code = curl_easy_send(curl_.get(), bytes.data() + sent, bytes.size() - sent, &count);
      if (code == CURLE_AGAIN) {
        wait(POLLOUT);
      } else if (code != CURLE_OK) {
        fail(curl_easy_strerror(code));
      }
      sent += count;
    }
  }

  Bytes receive(size_t length) {
    Bytes bytes(length);
    size_t got = 0;
    while (got < length) {
      size_t count = 0;
      const CURLcode code = curl_easy_recv(curl_.get(), bytes.data() + got, length - got, &count);
      if (code == CURLE_AGAIN) {
        wait(POLLIN);
      } else if (code != CURLE_OK) {
        fail(curl_easy_strerror(code));
      } else if (count == 0) {
        fail("it closed the connection without an answer");
      }
      got += count;
    }
    return bytes;
  }

 private:
  static std::string with_port(const std::string& server) {
    const bool is_bare_v6 = std::ranges::count(server, ':') > 1 && !server.starts_with('[');
    if (is_bare_v6) return "[" + server + "]:53";
    const bool has_port = server.find(':', server.starts_with('[') ? server.find(']') : 0) != server.npos;
    return has_port ? server : server + ":53";
  }

  void wait(short event) {
    pollfd socket{socket_, event, 0};
    if (deadline_.passed() || ::poll(&socket, 1, static_cast<int>(deadline_.left().count())) == 0)
      fail("no answer in time");
  }

  [[noreturn]] void fail(const std::string& why) const {
    throw Error(Exit::unreachable, "the name server " + server_ + ": " + why);
  }

  std::string server_;
  Deadline deadline_;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl_;
  curl_socket_t socket_ = CURL_SOCKET_BAD;
};

}  // namespace

Bytes exchange_dns_message(const std::string& server, const Bytes& message, Millis limit) {
  if (message.size() > largest_message) throw Error(Exit::failed, "a DNS message of more than 64 KiB");
  Connection connection(server, limit);
  Bytes framed = {static_cast<uint8_t>(message.size() >> 8), static_cast<uint8_t>(message.size() & 0xff)};
  framed.insert(framed.end(), message.begin(), message.end());
  connection.send(std::move(framed));
  const Bytes length = connection.receive(2);
  return connection.receive(static_cast<size_t>(length[0] << 8 | length[1]));
}

}  // namespace certo::net
