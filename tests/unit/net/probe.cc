#include "net/probe.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>

#include <thread>

#include "fixtures/support.h"
#include "net/starttls.h"
#include "os/fd.h"

using namespace certo;
using namespace certo::test;

namespace {

/// What `start_tls` does with a server that says `script`: "ok", or the error's message.
std::string outcome(const std::string& protocol, const std::string& script) {
  int pair[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
  const os::Fd ours(pair[0]), theirs(pair[1]);
  REQUIRE(::send(theirs.get(), script.data(), script.size(), 0) == static_cast<ssize_t>(script.size()));
  ::shutdown(theirs.get(), SHUT_WR);
  try {
    net::start_tls(ours.get(), protocol, Deadline(Seconds(5)), "mail:25");
    return "ok";
  } catch (const Error& error) {
    CHECK(error.code == Exit::unreachable);
    return error.message;
  }
}

}  // namespace

TEST_CASE("a server is a host, a port and perhaps a protocol") {
  const net::TlsServer mail = net::parse_tls_server("mail.example.com:25/SMTP");
  CHECK(mail.host == "mail.example.com");
  CHECK(mail.port == 25);
  CHECK(mail.starttls == "smtp");
  CHECK(net::parse_tls_server("[::1]:443").host == "::1");
  for (const char* bad : {"", ":", "host", "host:", ":443", "host:0", "host:70000", "host:443/gopher",
                          "::1:443", "ho st:443", "host:4x", "user@host:443"}) {
    CAPTURE(bad);
    CHECK(error_of([&] { net::parse_tls_server(bad); }).code == Exit::usage);
  }
}

TEST_CASE("STARTTLS is spoken in SMTP, IMAP, POP3 and FTP") {
  CHECK(outcome("smtp", "220-hello\r\n220 there\r\n250-mail\r\n250-SIZE\r\n250 STARTTLS\r\n220 go\r\n") ==
        "ok");
  CHECK(outcome("imap", "* OK hello\r\n* CAPABILITY x\r\na OK begin\r\n") == "ok");
  CHECK(outcome("pop3", "+OK hello\r\n+OK begin\r\n") == "ok");
  CHECK(outcome("ftp", "220 hello\r\n234 go\r\n") == "ok");
}

TEST_CASE("and in LMTP, NNTP and ManageSieve") {
  CHECK(outcome("lmtp", "220 hello\r\n250-mail\r\n250 STARTTLS\r\n220 go\r\n") == "ok");
  CHECK(outcome("nntp", "201 hello\r\n382 go\r\n") == "ok");
  CHECK(outcome("sieve", "\"STARTTLS\"\r\nOK \"ready\"\r\nOK go\r\n") == "ok");
  CHECK(outcome("sieve", "OK \"ready\"\r\nNO no TLS\r\n").find("NO no TLS") != std::string::npos);
}

TEST_CASE("PostgreSQL answers with one byte") {
  CHECK(outcome("postgres", "S") == "ok");
  CHECK(outcome("postgres", "N").find("PostgreSQL says that it has none") != std::string::npos);
  CHECK(outcome("postgres", "HTTP/1.1 400") == "mail:25: it does not answer as PostgreSQL does");
  CHECK(outcome("postgres", "") == "mail:25: the connection broke off");
}

TEST_CASE("MySQL says in its greeting whether it has TLS") {
  using namespace std::string_literals;
  const auto packet = [](const std::string& content) {
    return std::string(1, static_cast<char>(content.size())) + "\0\0\0"s + content;
  };
  const std::string start =
      "\x0a"
      "11.4-MariaDB\0"s +
      std::string(13, 'x');
  CHECK(outcome("mysql", packet(start + "\xff\xff"
                                        "more")) == "ok");
  CHECK(outcome("mysql", packet(start + "\xff\xf7"
                                        "more"))
            .find("MySQL says that it has none") != std::string::npos);
  CHECK(outcome("mysql", packet("\xff\x6a\x04Host is not allowed")).find("Host is not allowed") !=
        std::string::npos);
  for (const std::string& bad :
       {"\0\0\0\0"s,
        packet("\x0a"
               "11.4"),
        packet(start), "\xff\xff\xff\0"s, "220 mail.example.com\r\n"s, packet("\x0a")})
    CHECK(outcome("mysql", bad) == "mail:25: it does not answer as MySQL does");
}

TEST_CASE("LDAP agrees with result code 0, in short and long lengths") {
  using namespace std::string_literals;
  const std::string content = "\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"s;
  CHECK(outcome("ldap", "\x30\x0c" + content) == "ok");
  CHECK(outcome("ldap", "\x30\x84\0\0\0\x0c"s + content) == "ok");
  std::string refused = content;
  refused[7] = 52;
  CHECK(outcome("ldap", "\x30\x0c" + refused) == "mail:25: no StartTLS: LDAP answers with result code 52");
  for (const std::string& bad :
       {"\x30\x85\0\0\0\0\x0c"s, "\x30\x83\xff\xff\xff"s, "HT"s, "\x30\x02\x0a\x01"s})
    CHECK(outcome("ldap", bad) == "mail:25: it does not answer as LDAP does");
}

TEST_CASE("a server without STARTTLS is reported with its own words") {
  CHECK(outcome("smtp", "220 hello\r\n250 mail\r\n502 no such command\r\n") ==
        "mail:25: no STARTTLS: it answers \"502 no such command\"");
  CHECK(outcome("imap", "* BYE busy\r\n").find("BYE busy") != std::string::npos);
  CHECK(outcome("pop3", "+OK hello\r\n") == "mail:25: the connection broke off");
  CHECK(outcome("smtp", std::string(9000, 'x')) == "mail:25: it talks too much before STARTTLS");
}
