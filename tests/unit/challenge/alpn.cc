// tls-alpn-01: what a client of RFC 8737 sees, and what every other client sees.
#include "crypto/alpn.h"

#include <arpa/inet.h>
#include <mbedtls/ssl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "challenge/listener.h"
#include "challenge/methods.h"
#include "crypto/alpn_look.h"
#include "crypto/certificate.h"
#include "crypto/hash.h"
#include "crypto/mbed.h"
#include "crypto/random.h"
#include "fixtures/challenge_task.h"
#include "fixtures/support.h"
#include "net/connect.h"

using namespace certo;
using namespace certo::challenge;
using namespace certo::test;
using crypto::identifier;

namespace {

const char* const acme_tls[] = {"acme-tls/1", nullptr};
const char* const web[] = {"h2", "http/1.1", nullptr};
const char* const both[] = {"http/1.1", "acme-tls/1", nullptr};
const char* const nothing[] = {nullptr};

struct Seen {
  int alert = 0;  // 0: none came
  std::string protocol;
  Bytes certificate;  // with TLS 1.2
};

/// What a client sees that connects to `port` of this machine.
struct Client {
  const char* name = nullptr;
  const char* const* protocols = acme_tls;
  mbedtls_ssl_protocol_version version = MBEDTLS_SSL_VERSION_TLS1_2;

  Seen ask(int port) const {
    const os::Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);

    crypto::mbed::Owned<mbedtls_ssl_config, mbedtls_ssl_config_init, mbedtls_ssl_config_free> config;
    crypto::mbed::Owned<mbedtls_ssl_context, mbedtls_ssl_init, mbedtls_ssl_free> ssl;
    REQUIRE(mbedtls_ssl_config_defaults(config.get(), MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                        MBEDTLS_SSL_PRESET_DEFAULT) == 0);
    mbedtls_ssl_conf_rng(config.get(), crypto::random_bytes, nullptr);
    mbedtls_ssl_conf_authmode(config.get(), MBEDTLS_SSL_VERIFY_OPTIONAL);
    mbedtls_ssl_conf_max_tls_version(config.get(), version);
    if (protocols[0])
      REQUIRE(mbedtls_ssl_conf_alpn_protocols(config.get(), const_cast<const char**>(protocols)) == 0);
    Wire wire{fd.get(), {}};
    REQUIRE(mbedtls_ssl_setup(ssl.get(), config.get()) == 0);
    REQUIRE(mbedtls_ssl_set_hostname(ssl.get(), name) == 0);
    mbedtls_ssl_set_bio(ssl.get(), &wire, send, receive, nullptr);
    mbedtls_ssl_handshake(ssl.get());
    Seen seen;
    if (ssl->MBEDTLS_PRIVATE(in_msgtype) == MBEDTLS_SSL_MSG_ALERT)
      seen.alert = ssl->MBEDTLS_PRIVATE(in_msg)[1];
    if (const char* const protocol = mbedtls_ssl_get_alpn_protocol(ssl.get())) seen.protocol = protocol;
    if (version == MBEDTLS_SSL_VERSION_TLS1_2) seen.certificate = certificate_in(wire.received);
    return seen;
  }

 private:
  struct Wire {
    int fd;
    Bytes received;
  };
  static int send(void* wire, const unsigned char* bytes, size_t length) {
    return static_cast<int>(::send(static_cast<Wire*>(wire)->fd, bytes, length, MSG_NOSIGNAL));
  }
  static int receive(void* to, unsigned char* bytes, size_t length) {
    Wire& wire = *static_cast<Wire*>(to);
    const ssize_t got = ::recv(wire.fd, bytes, length, 0);
    if (got <= 0) return MBEDTLS_ERR_SSL_CONN_EOF;
    wire.received.insert(wire.received.end(), bytes, bytes + got);
    return static_cast<int>(got);
  }

  /// TLS 1.2 sends certificates in the clear (RFC 5246 section 7.4.2). The client above refuses to parse this
  /// one, as every client must that does not validate for a CA: it has an unknown critical extension.
  static Bytes certificate_in(const Bytes& records) {
    constexpr uint8_t handshake = 22, certificate = 11;
    Bytes messages;
    for (size_t at = 0; at + 5 <= records.size();) {
      const size_t length = records[at + 3] << 8 | records[at + 4];
      const auto content = records.begin() + static_cast<ptrdiff_t>(at) + 5;
      if (records[at] != handshake || at + 5 + length > records.size()) break;
      messages.insert(messages.end(), content, content + static_cast<ptrdiff_t>(length));
      at += 5 + length;
    }
    const auto three = [&](size_t at) {
      return static_cast<size_t>(messages[at] << 16 | messages[at + 1] << 8 | messages[at + 2]);
    };
    for (size_t at = 0; at + 10 <= messages.size(); at += 4 + three(at + 1)) {
      if (messages[at] != certificate) continue;
      const auto first = messages.begin() + static_cast<ptrdiff_t>(at) + 10;
      return Bytes(first, first + static_cast<ptrdiff_t>(three(at + 7)));
    }
    return {};
  }
};

/// A listener that shows certificates, as the solver's.
class Shown {
 public:
  int port() const { return listener_.port(); }
  crypto::AlpnCertificates certificates;

 private:
  class Handshake : public Conversation {
   public:
    Handshake(const crypto::AlpnCertificates& certificates, int fd) : handshake_(certificates, fd) {}
    Waits go_on() override { return static_cast<Waits>(handshake_.go_on()); }
    std::string summary() const override { return handshake_.summary(); }

   private:
    crypto::AlpnHandshake handshake_;
  };
  Listener listener_{
      {"127.0.0.1", 0}, "test", [this](int fd) { return std::make_unique<Handshake>(certificates, fd); }};
};

/// The critical acmeIdentifier of RFC 8737 section 3, as it must stand in the certificate.
Bytes acme_identifier(std::string_view key_authorization) {
  Bytes bytes = {0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01,
                 0x1f, 0x01, 0x01, 0xff, 0x04, 0x22, 0x04, 0x20};
  const crypto::Sha256 digest = crypto::sha256(key_authorization);
  bytes.insert(bytes.end(), digest.begin(), digest.end());
  return bytes;
}

bool holds(const Bytes& whole, const Bytes& part) {
  return std::ranges::search(whole, part).size() == part.size();
}

}  // namespace

TEST_CASE("a validating client sees the certificate of its name alone") {
  Shown server;
  server.certificates.add(identifier("a.example"), "token.thumb");
  server.certificates.add(identifier("b.example"), "other.thumb");
  const Seen seen = Client{.name = "a.example"}.ask(server.port());
  CHECK(seen.alert == 0);
  CHECK(seen.protocol == "acme-tls/1");
  CHECK(holds(seen.certificate, acme_identifier("token.thumb")));
  const crypto::Certificate certificate = crypto::parse_certificate(seen.certificate, "it", Exit::protocol);
  CHECK(certificate.identifiers == std::vector{identifier("a.example")});
  CHECK(certificate.key_description == "ec-256");
  CHECK(certificate.issuer == certificate.subject);
  CHECK_FALSE(certificate.is_ca);
  CHECK(holds(Client{.name = "B.Example"}.ask(server.port()).certificate, acme_identifier("other.thumb")));
  for (const auto version : {MBEDTLS_SSL_VERSION_TLS1_2, MBEDTLS_SSL_VERSION_TLS1_3})
    CHECK(Client{.name = "a.example", .protocols = both, .version = version}.ask(server.port()).alert == 0);
}

TEST_CASE("every other client gets an alert") {
  Shown server;
  server.certificates.add(identifier("a.example"), "token.thumb");
  for (const auto version : {MBEDTLS_SSL_VERSION_TLS1_2, MBEDTLS_SSL_VERSION_TLS1_3}) {
    const auto alert = [&](const char* name, const char* const* protocols) {
      return Client{name, protocols, version}.ask(server.port()).alert;
    };
    CHECK(alert("a.example", web) == MBEDTLS_SSL_ALERT_MSG_NO_APPLICATION_PROTOCOL);
    CHECK(alert("a.example", nothing) == MBEDTLS_SSL_ALERT_MSG_NO_APPLICATION_PROTOCOL);
    CHECK(alert("other.example", acme_tls) == MBEDTLS_SSL_ALERT_MSG_UNRECOGNIZED_NAME);
    CHECK(alert("www.a.example", acme_tls) == MBEDTLS_SSL_ALERT_MSG_UNRECOGNIZED_NAME);
    CHECK(alert(nullptr, acme_tls) == MBEDTLS_SSL_ALERT_MSG_UNRECOGNIZED_NAME);
  }
  server.certificates.remove(identifier("a.example"));
  CHECK(Client{.name = "a.example"}.ask(server.port()).alert == MBEDTLS_SSL_ALERT_MSG_UNRECOGNIZED_NAME);
}

TEST_CASE("an address is asked for by its name in the reverse zone (RFC 8738)") {
  CHECK(crypto::server_name(identifier("192.0.2.7")) == "7.2.0.192.in-addr.arpa");
  CHECK(crypto::server_name(identifier("2001:db8::1")) ==
        "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
  Shown server;
  for (const char* address : {"192.0.2.7", "2001:db8::1"}) {
    const crypto::Identifier one = identifier(address);
    server.certificates.add(one, "token.thumb");
    const std::string name = crypto::server_name(one);
    const Seen seen = Client{.name = name.c_str()}.ask(server.port());
    CHECK(crypto::parse_certificate(seen.certificate, "it", Exit::protocol).identifiers == std::vector{one});
  }
}

namespace {

acme::Task alpn_task(const std::string& key_authorization) {
  acme::Task task = http_task("token", key_authorization);
  task.type = "tls-alpn-01";
  return task;
}

int free_port() { return Shown().port(); }

}  // namespace

TEST_CASE("two orders with a name in common take turns") {
  const TempDir temporary;
  const store::Home home(temporary / "home");
  const int port = free_port();
  const store::Alpn way{"127.0.0.1:" + std::to_string(port)};
  const auto first = method_solver(way, home, {}), second = method_solver(way, home, {});
  first->present({alpn_task("token.first")});
  const auto seen = [&] { return Client{.name = "example.com"}.ask(port).certificate; };
  std::jthread other([&] { second->present({alpn_task("token.second")}); });
  CHECK(holds(seen(), acme_identifier("token.first")));
  first->cleanup();
  other.join();
  CHECK(holds(seen(), acme_identifier("token.second")));
  second->cleanup();
}

TEST_CASE("an order that cannot have its turn before the deadline can be repeated") {
  const TempDir temporary;
  const store::Home home(temporary / "home");
  const store::Alpn way{"127.0.0.1:" + std::to_string(free_port())};
  const auto first = method_solver(way, home, {});
  const auto second = method_solver(way, home, {.deadline = Deadline(Millis(1))});
  first->present({alpn_task("token.first")});
  const Error error = error_of([&] { second->present({alpn_task("token.second")}); });
  CHECK(error.code == Exit::later);
  CHECK(error.message.find("example.com") != std::string::npos);
}

TEST_CASE("where port 443 is taken, the hint shows how to share it") {
  const Shown server;
  const Error error = error_of([&] {
    const Listener second({"127.0.0.1", server.port(), tls_port}, "test", nullptr);
  });
  CHECK(error.code == Exit::config);
  CHECK(error.hint.find("certo help tls-alpn") != std::string::npos);
}

TEST_CASE("what a CA will see can be looked at before") {
  Shown shown;
  const crypto::Identifier name = identifier("a.example");
  shown.certificates.add(name, "token.thumbprint");
  const auto look = [&](const std::string& server_name) {
    const net::Connected made = net::connect_to("127.0.0.1", shown.port(), Deadline(Seconds(5)));
    REQUIRE(made.fd);
    return crypto::look_by_alpn(made.fd.get(), server_name, Deadline(Seconds(5)));
  };
  const crypto::AlpnSight sight = look("a.example");
  CHECK(sight.is_tls);
  CHECK(sight.speaks_acme);
  CHECK(crypto::holds(sight.certificate, "token.thumbprint"));
  CHECK_FALSE(crypto::holds(sight.certificate, "token.other"));
  CHECK_FALSE(crypto::holds({}, "token.thumbprint"));
  const crypto::AlpnSight other = look("b.example");
  CHECK(other.is_tls);
  CHECK(other.certificate.empty());
}

TEST_CASE("nobody on a port") {
  int port = 0;
  {
    const Shown shown;
    port = shown.port();
  }
  const net::Connected made = net::connect_to("127.0.0.1", port, Deadline(Seconds(5)));
  CHECK_FALSE(made.fd);
  CHECK(made.is_refused);
  CHECK_FALSE(net::connect_to("not an address", 1, Deadline(Seconds(1))).fd);
}
