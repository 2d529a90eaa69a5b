#include "crypto/alpn.h"

#include <mbedtls/ecp.h>
#include <mbedtls/oid.h>
#include <mbedtls/ssl.h>
#include <psa/crypto.h>
#include <sys/socket.h>

#include <cerrno>
#include <map>
#include <mutex>

#include "base/error.h"
#include "base/time.h"
#include "crypto/hash.h"
#include "crypto/mbed.h"
#include "crypto/random.h"

namespace certo::crypto {
namespace {

using Ssl = mbed::Owned<mbedtls_ssl_context, mbedtls_ssl_init, mbedtls_ssl_free>;
using Config = mbed::Owned<mbedtls_ssl_config, mbedtls_ssl_config_init, mbedtls_ssl_config_free>;
using Writer = mbed::Owned<mbedtls_x509write_cert, mbedtls_x509write_crt_init, mbedtls_x509write_crt_free>;

constexpr std::string_view acme_identifier = MBEDTLS_OID_PKIX "\x01\x1f";  // RFC 8737 section 6.1
const char* const protocols[] = {"acme-tls/1", nullptr};

/// "20261121022200"
std::string date_text(Time time) {
  std::string text;
  for (const char c : compact_utc(time))
    if (c >= '0' && c <= '9') text += c;
  return text;
}

/// A validating client does not look at the dates, but other software between it and certo may.
void set_validity(Writer& writer) {
  constexpr Seconds day(24 * 3600);
  const Time today = now();
  mbed::require(mbedtls_x509write_crt_set_validity(writer.get(), date_text(today - day).c_str(),
                                                   date_text(today + 7 * day).c_str()),
                "write a date");
}

void set_identifier(Writer& writer, const Identifier& identifier) {
  Bytes value = identifier.type == "ip" ? ip_bytes(identifier)
                                        : Bytes(identifier.value.begin(), identifier.value.end());
  mbedtls_x509_san_list name{};
  name.node.type = identifier.type == "ip" ? MBEDTLS_X509_SAN_IP_ADDRESS : MBEDTLS_X509_SAN_DNS_NAME;
  name.node.san.unstructured_name = {0, value.size(), value.data()};
  mbed::require(mbedtls_x509write_crt_set_subject_alternative_name(writer.get(), &name), "write a name");
}

void set_key_authorization(Writer& writer, const std::string& key_authorization) {
  const Bytes digest = der::octet_string(sha256(key_authorization));
  constexpr int critical = 1;
  mbed::require(
      mbedtls_x509write_crt_set_extension(writer.get(), acme_identifier.data(), acme_identifier.size(),
                                          critical, digest.data(), digest.size()),
      "write an extension");
}

Bytes self_signed(mbed::Pk& key, const Identifier& identifier, const std::string& key_authorization) {
  Writer writer;
  mbedtls_x509write_crt_set_version(writer.get(), MBEDTLS_X509_CRT_VERSION_3);
  mbedtls_x509write_crt_set_md_alg(writer.get(), MBEDTLS_MD_SHA256);
  mbedtls_x509write_crt_set_subject_key(writer.get(), key.get());
  mbedtls_x509write_crt_set_issuer_key(writer.get(), key.get());
  unsigned char serial[] = {1};
  mbed::require(mbedtls_x509write_crt_set_serial_raw(writer.get(), serial, sizeof serial), "write a number");
  for (const auto set : {mbedtls_x509write_crt_set_subject_name, mbedtls_x509write_crt_set_issuer_name})
    mbed::require(set(writer.get(), "CN=ACME validation"), "write a name");
  set_validity(writer);
  set_identifier(writer, identifier);
  set_key_authorization(writer, key_authorization);

  Bytes buffer(2048);
  const int length =
      mbedtls_x509write_crt_der(writer.get(), buffer.data(), buffer.size(), random_bytes, nullptr);
  mbed::require(std::min(length, 0), "write a certificate");
  return Bytes(buffer.end() - length, buffer.end());  // mbedTLS writes at the end
}

int send_bytes(void* fd, const unsigned char* bytes, size_t length) {
  const ssize_t sent = ::send(*static_cast<const int*>(fd), bytes, length, MSG_NOSIGNAL);
  if (sent >= 0) return static_cast<int>(sent);
  const bool is_full = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return is_full ? MBEDTLS_ERR_SSL_WANT_WRITE : MBEDTLS_ERR_SSL_CONN_EOF;
}

int receive_bytes(void* fd, unsigned char* bytes, size_t length) {
  const ssize_t got = ::recv(*static_cast<const int*>(fd), bytes, length, 0);
  if (got > 0) return static_cast<int>(got);
  const bool is_empty = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
  return is_empty ? MBEDTLS_ERR_SSL_WANT_READ : MBEDTLS_ERR_SSL_CONN_EOF;
}

}  // namespace

std::string server_name(const Identifier& identifier) {
  if (identifier.type != "ip") return identifier.value;
  const Bytes address = ip_bytes(identifier);
  std::string name;
  for (auto byte = address.rbegin(); byte != address.rend(); ++byte) {
    if (address.size() == 4) {
      name += std::to_string(*byte) + ".";
      continue;
    }
    const std::string digits = hex({&*byte, 1});
    name += {digits[1], '.', digits[0], '.'};
  }
  return name + (address.size() == 4 ? "in-addr.arpa" : "ip6.arpa");
}

struct AlpnCertificates::State {
  struct Certificate {
    Bytes der;  // `parsed` refers to it
    mbed::Crt parsed;
  };
  mbed::Pk key;
  Config config;
  std::mutex mutex;                                             // of the next
  std::map<std::string, std::shared_ptr<Certificate>> by_name;  // a handshake may need one that was removed

  std::shared_ptr<Certificate> find(const std::string& name) {
    const std::lock_guard guard(mutex);
    const auto found = by_name.find(name);
    return found == by_name.end() ? nullptr : found->second;
  }
};

struct AlpnHandshake::State {
  AlpnCertificates::State& certificates;
  int fd;
  std::shared_ptr<AlpnCertificates::State::Certificate> shown;
  Ssl ssl;  // may refer to `shown`
  std::string name, outcome;
  bool is_shaken = false;

  /// mbedTLS calls this after it has read the hello. Without it, a hello with no ALPN would be accepted, and
  /// one with no SNI as well.
  static int choose(mbedtls_ssl_context* ssl) {
    State& self = *static_cast<State*>(mbedtls_ssl_get_user_data_p(ssl));
    size_t length = 0;
    const unsigned char* const asked = mbedtls_ssl_get_hs_sni(ssl, &length);
    if (asked != nullptr) self.name = lower(as_text({asked, length}));
    if (mbedtls_ssl_get_alpn_protocol(ssl) == nullptr)
      return self.refuse(MBEDTLS_SSL_ALERT_MSG_NO_APPLICATION_PROTOCOL, "no acme-tls/1");
    self.shown = self.certificates.find(self.name);
    if (!self.shown)
      return self.refuse(MBEDTLS_SSL_ALERT_MSG_UNRECOGNIZED_NAME, "not a name that is validated");
    return mbedtls_ssl_set_hs_own_cert(ssl, self.shown->parsed.get(), self.certificates.key.get());
  }

  int refuse(unsigned char alert, const char* why) {
    outcome = std::string("refused, ") + why;
    mbedtls_ssl_send_alert_message(ssl.get(), MBEDTLS_SSL_ALERT_LEVEL_FATAL, alert);
    return MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE;
  }
};

AlpnCertificates::AlpnCertificates() : state_(std::make_unique<State>()) {
  if (psa_crypto_init() != PSA_SUCCESS) throw Error(Exit::bug, "mbedTLS cannot start");
  mbedtls_pk_context* const key = state_->key.get();
  mbed::require(mbedtls_pk_setup(key, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)), "make a key");
  mbed::require(mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(*key), random_bytes, nullptr),
                "make a key");
  mbedtls_ssl_config* const config = state_->config.get();
  mbed::require(mbedtls_ssl_config_defaults(config, MBEDTLS_SSL_IS_SERVER, MBEDTLS_SSL_TRANSPORT_STREAM,
                                            MBEDTLS_SSL_PRESET_DEFAULT),
                "configure TLS");
  mbedtls_ssl_conf_rng(config, random_bytes, nullptr);
  mbedtls_ssl_conf_cert_cb(config, AlpnHandshake::State::choose);
  // The list is only read.
  mbed::require(mbedtls_ssl_conf_alpn_protocols(config, const_cast<const char**>(protocols)),
                "configure TLS");
}

AlpnCertificates::~AlpnCertificates() = default;

void AlpnCertificates::add(const Identifier& identifier, const std::string& key_authorization) {
  auto certificate = std::make_shared<State::Certificate>();
  certificate->der = self_signed(state_->key, identifier, key_authorization);
  mbed::require(mbed::parse(*certificate->parsed.get(), certificate->der), "read a certificate");
  const std::lock_guard guard(state_->mutex);
  state_->by_name[server_name(identifier)] = std::move(certificate);
}

void AlpnCertificates::remove(const Identifier& identifier) {
  const std::lock_guard guard(state_->mutex);
  state_->by_name.erase(server_name(identifier));
}

AlpnHandshake::AlpnHandshake(const AlpnCertificates& certificates, int fd)
    : state_(std::make_unique<State>(*certificates.state_, fd)) {
  mbed::require(mbedtls_ssl_setup(state_->ssl.get(), certificates.state_->config.get()), "begin TLS");
  mbedtls_ssl_set_user_data_p(state_->ssl.get(), state_.get());
  mbedtls_ssl_set_bio(state_->ssl.get(), &state_->fd, send_bytes, receive_bytes, nullptr);
}

AlpnHandshake::~AlpnHandshake() = default;

AlpnHandshake::Waits AlpnHandshake::go_on() {
  int code = state_->is_shaken ? 0 : mbedtls_ssl_handshake(state_->ssl.get());
  if (code == 0) {
    state_->is_shaken = true;
    state_->outcome = "shown";
    code = mbedtls_ssl_close_notify(state_->ssl.get());
  }
  if (code == MBEDTLS_ERR_SSL_WANT_READ) return Waits::to_read;
  if (code == MBEDTLS_ERR_SSL_WANT_WRITE) return Waits::to_write;
  if (state_->outcome.empty()) state_->outcome = "no handshake, " + mbed::reason(code);
  return Waits::no_longer;
}

std::string AlpnHandshake::summary() const {
  constexpr size_t brief = 260;
  const std::string name = state_->name.empty() ? "no name" : printable(state_->name, brief);
  return "asked for " + name + ": " +
         (state_->outcome.empty() ? "left during the handshake" : state_->outcome);
}

}  // namespace certo::crypto
