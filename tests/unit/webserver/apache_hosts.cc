#include "webserver/apache_hosts.h"

#include <doctest/doctest.h>

#include "fixtures/apache_layout.h"
#include "webserver/owner.h"

using namespace certo;
using namespace certo::test;
using namespace certo::webserver;

TEST_CASE("virtual hosts of Debian's layout have their names, certificates and addresses") {
  const Layout layout(apache_debian, apache_debian_dump);
  const ApacheConfig config(layout.apache);
  REQUIRE(config.hosts().size() == 5);
  const ApacheHost& secure = config.hosts()[0];
  CHECK(secure.names == std::vector<std::string>{"a.example.com"});
  CHECK(secure.has_tls);
  CHECK(secure.addresses.size() == 2);
  REQUIRE(secure.certificates.size() == 1);
  CHECK(secure.certificates[0].certificate == layout.folder / "etc/cert.pem");
  CHECK(secure.certificates[0].key == layout.folder / "etc/key.pem");
  REQUIRE(secure.section != nullptr);
  CHECK(secure.section->value == "*:18443 [::1]:18443");
  CHECK_FALSE(config.hosts()[1].has_tls);
  CHECK(config.hosts()[3].section == nullptr);
}

TEST_CASE("the first host whose name fits answers, and the first of the address otherwise") {
  const Layout layout(apache_debian, apache_debian_dump);
  const ApacheConfig config(layout.apache);
  const auto answer = [&](const char* name, size_t address) {
    const ApacheAnswer one = config.answers(name).at(address);
    return one.host->names[0] + " " + std::string(text(one.by)) + " " + one.name;
  };
  CHECK(answer("WWW.a.example.com.", 3) == "a.example.com exact name www.a.example.com");
  CHECK(answer("x.y.a.example.com", 3) == "a.example.com wildcard *.A.example.com");
  CHECK(answer("www.m2.example.com", 3) == "m2.example.com exact name www.m2.example.com");
  CHECK(answer("none.example.com", 3) == "127.0.0.1 default ");
  CHECK(answer("none.example.com", 1) == "a.example.com default ");
}

TEST_CASE("variables have the value of their place, and conditions count") {
  const Layout layout(
      {{"httpd.conf",
        "Define site a\n<IfDefine site>\n<VirtualHost *:1>\nSSLEngine on\n"
        "SSLCertificateFile /c/${site}.pem\n</VirtualHost>\n</IfDefine>\nDefine site b\n"
        "<VirtualHost *:2>\n<IfModule mod_ssl.c>\nSSLEngine on\n</IfModule>\n<IfModule !ssl_module>\n"
        "SSLCertificateFile no\n</IfModule>\n<IfVersion < 2.2>\nSSLCertificateFile old\n"
        "</IfVersion>\n<IfDefine none>\nSSLEngine off\n</IfDefine>\nInclude x\n"
        "SSLCertificateFile c/${site}.pem\n</VirtualHost>\n"},
       {"x", "SSLCertificateKeyFile k/${site}.key\n"}},
      Layout::dump_of("*:1   a (@/httpd.conf:3)\n*:2   b (@/httpd.conf:9)\n", "    (22) @/x\n"));
  const ApacheConfig config(layout.apache);
  REQUIRE(config.hosts().size() == 2);
  REQUIRE(config.hosts()[0].certificates.size() == 1);
  CHECK(config.hosts()[0].certificates[0].certificate == "/c/a.pem");
  CHECK(config.hosts()[1].has_tls);
  REQUIRE(config.hosts()[1].certificates.size() == 1);
  CHECK(config.hosts()[1].certificates[0].certificate == "/srv/root/c/b.pem");
  CHECK(config.hosts()[1].certificates[0].key == "/srv/root/k/b.key");
  CHECK(config.files() ==
        std::vector<std::string>{layout.folder / "etc/httpd.conf", layout.folder / "etc/x"});
}

TEST_CASE("a host inherits TLS, and its owner is known") {
  const Layout layout(
      {{"httpd.conf",
        "SSLEngine on\nSSLCertificateFile /etc/letsencrypt/live/x/fullchain.pem\nMDomain md.example\n"
        "<VirtualHost *:1>\nServerAlias alias.example\n</VirtualHost>\n<VirtualHost *:2>\n"
        "ServerName MD.example\n</VirtualHost>\n<VirtualHost *:3>\nSSLEngine off\n</VirtualHost>\n"}},
      Layout::dump_of("*:1   a (@/httpd.conf:4)\n*:2   MD.example (@/httpd.conf:7)\n"
                      "*:3   c (@/httpd.conf:10)\n"));
  const ApacheConfig config(layout.apache);
  CHECK(config.hosts()[0].has_tls);
  CHECK(config.hosts()[0].names == std::vector<std::string>{"a", "alias.example"});
  CHECK(owner_of(config.hosts()[0]).name == "certbot");
  CHECK(owner_of(config.hosts()[1]).kind == OwnerKind::mod_md);
  CHECK_FALSE(config.hosts()[2].has_tls);
  CHECK(owner_of(config.hosts()[2]).name.empty());
}

TEST_CASE("a name that an earlier host of the address has is ignored, also if a pattern fits it") {
  const std::string host = "         port 1 namevhost ", alias = "                 wild alias ";
  const Layout layout(
      {{"httpd.conf",
        "<VirtualHost *:1>\nServerName a\n</VirtualHost>\n<VirtualHost *:1>\nServerName A\n"
        "</VirtualHost>\n<VirtualHost *:1>\nServerName x.b\n</VirtualHost>\n<VirtualHost *:1>\n"
        "</VirtualHost>\n"}},
      Layout::dump_of("*:1    is a NameVirtualHost\n         default server a (@/httpd.conf:1)\n" + host +
                      "a (@/httpd.conf:1)\n" + alias + "*.b\n" + host + "A (@/httpd.conf:4)\n" + host +
                      "x.b (@/httpd.conf:7)\n" + host + "a (@/httpd.conf:10)\n"));
  const ApacheConfig config(layout.apache);
  REQUIRE(config.ignored().size() == 2);
  CHECK(config.ignored()[0].name == "A");
  CHECK(config.ignored()[1].name == "x.b");
  CHECK(config.ignored()[1].winner == &config.hosts()[0]);
}

TEST_CASE("a file of a pattern whose line the dump takes from the file before it") {
  const Layout layout(
      {{"httpd.conf", "Define x\n\nInclude @/sites/*\n"},
       {"sites/a", "<VirtualHost *:80>\nServerName a.example\n\n\n\nInclude @/x\n</VirtualHost>\n"},
       {"sites/b", "<VirtualHost *:80>\nServerName b.example\nInclude @/x\n</VirtualHost>\n"},
       {"x", "SSLEngine on\n"}},
      "Included configuration files:\n  (*) @/httpd.conf\n    (3) @/sites/a\n      (6) @/x\n"
      "    (6) @/sites/b\n      (3) @/x\nVirtualHost configuration:\n"
      "*:80                   is a NameVirtualHost\n"
      "         default server a.example (@/sites/a:1)\n"
      "         port 80 namevhost a.example (@/sites/a:1)\n"
      "         port 80 namevhost b.example (@/sites/b:1)\n"
      "ServerRoot: \"/srv/root\"\n");
  const ApacheConfig config(layout.apache);
  REQUIRE(config.hosts().size() == 2);
  for (const ApacheHost& host : config.hosts()) {
    CHECK(host.section != nullptr);
    CHECK(host.has_tls);
  }
}
