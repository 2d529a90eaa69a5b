#include "crypto/alpn_look.h"

#include <mbedtls/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "base/log.h"
#include "base/tls_records.h"
#include "crypto/hash.h"
#include "crypto/mbed.h"
#include "crypto/random.h"
#include "os/signals.h"

namespace certo::crypto {
namespace {

using LookSsl = mbed::Owned<mbedtls_ssl_context, mbedtls_ssl_init, mbedtls_ssl_free>;
using LookConfig = mbed::Owned<mbedtls_ssl_config, mbedtls_ssl_config_init, mbedtls_ssl_config_free>;

const char* const acme_protocol[] = {"acme-tls/1", nullptr};
constexpr size_t most_received = 64 << 10;  // of a handshake

/// The bytes of a connection, and what was received.
struct Wire {
  int fd;
  Bytes received;

  static int send(void* self, const unsigned char* bytes, size_t length) {
    const ssize_t sent = ::send(static_cast<Wire*>(self)->fd, bytes, length, MSG_NOSIGNAL);
    if (sent >= 0) return static_cast<int>(sent);
    return errno == EAGAIN || errno == EINTR ? MBEDTLS_ERR_SSL_WANT_WRITE : MBEDTLS_ERR_SSL_CONN_EOF;
  }
  static int receive(void* self, unsigned char* bytes, size_t length) {
    Wire& wire = *static_cast<Wire*>(self);
    if (wire.received.size() > most_received) return MBEDTLS_ERR_SSL_CONN_EOF;
    const ssize_t got = ::recv(wire.fd, bytes, length, 0);
    if (got > 0) {
      wire.received.insert(wire.received.end(), bytes, bytes + got);
      return static_cast<int>(got);
    }
    const bool is_empty = got < 0 && (errno == EAGAIN || errno == EINTR);
    return is_empty ? MBEDTLS_ERR_SSL_WANT_READ : MBEDTLS_ERR_SSL_CONN_EOF;
  }
};

/// Returns mbedTLS's code: that of the end, or WANT_READ at `until`.
int shake_hands(LookSsl& ssl, int fd, const Deadline& until) {
  for (;;) {
    os::check_signal();
    const int code = mbedtls_ssl_handshake(ssl.get());
    if (code != MBEDTLS_ERR_SSL_WANT_READ && code != MBEDTLS_ERR_SSL_WANT_WRITE) return code;
    if (until.passed()) return MBEDTLS_ERR_SSL_WANT_READ;
    const short event = code == MBEDTLS_ERR_SSL_WANT_READ ? POLLIN : POLLOUT;
    pollfd watched[] = {{fd, event, 0}, {os::signal_fd(), POLLIN, 0}};
    ::poll(watched, 2, static_cast<int>(std::min<Millis>(until.left(), Millis(500)).count()) + 1);
  }
}

}  // namespace

AlpnSight look_by_alpn(int fd, const std::string& name, const Deadline& until) {
  LookConfig config;
  LookSsl ssl;
  mbed::require(mbedtls_ssl_config_defaults(config.get(), MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                            MBEDTLS_SSL_PRESET_DEFAULT),
                "configure TLS");
  mbedtls_ssl_conf_rng(config.get(), random_bytes, nullptr);
  mbedtls_ssl_conf_authmode(config.get(), MBEDTLS_SSL_VERIFY_OPTIONAL);
  mbedtls_ssl_conf_max_tls_version(config.get(), MBEDTLS_SSL_VERSION_TLS1_2);
  mbed::require(mbedtls_ssl_conf_alpn_protocols(config.get(), const_cast<const char**>(acme_protocol)),
                "configure TLS");
  mbed::require(mbedtls_ssl_setup(ssl.get(), config.get()), "begin TLS");
  mbed::require(mbedtls_ssl_set_hostname(ssl.get(), name.c_str()), "begin TLS");
  Wire wire{fd, {}};
  mbedtls_ssl_set_bio(ssl.get(), &wire, Wire::send, Wire::receive, nullptr);

  const int code = shake_hands(ssl, fd, until);
  AlpnSight sight;
  const char* const protocol = mbedtls_ssl_get_alpn_protocol(ssl.get());
  sight.speaks_acme = protocol != nullptr && std::string_view(protocol) == acme_protocol[0];
  constexpr uint8_t alert = 21, handshake = 22, tls = 3;
  sight.is_tls = wire.received.size() > 1 && wire.received[1] == tls &&
                 (wire.received[0] == alert || wire.received[0] == handshake);
  // mbedTLS does not parse a certificate with an unknown critical extension.
  sight.certificate = first_certificate_in(wire.received);
  if (code == MBEDTLS_ERR_SSL_WANT_READ)
    sight.reason = "no answer in time";
  else if (code != 0)
    log::debug(name + ": " + mbed::reason(code));
  return sight;
}

bool holds(const Bytes& certificate, const std::string& key_authorization) {
  // id-pe-acmeIdentifier, critical, an OCTET STRING that holds an OCTET STRING of 32 bytes.
  Bytes extension = {0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01,
                     0x1f, 0x01, 0x01, 0xff, 0x04, 0x22, 0x04, 0x20};
  const Sha256 digest = sha256(key_authorization);
  extension.insert(extension.end(), digest.begin(), digest.end());
  return !std::ranges::search(certificate, extension).empty();
}

}  // namespace certo::crypto
