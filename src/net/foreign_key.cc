#include "net/foreign_key.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <new>
#include <vector>

#include "base/text.h"
#include "base/tls_records.h"
#include "net/connect.h"
#include "net/host.h"
#include "net/trust.h"

namespace certo::net {
namespace {

constexpr size_t most_received = 64 << 10;

void append(Bytes& to, const Bytes& more) { to.insert(to.end(), more.begin(), more.end()); }

/// The content after its length, which has so many bytes.
Bytes sized(size_t bytes, const Bytes& content) {
  Bytes all;
  for (size_t shift = bytes; shift-- > 0;) all.push_back(static_cast<uint8_t>(content.size() >> 8 * shift));
  append(all, content);
  return all;
}

Bytes extension(uint8_t type, const Bytes& content) {
  Bytes all = {0, type};
  append(all, sized(2, content));
  return all;
}

bool is_address(const std::string& name) {
  uint8_t parsed[sizeof(in6_addr)];
  return ::inet_pton(AF_INET, name.c_str(), parsed) == 1 || ::inet_pton(AF_INET6, name.c_str(), parsed) == 1;
}

/// A ClientHello (RFC 5246 section 7.4.1.2; RFC 8422 for the groups and the signatures).
Bytes client_hello(const std::string& name) {
  Bytes extensions;
  if (!is_address(name)) {
    Bytes host = {0};
    append(host, sized(2, Bytes(name.begin(), name.end())));
    append(extensions, extension(0, sized(2, host)));
  }
  append(extensions, extension(10, sized(2, {0x00, 0x1d, 0x00, 0x17, 0x00, 0x18})));  // X25519, P-256, P-384
  append(extensions, extension(11, sized(1, {0x00})));                                // uncompressed points
  append(extensions, extension(13, sized(2, {0x08, 0x07, 0x08, 0x08})));              // Ed25519, Ed448

  Bytes body = {3, 3};
  body.resize(body.size() + 32);  // "random": nothing is kept secret by this handshake
  body.push_back(0);              // no session
  append(body, sized(2, {0xc0, 0x2b, 0xc0, 0x2c, 0xcc, 0xa9, 0xc0, 0x23, 0xc0, 0x24}));  // ECDHE-ECDSA
  append(body, sized(1, {0x00}));                                                        // no compression
  append(body, sized(2, extensions));

  Bytes message = {1};
  append(message, sized(3, body));
  Bytes record = {22, 3, 1};
  append(record, sized(2, message));
  return record;
}

Bytes certificate_of(int fd, const Deadline& until) {
  Bytes received;
  uint8_t buffer[4096];
  while (!until.passed() && received.size() < most_received && wait_for(fd, POLLIN, until)) {
    const ssize_t got = ::recv(fd, buffer, sizeof buffer, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (got <= 0) break;
    received.insert(received.end(), buffer, buffer + got);
    if (Bytes certificate = first_certificate_in(received); !certificate.empty()) return certificate;
  }
  return {};
}

}  // namespace

std::string foreign_key_of(const Url& server, int ip_version, Millis limit) {
  const Deadline until(limit);
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> connection(curl_easy_init(), curl_easy_cleanup);
  if (!connection) throw std::bad_alloc();
  if (ip_version != 0)
    curl_easy_setopt(connection.get(), CURLOPT_IPRESOLVE,
                     static_cast<long>(ip_version == 4 ? CURL_IPRESOLVE_V4 : CURL_IPRESOLVE_V6));
  curl_socket_t socket = CURL_SOCKET_BAD;
  const std::string url = "http://" + bracketed(server.host) + ":" + std::to_string(server.port);
  if (connect_only(connection.get(), url, limit) != CURLE_OK ||
      curl_easy_getinfo(connection.get(), CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK)
    return {};
  const Bytes hello = client_hello(server.host);
  const ssize_t sent = ::send(socket, hello.data(), hello.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(hello.size())) return {};
  return limit_of(certificate_of(socket, until));
}

}  // namespace certo::net
