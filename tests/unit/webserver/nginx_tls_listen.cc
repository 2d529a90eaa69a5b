#include "webserver/nginx_tls_listen.h"

#include <doctest/doctest.h>

#include "fixtures/nginx_site.h"

using namespace certo;
using namespace certo::test;
using namespace certo::webserver;

TEST_CASE("a block of port 80 gets listeners for TLS on its own addresses, without socket options") {
  const NginxSite site(R"(server {
    listen 80 reuseport deferred;
    listen [::]:80 ipv6only=on backlog=99;
    server_name a.example;
})");
  CHECK(site.edited() == std::string(R"(server {
    listen 443 ssl http2;#
    listen [::]:443 ssl http2;#
    )") + pair_lines + R"(    include certo/tls.conf;#
    listen 80 reuseport deferred;
    listen [::]:80 ipv6only=on backlog=99;
    server_name a.example;
})");
  CHECK(site.opened() == "*:443 [::]:443");
  CHECK(site.presented() == "a.example@127.0.0.1:443 a.example@[::1]:443");
  CHECK(site.plan().edits.changes.size() == 1);
  REQUIRE(site.plan().edits.files.size() == 1);
  CHECK(site.plan().edits.files[0].path == site.folder / "certo/tls.conf");
  CHECK(site.notes().empty());
}

TEST_CASE("HTTP/2 is written as the running version wants it, and only if it has it") {
  const auto lines = [](const std::string& version, bool has_http2 = true, const std::string& more = "") {
    NginxSite site("server { listen 80; server_name a.example; " + more + "}");
    site.build = {.version = version, .has_tls = true, .has_http2 = has_http2};
    const std::string text = site.edited();
    return text.substr(text.find("listen 443"), text.find("    ssl_cert") - text.find("listen 443"));
  };
  CHECK(lines("nginx/1.25.0") == "listen 443 ssl http2;#\n");
  CHECK(lines("nginx/1.25.1") == "listen 443 ssl;#\n    http2 on;#\n");
  CHECK(lines("openresty/1.25.3.1") == "listen 443 ssl;#\n    http2 on;#\n");
  CHECK(lines("nginx/1.26.0", true, "http2 off; ") == "listen 443 ssl;#\n");
  CHECK(lines("nginx/1.26.0", false) == "listen 443 ssl;#\n");
  CHECK(lines("nginx/1.9.4") == "listen 443 ssl;#\n");
  CHECK(lines("Tengine/3.1.0") == "listen 443 ssl;#\n");
  NginxSite site("server { listen 80; server_name a.example; }");
  site.build.has_tls = false;
  CHECK(site.fault() == "this nginx (nginx/1.22.1) is compiled without TLS");
}

TEST_CASE("a block with TLS on some addresses keeps its listeners") {
  const NginxSite site(
      "ssl_protocols TLSv1.3;\nserver { listen 80; listen [::]:80; listen 443 ssl; server_name a.example;\n"
      "ssl_certificate /c/full.pem; ssl_certificate_key /c/other.pem; }");
  CHECK(site.edited() ==
        "ssl_protocols TLSv1.3;\nserver { listen 80; listen [::]:80; listen 443 ssl; server_name a.example;\n"
        "ssl_certificate /c/full.pem; ssl_certificate_key /c/key.pem;#\n }");
  CHECK(NginxSite("server { listen 80; listen 8443 ssl; server_name a.example; ssl_certificate a; "
                  "ssl_certificate_key b; }")
            .notes() == "no block answers for a.example on port 443");
}

TEST_CASE("an address that others listen on is used as they do") {
  const auto line = [](const std::string& others) {
    NginxSite site("ssl_ciphers HIGH;\n" + others + "\nserver {\n    listen 80; server_name a.example; }");
    const std::string text = site.edited();
    const size_t at = text.find("server {\n    ") + 13;
    return text.substr(at, text.find('\n', at) - at);
  };
  CHECK(line("server { listen 443 ssl; server_name b.example; }") == "listen 443 ssl;#");
  CHECK(line("server { listen 443 ssl http2 default_server reuseport; server_name b.example; }") ==
        "listen 443 ssl http2;#");
  CHECK(line("server { listen 443 http2 ssl proxy_protocol; }") == "listen 443 ssl http2 proxy_protocol;#");
  // The words of a line without socket options count.
  CHECK(
      line("server { listen 443 ssl http2 reuseport; } server { listen 443 ssl; server_name b.example; }") ==
      "listen 443 ssl;#");
  CHECK(
      NginxSite("server { listen 443; server_name b.example; }\nserver { listen 80; server_name a.example; }")
          .fault() ==
      "nginx.conf:2: listens on *:443 without 'ssl', and TLS on this address would end its http");
  CHECK(NginxSite("server { listen 80; listen 443; server_name a.example; }").fault() ==
        "nginx.conf:2: listens on *:443 without 'ssl', and TLS on this address would end its http");
  const NginxSite site(
      "server { listen 443 ssl; server_name b.example; }\nserver { listen 80; server_name a.example; }");
  CHECK(site.opened().empty());
  CHECK(NginxSite(
            "server { listen 80; server_name a.example; }\nserver { listen 443 ssl; server_name b.example; }")
            .notes() ==
        "nginx.conf:2 becomes the default block of *:443, because nginx reads it before nginx.conf:3; "
        "'default_server' in the latter's 'listen' keeps that one");
}

TEST_CASE(
    "where nginx warns of 'listen … http2', the word is copied only if nginx would warn of its absence") {
  const auto line = [](const std::string& others) {
    NginxSite site("ssl_ciphers HIGH;\n" + others + "\nserver {\n    listen 80; server_name a.example; }");
    site.build = build_1_26;
    const std::string text = site.edited();
    const size_t at = text.find("server {\n    ") + 13;
    return text.substr(at, text.find("    ssl_cert") - at);
  };
  CHECK(line("server { listen 443 ssl http2; server_name b.example; }") == "listen 443 ssl;#\n");
  CHECK(line("server { listen 443 ssl http2; } server { listen 443 ssl http2; server_name b.example; }") ==
        "listen 443 ssl http2;#\n");
  CHECK(line("server { listen 443 ssl; http2 on; }") == "listen 443 ssl;#\n");
}

TEST_CASE("a block that speaks TLS over UDP only gets listeners for TCP") {
  NginxSite site(
      "ssl_ciphers HIGH;\nserver {\n    listen 80; listen 443 quic reuseport; server_name a.example;\n"
      "    ssl_certificate a; ssl_certificate_key b; }");
  site.build = build_1_26;
  CHECK(
      site.edited().find("    listen 443 ssl;#\n    http2 on;#\n    listen 80; listen 443 quic reuseport;") !=
      std::string::npos);
  CHECK(site.opened() == "*:443");
  CHECK(site.presented() == "a.example@127.0.0.1:443");
}

TEST_CASE("a listener takes nothing away from other sites") {
  CHECK(
      NginxSite(
          "server { listen 443 ssl; server_name b.example; }\nserver { listen 10.0.0.1:80; server_name a.example; }")
          .fault() ==
      "nginx.conf:3: a listener on 10.0.0.1:443 would take the connections to this address away from "
      "nginx.conf:2, which listens on *:443");
  CHECK(NginxSite("server { listen [::]:443 ssl; server_name b.example; }\n"
                  "server { listen [::1]:80; server_name a.example; }")
            .fault()
            .find("away from nginx.conf:2, which listens on [::]:443") != std::string::npos);
  CHECK(NginxSite("server { listen [::]:443 ssl; server_name b.example; }\n"
                  "server { listen 10.0.0.1:80; server_name a.example; }")
            .opened() == "10.0.0.1:443");
  // The other name of the block has TLS in another one.
  CHECK(
      NginxSite("server { listen 80; server_name a.example www.example; }\n"
                "server { listen 443 ssl; server_name www.example; }")
          .fault() ==
      "nginx.conf:3: with TLS on *:443, nginx would ignore the name 'www.example' there, because nginx.conf:2 has "
      "it");
}

TEST_CASE("a listener that nginx could not open is refused") {
  CHECK(
      NginxSite(
          "server { listen 80; server_name a.example; }\nserver { listen 127.0.0.1:443 ssl; server_name b.example; }")
          .fault() ==
      "nginx.conf:2: nginx has a listener on 127.0.0.1:443 (nginx.conf:3), and a reload cannot open *:443 next to it");
  CHECK(NginxSite("server { listen [::]:80; server_name a.example; }\nserver { listen 127.0.0.1:443 ssl; }")
            .opened() == "[::]:443");
  const std::string stream = "}\nstream {\n  server { listen 443; listen [::1]:443 udp; }\n";
  CHECK(NginxSite("server { listen 80; server_name a.example; }\n" + stream).fault() ==
        "nginx.conf:5: 'stream' listens on *:443, so 'http' cannot listen on *:443");
  CHECK(NginxSite("server { listen 10.0.0.1:80; server_name a.example; }\n" + stream)
            .fault()
            .ends_with("listens on *:443, so 'http' cannot listen on 10.0.0.1:443"));
  CHECK(NginxSite("server { listen [::]:80; server_name a.example; }\n" + stream).opened() == "[::]:443");
}

TEST_CASE("addresses of IPv6 that take IPv4, too, and a block without listen") {
  CHECK(NginxSite("server { listen [::]:80 ipv6only=off; server_name a.example; }").opened() ==
        "*:443 [::]:443");
  const NginxSite dual(
      "server { listen [::]:443 ssl ipv6only=off; server_name b.example; }\n"
      "server { listen 80; listen [::]:80; server_name a.example; }");
  CHECK(dual.edited().find("listen [::]:443 ssl;#") != std::string::npos);
  CHECK(dual.edited().find("listen 443") == std::string::npos);
  CHECK(NginxSite("ssl_ciphers HIGH;\nserver {\n    server_name a.example;\n}").edited() ==
        std::string("ssl_ciphers HIGH;\nserver {\n    listen 80;#\n    listen 443 ssl http2;#\n    ") +
            pair_lines + "    server_name a.example;\n}");
  CHECK(
      NginxSite("server { listen 127.0.0.1:79-81; listen localhost:80; server_name a.example; }").opened() ==
      "127.0.0.1:443 localhost:443");
}
