#include "webserver/nginx_tls.h"

#include <doctest/doctest.h>

#include <set>

#include "fixtures/certificates.h"
#include "fixtures/nginx_site.h"
#include "webserver/nginx_proof.h"

using namespace certo;
using namespace certo::test;
using namespace certo::webserver;

namespace {

/// The file of a certificate for these names.
std::string pem_of(const std::vector<std::string>& names, crypto::KeyType type = crypto::KeyType::ec256,
                   bool is_over = false) {
  static const Authority ca = make_ca();
  static const auto ec = crypto::PrivateKey::generate(crypto::KeyType::ec256);
  static const auto rsa = crypto::PrivateKey::generate(crypto::KeyType::rsa2048);
  const auto& key = type == crypto::KeyType::ec256 ? ec : rsa;
  return crypto::pem(make_leaf(ca, key.public_key(),
                               {.identifiers = dns(names),
                                .not_before = now() - std::chrono::days(50),
                                .not_after = now() + std::chrono::days(is_over ? -10 : 40)}));
}

}  // namespace

TEST_CASE("a second plan adds nothing, and knows the lines of the first") {
  for (const NginxBuild& build : {build_1_22, build_1_26}) {
    NginxSite site("server { listen 80; listen 127.0.0.1:80; server_name a.example; }");
    site.build = build;
    site.wish.redirect = true;
    const TlsPlan first = site.plan();
    site.apply();
    const TlsPlan second = site.plan();
    CHECK(second.edits.empty());
    CHECK(second.notes.empty());
    CHECK(second.new_addresses.empty());
    CHECK(second.presented == first.presented);
    std::set<std::string> known(second.marks.begin(), second.marks.end());
    CHECK(known.size() == (build.version == build_1_26.version ? 7 : 6));
    const std::string text = os::read_file(site.folder / "nginx.conf");
    CHECK(split(text, '#').size() - 1 == known.size());
  }
}

TEST_CASE("the block that answers by TLS gets the certificate, and only that one") {
  const std::string http =
      R"(server { listen 80; server_name a.example; return 301 https://$host$request_uri; }
)";
  const NginxSite site(http + R"(server {
  listen 443 ssl;
  server_name a.example;
  ssl_certificate   "/old/a b.pem"; # mine
  ssl_certificate_key
    /old/key.pem;
})");
  CHECK(site.edited() == http + R"(server {
  include certo/tls.conf;#
  listen 443 ssl;
  server_name a.example;
  ssl_certificate /c/full.pem;# # mine
  ssl_certificate_key /c/key.pem;#
})");
  CHECK(site.opened().empty());
  CHECK(site.presented() == "a.example@127.0.0.1:443");
  // On one line, in words that nginx reads the same, and with CRLF.
  CHECK(
      NginxSite("server { listen 443 ssl; server_name A.example; ssl_ciphers HIGH; \"ssl_certificate\" old; "
                "ssl_certificate_key old; }")
          .edited() ==
      "server { listen 443 ssl; server_name A.example; ssl_ciphers HIGH; ssl_certificate /c/full.pem;#\n "
      "ssl_certificate_key /c/key.pem;#\n }");
  CHECK(
      NginxSite("server {\r\n  listen 443 ssl;\r\n  server_name a.example;\r\n  ssl_protocols TLSv1.3;\r\n}")
          .edited() ==
      "server {\r\n  ssl_certificate /c/full.pem;#\r\n  ssl_certificate_key /c/key.pem;#\r\n  listen 443 ssl;\r\n"
      "  server_name a.example;\r\n  ssl_protocols TLSv1.3;\r\n}");
}

TEST_CASE("lines of http are left to the other blocks") {
  const NginxSite site(
      "ssl_certificate out.pem; ssl_certificate_key out.key; ssl_ciphers HIGH;\n"
      "server {\n    listen 443 ssl; server_name a.example; }\nserver { listen 443; server_name b.example; }");
  CHECK(
      site.edited() ==
      std::string("ssl_certificate out.pem; ssl_certificate_key out.key; ssl_ciphers HIGH;\nserver {\n    ") +
          pair_lines +
          "    listen 443 ssl; server_name a.example; }\nserver { listen 443; server_name b.example; }");
  CHECK(NginxSite("ssl_certificate /c/full.pem; ssl_certificate_key /c/key.pem;\n"
                  "server { listen 443 ssl; server_name a.example; }")
            .plan()
            .edits.empty());
  // The key of http, and a certificate of the block.
  CHECK(
      NginxSite(
          "ssl_certificate_key out.key; ssl_ciphers HIGH;\nserver {\n    listen 443 ssl; ssl_certificate x; server_name "
          "a.example; }")
          .edited() ==
      "ssl_certificate_key out.key; ssl_ciphers HIGH;\nserver {\n    ssl_certificate_key /c/key.pem;#\n    listen 443 ssl; "
      "ssl_certificate /c/full.pem;#\n server_name a.example; }");
}

TEST_CASE("of several pairs the one with the same type of key is replaced") {
  const std::string text =
      "ssl_ciphers HIGH;\nserver { listen 443 ssl; server_name a.example;\nssl_certificate rsa.pem;\nssl_certificate_key rsa.key;\n"
      "ssl_certificate ec.pem;\nssl_certificate_key ec.key;\n}";
  NginxSite site(text);
  CHECK(site.fault().starts_with("nginx.conf:3: has several certificates, and certo cannot tell which one"));
  site.put("rsa.pem", pem_of({"a.example"}, crypto::KeyType::rsa2048));
  site.put("ec.pem", pem_of({"a.example"}));
  std::string expected = text;
  expected.replace(expected.find("ssl_certificate ec"), std::string::npos,
                   "ssl_certificate /c/full.pem;#\nssl_certificate_key /c/key.pem;#\n}");
  CHECK(site.edited() == expected);
  site.wish.key_type = "rsa";
  CHECK(site.edited().find("ssl_certificate ec.pem;\nssl_certificate_key ec.key;\n}") != std::string::npos);
  site.put("rsa.pem", pem_of({"a.example"}));
  CHECK(site.fault() == "nginx.conf:3: has several certificates, and none with a key of the type rsa");
  CHECK(NginxSite("server { listen 443 ssl; server_name a.example; ssl_certificate a; ssl_certificate b; "
                  "ssl_certificate_key a; }")
            .fault() == "nginx.conf:2: has not as many lines 'ssl_certificate_key' as 'ssl_certificate'");
}

TEST_CASE("a name that would lose its valid certificate is a refusal, any other is a note") {
  NginxSite site(
      "ssl_ciphers HIGH;\nserver { listen 443 ssl; server_name a.example www.a.example; ssl_certificate a.pem; "
      "ssl_certificate_key a.key; }");
  CHECK(site.notes() == "nginx.conf:3 also answers for www.a.example, which the certificate does not have");
  site.put("a.pem", pem_of({"a.example", "www.a.example"}));
  CHECK(site.fault().starts_with("nginx.conf:3: www.a.example would lose its certificate a.pem, because"));
  site.put("a.pem", pem_of({"a.example", "*.a.example"}));
  CHECK(site.fault().starts_with("nginx.conf:3: www.a.example would lose"));
  site.put("a.pem", pem_of({"a.example", "www.a.example"}, crypto::KeyType::ec256, true));
  CHECK(site.plan().edits.changes.size() == 2);
  site.put("a.pem", pem_of({"a.example", "www.a.example"}));
  CHECK(site.wants({"a.example", "*.a.example"}).notes().empty());
  // The block of a wildcard answers for the name by TLS, and another one on port 80.
  NginxSite wide(
      "ssl_ciphers HIGH;\nserver { listen 80; server_name x.a.example; }\nserver { listen 443 ssl; server_name *.a.example; "
      "ssl_certificate a.pem; ssl_certificate_key a.key; }");
  wide.put("a.pem", pem_of({"*.a.example"}));
  CHECK(wide.wants({"x.a.example"}).fault().starts_with("nginx.conf:4: *.a.example would lose"));
}

TEST_CASE("a line of a shared file is for all sites that include it") {
  NginxSite site(
      "ssl_ciphers HIGH;\nserver { listen 443 ssl; server_name a.example; include tls.inc; }\n"
      "server { listen 443 ssl; server_name b.example c.example; include tls.inc; }\n"
      "server { listen 80; server_name d.example; include tls.inc; }");
  site.put("tls.inc", "ssl_certificate x;\nssl_certificate_key y;\n");
  CHECK(
      site.fault() ==
      "tls.inc:1: this line is for other blocks, too, which include the file: nginx.conf:4 (b.example c.example)");
  site.wants({"a.example", "b.example", "c.example"});
  CHECK(site.plan().edits.changes.size() == 2);
  CHECK(site.edited("tls.inc") == "ssl_certificate /c/full.pem;#\nssl_certificate_key /c/key.pem;#\n");
  NginxSite own("ssl_ciphers HIGH;\nserver { listen 443 ssl; server_name a.example; include tls.inc; }");
  own.put("tls.inc", "ssl_certificate x;\nssl_certificate_key y;\n");
  CHECK(own.edited("tls.inc") == "ssl_certificate /c/full.pem;#\nssl_certificate_key /c/key.pem;#\n");
}

TEST_CASE("a regular expression for all names is not the block of a name that has one on port 80") {
  const std::string all =
      "ssl_ciphers HIGH;\nserver { listen 443 ssl; listen [::]:443 ssl; server_name ~.; ssl_certificate a; "
      "ssl_certificate_key b; }\n";
  const NginxSite site(all + "server {\n    listen 80; server_name a.example; }");
  CHECK(site.edited() == all + "server {\n    listen 443 ssl;#\n    " + pair_lines +
                             "    listen 80; server_name a.example; }");
  CHECK(site.presented() == "a.example@127.0.0.1:443");
  CHECK(site.notes() == "a.example on [::]:443: nginx.conf:3 answers, with its own certificate");
  const NginxSite only(all + "server { listen 80; server_name ~^a; }");
  CHECK(only.edited().find("ssl_certificate /c/full.pem;#") != std::string::npos);
  CHECK(only.presented() == "a.example@127.0.0.1:443 a.example@[::1]:443");
}

TEST_CASE("the settings are for blocks without any, and a person's file is kept") {
  const auto has_line = [](const std::string& http) {
    return NginxSite(http).edited().find("include certo/tls.conf;") != std::string::npos;
  };
  CHECK(has_line("server { listen 80; server_name a.example; }"));
  CHECK_FALSE(has_line("ssl_protocols TLSv1.2; server { listen 80; server_name a.example; }"));
  CHECK_FALSE(has_line("server { listen 443 ssl; ssl_ciphers HIGH; server_name a.example; }"));
  CHECK_FALSE(has_line("server { listen 443 ssl; ssl_session_timeout 5m; server_name a.example; }"));
  CHECK(has_line("ssl_session_timeout 5m; server { listen 443 ssl; server_name a.example; }"));
  const NginxSite site("server { listen 80; add_header X y; server_name a.example; }");
  os::make_folder(site.folder / "certo", 0755);
  site.put("certo/tls.conf", "ssl_protocols TLSv1.3;\n");
  // Who writes the files of a plan keeps those that exist.
  CHECK(site.plan().edits.files.size() == 1);
  CHECK(site.edited().find("include certo/tls.conf;") != std::string::npos);
  site.put("certo/tls.conf", "add_header Strict-Transport-Security max-age=1;\n");
  CHECK(site.edited().find("include certo/tls.conf;") == std::string::npos);
}

TEST_CASE("a name without a block, and one that nginx does not reach") {
  NginxSite site(
      "server { listen 80 default_server; server_name _; }\nserver { listen 80; server_name aa.example; }");
  CHECK(site.fault() == "a.example: no server block has this name");
  CHECK(
      error_of([&] { site.plan(); }).hint ==
      "did you mean 'aa.example'? nginx has blocks for aa.example; write one for this name: server { listen 80; "
      "server_name a.example; root /var/www/html; }");
  os::make_folder(site.folder / "sites-available", 0755);
  site.put("sites-available/x", "server { server_name a.example; }");
  CHECK(site.short_form(error_of([&] { site.plan(); }).hint) ==
        "sites-available/x:1 has it, but nginx does not load that file: enable the site");
  CHECK(NginxSite("server { listen 8080; server_name a.example; }").fault() ==
        "nginx.conf:2: answers for a.example on *:8080 only, and certo adds TLS to blocks of port 80");
  CHECK(NginxSite("server { listen 443 ssl; server_name a.example; }\n"
                  "server { listen 10.0.0.1:443 ssl; server_name b.example; }")
            .notes() ==
        "a.example on 10.0.0.1:443: nginx.conf:3 answers as the default block, with its own certificate");
  CHECK(
      NginxSite("server { listen 80; server_name a.example; }\nserver { listen 80; server_name a.example; }")
          .notes() ==
      "nginx.conf:3: nginx ignores the name 'a.example' on *:80 there, because nginx.conf:2 has it; this block stays as "
      "it is");
  CHECK(NginxSite("server { listen 8080; }").wants({"192.0.2.1"}).fault() ==
        "nginx.conf:2: answers for 192.0.2.1 on *:8080 only, and certo adds TLS to blocks of port 80");
}

TEST_CASE("a block that something else looks after is left alone") {
  CHECK(
      NginxSite(
          "server { listen 443 ssl; server_name a.example; acme_certificate x; ssl_certificate $acme_certificate; }")
          .fault() == "nginx.conf:2: nginx-acme orders the certificate of this block");
  CHECK(NginxSite("server { listen 443 ssl; server_name a.example; ssl_certificate_by_lua_block { x() } }")
            .fault() == "nginx.conf:2: Lua code chooses the certificate of this block");
  CHECK(NginxSite("server { listen 443 ssl; server_name a.example; ssl_certificate /x/$ssl_server_name.pem; "
                  "ssl_certificate_key y; }")
            .fault() == "nginx.conf:2: 'ssl_certificate' is not the path of a file");
  CHECK(
      NginxSite(
          "server { listen 443 ssl; server_name a.example; ssl_certificate data:$x; ssl_certificate_key y; }")
          .fault() == "nginx.conf:2: 'ssl_certificate' is not the path of a file");
  CHECK(NginxSite("server { listen 443 ssl; server_name a.example; ssl_reject_handshake on; }").fault() ==
        "nginx.conf:2: this block refuses every TLS connection");
  CHECK(NginxSite("ssl on;\nserver { server_name a.example; }")
            .fault()
            .starts_with("nginx.conf:2: 'ssl on;' is for every"));
  NginxSite panel("include a.vhost;");
  panel.put("a.vhost", "server { listen 80; server_name a.example; }");
  CHECK(panel.fault() == "a.vhost:1: ISPConfig writes this file");
  NginxSite generated("include a.conf;");
  generated.put("a.conf", "# Ansible managed\nserver { listen 80; server_name a.example; }");
  CHECK(generated.notes() == "a.conf:2: Ansible writes this file, and may remove the lines again");
}

TEST_CASE("certbot's lines are replaced if a person wants it") {
  NginxSite site(R"(server {
    server_name a.example;
    listen 443 ssl; # managed by Certbot
    ssl_certificate /etc/letsencrypt/live/a.example/fullchain.pem; # managed by Certbot
    ssl_certificate_key /etc/letsencrypt/live/a.example/privkey.pem; # managed by Certbot
    ssl_protocols TLSv1.2;
    ssl_dhparam /etc/letsencrypt/ssl-dhparams.pem; # managed by Certbot
}
server {
    if ($host = a.example) {
        return 301 https://$host$request_uri;
    } # managed by Certbot
    listen 80;
    server_name a.example;
    return 404; # managed by Certbot
})");
  CHECK(site.fault() == "nginx.conf:2: certbot looks after this block");
  site.wish.takes_over = site.wish.redirect = true;
  CHECK(site.plan().edits.changes.size() == 2);
  CHECK(
      site.notes() ==
      "nginx.conf:8 still needs /etc/letsencrypt/ssl-dhparams.pem, a file of certbot's\nnginx.conf:12 redirects to https "
      "already");
  site.apply();
  site.wish.takes_over = false;
  CHECK(site.plan().edits.empty());
}

TEST_CASE("an IP address is for the default block of TLS, because clients send no name") {
  NginxSite plain(
      "server { listen 80; server_name a.example; }\nserver { listen 80 default_server; }\n"
      "server { listen 127.0.0.1:80; }\nserver { listen [::]:80; }");
  plain.wants({"192.0.2.1"});
  CHECK(plain.opened() == "*:443");
  CHECK(plain.presented() == "192.0.2.1@127.0.0.1:443");
  CHECK(plain.plan().edits.changes.size() == 1);
  CHECK(plain.wants({"2001:db8::1"}).presented() == "2001:db8::1@[::1]:443");
  CHECK(plain.wants({"127.0.0.1"}).presented() == "127.0.0.1@127.0.0.1:443");
  NginxSite secure(
      "server { listen 80; server_name 192.0.2.1; }\nserver { listen 443 ssl; server_name b.example; "
      "ssl_certificate b.pem; ssl_certificate_key b.key; }");
  secure.wants({"192.0.2.1", "b.example"}).wish.redirect = true;
  CHECK(secure.plan().edits.changes.size() == 4);
  CHECK(secure.notes().empty());
  secure.put("b.pem", pem_of({"b.example"}));
  CHECK(
      secure.wants({"192.0.2.1"}).fault().starts_with("nginx.conf:3: b.example would lose its certificate"));
}

TEST_CASE("a wildcard is for the block of its name and for those that it covers") {
  NginxSite site(
      "ssl_ciphers HIGH;\nserver { listen 80; server_name *.a.example; }\n"
      "server { listen 80; server_name certo.a.example; }\nserver { listen 80; server_name .a.example; }\n"
      "server { listen 80; server_name x.y.a.example; }\nserver { listen 80; server_name *.example; }");
  site.wants({"*.a.example"});
  CHECK(site.plan().edits.changes.size() == 2);
  CHECK(site.presented() == "certo.a.example@127.0.0.1:443 certox.a.example@127.0.0.1:443");
  // ".a.example" is dead on port 80 in part, and would be so on port 443.
  CHECK(site.wants({"*.a.example", "a.example"})
            .fault()
            .starts_with("nginx.conf:5: with TLS on *:443, nginx would ignore the name '.a.example' there"));
  NginxSite regex("server { listen 80; server_name ~^(?<user>[a-z]+)\\.a\\.example$; }");
  CHECK(regex.wants({"*.a.example"}).presented() == "certo.a.example@127.0.0.1:443");
  CHECK(NginxSite("server { listen 80; server_name *.example; }").wants({"*.a.example"}).fault() ==
        "*.a.example: no server block has this name");
}

TEST_CASE("who must present the certificate then") {
  CHECK(
      NginxSite(
          "server { listen 443 ssl; listen [::1]:8443 ssl; listen 10.0.0.1:443 ssl; server_name a.example; }\n"
          "server { listen 127.0.0.1:443 ssl; }")
          .presented() == "a.example@127.0.0.2:443 a.example@[::1]:8443 a.example@10.0.0.1:443");
  const NginxSite hidden(
      "server { listen 443 ssl proxy_protocol; listen unix:/run/x ssl; server_name a.example; }");
  CHECK(hidden.presented().empty());
  CHECK(hidden.notes() ==
        "a.example on *:443: certo cannot look there whether nginx presents the certificate\n"
        "a.example on unix:/run/x: certo cannot look there whether nginx presents the certificate");
}

TEST_CASE("a file that is included twice is changed once, and a path gets quotes if it needs them") {
  NginxSite site("ssl_ciphers HIGH;\ninclude a.conf;\ninclude a.conf;\n");
  site.put("a.conf", "server { listen 80; server_name a.example; }");
  CHECK(site.plan().edits.changes.size() == 1);
  site.wish.certificate = "/c/my files/it's.pem";
  CHECK(site.edited("a.conf").find("ssl_certificate \"/c/my files/it's.pem\";") != std::string::npos);
  site.wish.certificate = "/c/$x.pem";
  CHECK(error_of([&] { site.plan(); }).code == Exit::usage);
}
