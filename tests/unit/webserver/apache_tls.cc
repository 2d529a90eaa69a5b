#include "webserver/apache_tls.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "fixtures/apache_tls_site.h"
#include "fixtures/certificates.h"
#include "webserver/take_back.h"

using namespace certo;
using namespace certo::test;
using namespace certo::webserver;

namespace {

/// What moves out of a host with these lines.
std::string body_of(const std::string& inside) {
  return plain_host("  ServerName a.example\n" + inside).made("certo/a.example.body.conf");
}

constexpr const char* name_line = "  ServerName a.example\n";

}  // namespace

TEST_CASE("a host of port 80 gets one with TLS that shares its directives") {
  const ApacheTlsSite site = plain_host("  ServerName a.example\n  DocumentRoot /srv\n");
  CHECK(site.edited() ==
        "Listen 80\nListen 443\n<VirtualHost *:80>\n #\n  Include \"C/a.example.body.conf\"\n</VirtualHost>\n"
        "#\nInclude \"C/a.example.tls.conf\"\n");
  CHECK(site.made("certo/a.example.body.conf") == "  ServerName a.example\n  DocumentRoot /srv\n");
  CHECK(site.made("certo/a.example.tls.conf") ==
        R"(# Written by certo: https for the virtual host of port 80 in E/httpd.conf.
# Both have the directives of a.example.body.conf: edit them there. 'certo undo' moves them back.
<VirtualHost *:443>
    IncludeOptional "C/challenge-begin*.conf"
    Define CERTO_TLS
    Include "C/a.example.body.conf"
    UnDefine CERTO_TLS
    SSLEngine on
    SSLCertificateFile "/c/full.pem"
    SSLCertificateKeyFile "/c/key.pem"
    Include "C/tls.conf"
    IncludeOptional "C/challenge-end*.conf"
</VirtualHost>
)");
  CHECK(site.made("certo/tls.conf").find("SSLProtocol -all +TLSv1.2 +TLSv1.3\n") != std::string::npos);
  CHECK(site.presented() == "a.example@127.0.0.1:443");
  CHECK(site.opened().empty());
}

TEST_CASE("what is there once stays so, and redirects to https are for plain http only") {
  const auto wrapped = [](const std::string& lines) {
    return "   #\n    <IfDefine !CERTO_TLS>\n" + lines + "   #\n    </IfDefine>\n";
  };
  const auto check = [&](const std::string& before, const std::string& lines, const std::string& after) {
    CHECK(body_of(before + lines + after) == name_line + before + wrapped(lines) + after);
  };
  const auto check_plain = [&](const std::string& lines) { CHECK(body_of(lines) == name_line + lines); };
  check("", "    WSGIDaemonProcess a threads=5 \\\n      python-home=/x\n", "    WSGIProcessGroup a\n");
  check("", "    Redirect permanent / https://a.example/\n", "");
  check("", "    RedirectMatch 301 ^/(.*)$ https://A.example:443/$1\n", "    Alias /x /y\n");
  check("  RewriteEngine On\n",
        "    RewriteCond %{HTTPS} off\n    RewriteCond %{REQUEST_URI} !^/x\n"
        "    RewriteRule ^ https://%{HTTP_HOST}%{REQUEST_URI} [R=301,L]\n",
        "  RewriteRule ^/old /new\n");
  check("  <Location />\n", "    Redirect / https://a.example/\n", "  </Location>\n");
  check("", "    <Macro X $y>\n      Header set Y $y\n    </Macro>\n", "    Use X 1\n");
  check("", "    SSLCertificateFile /old.pem\n    SSLCertificateKeyFile /old.key\n", "  SSLEngine off\n");
  // Each rule keeps its place if others count by it.
  const std::string https = "    RewriteRule ^ https://%{HTTP_HOST}%{REQUEST_URI} [R=301,L]\n";
  for (const std::string before : {"    RewriteRule ^/a - [C]\n", "    RewriteRule ^/a - \"[NC, Skip=1]\"\n",
                                   "    RewriteRule ^/a - [S=1]\n"})
    CHECK(body_of(before + "    RewriteCond %{HTTP_HOST} x\n" + https + https) ==
          name_line + before + "   #\n    RewriteCond %{HTTPS} !=on\n    RewriteCond %{HTTP_HOST} x\n" +
              https + "   #\n    RewriteCond %{HTTPS} !=on\n" + https);
  check("    RewriteRule ^/a - [R=404,CO=c:s]\n", https, "");
  // They lead elsewhere, are as good twice, or are needed twice.
  check_plain("    Redirect / https://other.example/\n");
  check_plain("    Redirect / https://a.example:8443/\n");
  check_plain("    Redirect /x /y\n");
  check_plain("    Define root /srv\n    DocumentRoot ${root}\n    UnDefine root\n");
  check_plain("    <Macro X $y>\n    </Macro>\n    Use X 1\n    UndefMacro X\n");
  const std::string lines = "  ServerName a.example\n  Redirect / https://a.example/\n";
  const TlsPlan plan = plain_host(lines).plan();
  const auto body = std::ranges::find_if(plan.edits.files,
                                         [](const OwnFile& one) { return one.path.ends_with(".body.conf"); });
  REQUIRE(body != plan.edits.files.end());
  CHECK(body->content != lines);
  CHECK(without_plain_only(body->content) == lines);
}

TEST_CASE("lines that a host includes for plain http only are left out for TLS as a whole, or refused") {
  const auto site_with = [](const std::string& snippet) {
    return ApacheTlsSite(
        {{"httpd.conf",
          "Listen 80\nListen 443\n<VirtualHost *:80>\n  ServerName a.example\n  Include @/s.conf\n</VirtualHost>\n"},
         {"s.conf", snippet}},
        Layout::dump_of("*:80   a.example (@/httpd.conf:3)\n", "    (5) @/s.conf\n"));
  };
  CHECK(site_with("RewriteEngine on\nRewriteRule ^ https://%{HTTP_HOST}/\n")
            .made("certo/a.example.body.conf") ==
        "  ServerName a.example\n #\n  <IfDefine !CERTO_TLS>\n  Include E/s.conf\n #\n  </IfDefine>\n");
  CHECK(site_with("Alias /x /y\n").made("certo/a.example.body.conf") ==
        "  ServerName a.example\n  Include E/s.conf\n");
  CHECK(site_with("Redirect / https://a.example/\nAlias /x /y\n").fault() ==
        "E/s.conf:1: must count for plain http only, and stands in a file that E/httpd.conf:3 includes");
}

TEST_CASE("all layouts of a file come back to the same bytes") {
  for (
      const char* text :
      {"<VirtualHost *:80>\n  ServerName a.example\n</VirtualHost>", "<VirtualHost *:80>\n</VirtualHost>\n",
       "<VirtualHost *:80>\r\n\tServerName a.example\r\n\tRedirect / https://a.example/\r\n</VirtualHost>\r\n# end",
       "<VirtualHost *:80>\n# a comment \\\n continues\nServerName a.example\n</VirtualHost> \\\n\nServerAdmin x\n",
       "<virtualhost *:80>\nServerName a.example\n<IfModule mod_rewrite.c>\nRewriteEngine on\n</IfModule>\n"
       "</virtualhost>\n<VirtualHost *:80>\nServerName b.example\n</VirtualHost>\n"}) {
    const ApacheTlsSite site(text, "*:80   a.example (@/httpd.conf:3)\n");
    const TlsPlan plan = site.plan();
    const std::string before = os::read_file(site.path("httpd.conf"));
    const std::string after = with_changes(before, plan.edits.changes);
    CHECK(after != before);
    CHECK(take_back(after, plan.edits.changes).text == before);
    // A person has changed the blanks around.
    std::string moved = after;
    for (size_t at = 0; (at = moved.find("Include \"", at)) != moved.npos; at += 10) moved.insert(at, "  ");
    CHECK(take_back(moved, plan.edits.changes).text == before);
  }
}

namespace {

/// The file of a certificate for these names.
std::string pem_of(const std::vector<std::string>& names, crypto::KeyType type = crypto::KeyType::ec256) {
  static const Authority ca = make_ca();
  const auto key = crypto::PrivateKey::generate(type);
  return crypto::pem(make_leaf(ca, key.public_key(),
                               {.identifiers = dns(names),
                                .not_before = now() - std::chrono::days(50),
                                .not_after = now() + std::chrono::days(40)}));
}

/// A host with TLS that names old.pem, and what it includes.
ApacheTlsSite secure_host(const std::string& inside, const std::string& more_sites = "",
                          const std::string& snippet = "") {
  return ApacheTlsSite(
      {{"httpd.conf", "<VirtualHost *:443>\n  ServerName a.example\n  SSLEngine on\n" + inside +
                          "</VirtualHost>\n" +
                          (more_sites.empty() ? ""
                                              : "<VirtualHost *:443>\n  ServerName b.example\n"
                                                "  SSLEngine on\n  Include @/s.conf\n"
                                                "</VirtualHost>\nListen 443\n")},
       {"s.conf", snippet},
       {"old.pem", pem_of({"a.example"})}},
      Layout::dump_of("*:443   a.example (@/httpd.conf:1)\n" + more_sites,
                      more_sites.empty() ? "" : "    (4) @/s.conf\n    (9) @/s.conf\n"));
}

constexpr const char* pair_with_marks =
    " #\n  SSLCertificateFile \"/c/full.pem\"\n #\n  SSLCertificateKeyFile \"/c/key.pem\"\n";

}  // namespace

TEST_CASE("the lines of a host with TLS give way, or are added") {
  const std::string head = "<VirtualHost *:443>\n  ServerName a.example\n  SSLEngine on\n",
                    end = "</VirtualHost>\n";
  CHECK(secure_host("  SSLCertificateFile /old.pem\n  SSLCertificateKeyFile \\\n    /old.key\n").edited() ==
        head + pair_with_marks + end);
  CHECK(secure_host("").edited() == head + pair_with_marks + end);
  CHECK(secure_host("  SSLCertificateFile /joint.pem\n  SSLCipherSuite X\n").edited() ==
        head + pair_with_marks + "  SSLCipherSuite X\n" + end);
  CHECK(secure_host("  SSLCertificateFile /old.pem\n  SSLCertificateKeyFile /old.key\n"
                    "  SSLCertificateChainFile /chain.pem\n")
            .edited() ==
        head + pair_with_marks +
            " #\n  # SSLCertificateChainFile is left out: the chain is in SSLCertificateFile\n" + end);
  CHECK(secure_host("").made("certo/tls.conf").empty());
  CHECK(secure_host("  SSLCertificateFile /c/full.pem\n  SSLCertificateKeyFile /c/key.pem\n")
            .plan()
            .edits.empty());
  CHECK(secure_host("  SSLCertificateFile /x.pem\n  SSLCertificateFile /y.pem\n").fault().find("make") ==
        std::string::npos);
  CHECK(secure_host("  SSLCertificateFile /etc/letsencrypt/live/a/fullchain.pem\n"
                    "  SSLCertificateKeyFile /etc/letsencrypt/live/a/privkey.pem\n")
            .fault() == "E/httpd.conf:1: certbot looks after this host");
}

TEST_CASE("lines that other hosts include stay, and the host gets its own") {
  const std::string others = "*:443   b.example (@/httpd.conf:6)\n";
  const std::string snippet = "SSLCertificateFile @/old.pem\nSSLCertificateKeyFile @/old.key\n";
  const ApacheTlsSite shared = secure_host("  Include @/s.conf\n", others, snippet);
  CHECK(shared.edited("s.conf") == in_folder(snippet, "E"));
  CHECK(shared.edited().starts_with(
      "<VirtualHost *:443>\n  ServerName a.example\n  SSLEngine on\n  Include E/s.conf\n" +
      std::string(pair_with_marks) + "</VirtualHost>\n"));
  CHECK(shared.notes().find(
            "E/s.conf:1: other hosts include this file, so E/httpd.conf:1 gets lines of its own") !=
        std::string::npos);
  ApacheTlsSite other_type = secure_host("  Include @/s.conf\n", others, snippet);
  other_type.wish.key_type = "rsa";
  CHECK(other_type.fault().find("E/s.conf:1: this line is for other hosts, too") == 0);
  ApacheTlsSite both_hosts = secure_host("  Include @/s.conf\n", others, snippet);
  both_hosts.wish.names = {"a.example", "b.example"};
  CHECK(both_hosts.edited("s.conf") ==
        "#\nSSLCertificateFile \"/c/full.pem\"\n#\nSSLCertificateKeyFile \"/c/key.pem\"\n");
}

TEST_CASE("the redirect stands in front of the user's lines, and is not added twice") {
  ApacheTlsSite site = plain_host("  ServerName a.example\n");
  site.wish.redirect = true;
  CHECK(site.edited().find("<VirtualHost *:80>\n #\n  RewriteEngine on\n #\n"
                           "  RewriteRule \"^\" \"https://%{SERVER_NAME}%{REQUEST_URI}\" [R=301,L]\n #\n"
                           "  Include \"C/a.example.body.conf\"\n</VirtualHost>\n") != std::string::npos);
  const auto redirect_note = [](const std::string& inside) {
    ApacheTlsSite other = plain_host("  ServerName a.example\n" + inside);
    other.wish.redirect = true;
    for (const Change& one : other.plan().edits.changes) CHECK(one.part == EditPart::certificate);
    return other.notes();
  };
  CHECK(redirect_note("  Redirect permanent / https://a.example/\n").find("redirects to https already") !=
        std::string::npos);
  CHECK(redirect_note("  RewriteEngine on\n  RewriteCond %{HTTPS} !=on\n"
                      "  RewriteRule ^(.*)$ https://%{HTTP_HOST}$1 [R,L]\n")
            .find("redirects to https already") != std::string::npos);
  CHECK(redirect_note("  ServerAlias other.example\n").find("it would also lead other.example to https") !=
        std::string::npos);
  CHECK(redirect_note("  SetEnvIf X-Forwarded-Proto https HTTPS=on\n")
            .find("a proxy that speaks https for it") != std::string::npos);
  CHECK(redirect_note("  RewriteRule ^/x /y\n").find("neither mod_rewrite nor mod_alias") !=
        std::string::npos);
  site.layout.apache.dump.modules.erase("rewrite_module");
  site.layout.apache.dump.modules.insert("alias_module");
  CHECK(site.edited().find("\n  Redirect permanent / \"https://a.example/\"\n") != std::string::npos);
}

TEST_CASE("names without a host, hosts of macros and hosts that wait are refused with what to do") {
  ApacheTlsSite site = plain_host("  ServerName a.example\n");
  site.wish.names = {"b.example"};
  CHECK(site.fault() == "b.example: no virtual host of Apache has this name");
  os::make_folder(site.path("sites-available"), 0755);
  os::write_file(site.path("sites-available/b.conf"),
                 "<VirtualHost *:80>\n  ServerName b.example\n</VirtualHost>\n", 0644);
  CHECK(error_of([&] { site.plan(); }).hint.find("sites-available/b.conf:1 has it") != std::string::npos);
  ApacheTlsSite debian(apache_debian, apache_debian_dump);
  debian.wish.names = {"m1.example.com"};
  CHECK(debian.fault().find("only, and certo adds TLS to hosts of port 80") != std::string::npos);
  ApacheTlsSite macro(
      {{"httpd.conf", "Listen 80\nListen 443\n"}},
      Layout::dump_of("*:80   a.example (macro 'site' (defined on line 1 of \"@/httpd.conf\") "
                      "used on line 2 of \"@/httpd.conf\":1)\n"));
  CHECK(macro.fault(Exit::usage).find("certo does not edit what a macro") != std::string::npos);
  ApacheTlsSite waiting(
      {{"httpd.conf",
        "Listen 80\nLoadModule x @/m/mod_x.so\n<VirtualHost *:80>\n  ServerName a.example\n"
        "</VirtualHost>\n<IfModule mod_ssl.c>\n<VirtualHost *:443>\n  ServerName a.example\n"
        "</VirtualHost>\n</IfModule>\n"},
       {"m/mod_ssl.so", ""}},
      Layout::dump_of("*:80   a.example (@/httpd.conf:3)\n"));
  waiting.layout.apache.dump.modules.erase("ssl_module");
  CHECK(waiting.fault() == "E/httpd.conf:7: this virtual host for a.example waits for mod_ssl");
  const ApacheTlsSite plain_443(
      "<VirtualHost *:80>\n  ServerName a.example\n</VirtualHost>\n"
      "<VirtualHost *:443>\n  ServerName c.example\n</VirtualHost>\n",
      "*:80   a.example (@/httpd.conf:3)\n*:443   c.example (@/httpd.conf:6)\n");
  CHECK(plain_443.fault().find("E/httpd.conf:6: answers on *:443 without TLS") == 0);
}

TEST_CASE("a wildcard is for every host that it covers") {
  ApacheTlsSite site(
      "<VirtualHost *:80>\n  ServerName x.a.example\n</VirtualHost>\n"
      "<VirtualHost *:80>\n  ServerName y.a.example\n  ServerAlias *.a.example\n</VirtualHost>\n"
      "<VirtualHost *:80>\n  ServerName a.example\n</VirtualHost>\n",
      "*:80                   is a NameVirtualHost\n         default server x.a.example (@/httpd.conf:3)\n"
      "         port 80 namevhost x.a.example (@/httpd.conf:3)\n"
      "         port 80 namevhost y.a.example (@/httpd.conf:6)\n                 wild alias *.a.example\n"
      "         port 80 namevhost a.example (@/httpd.conf:10)\n");
  site.wish.names = {"*.a.example"};
  CHECK(site.presented() ==
        "x.a.example@127.0.0.1:443 y.a.example@127.0.0.1:443 certo.a.example@127.0.0.1:443");
  CHECK_FALSE(site.made("certo/x.a.example.tls.conf").empty());
  CHECK_FALSE(site.made("certo/y.a.example.tls.conf").empty());
  CHECK(site.made("certo/a.example.tls.conf").empty());
}

TEST_CASE("a new host that becomes the default one of its address is named") {
  const std::string plain = "<VirtualHost *:80>\n  ServerName a.example\n</VirtualHost>\n",
                    secure = "<VirtualHost *:443>\n  ServerName b.example\n  SSLEngine on\n</VirtualHost>\n";
  CHECK(
      ApacheTlsSite(plain + secure, "*:80   a.example (@/httpd.conf:3)\n*:443   b.example (@/httpd.conf:6)\n")
          .notes()
          .find("becomes the default one of *:443, because Apache reads it before E/httpd.conf:6") !=
      std::string::npos);
  CHECK(
      ApacheTlsSite(secure + plain, "*:80   a.example (@/httpd.conf:7)\n*:443   b.example (@/httpd.conf:3)\n")
          .notes()
          .find("becomes the default") == std::string::npos);
}

TEST_CASE("which host Apache reads first is seen by the text, because its dump has wrong lines") {
  const auto notes = [](const std::string& plain, const std::string& secure) {
    return ApacheTlsSite(
               {{"httpd.conf", "Listen 80\nListen 443\nIncludeOptional @/conf.d/*.conf\n"},
                {"conf.d/" + plain,
                 "<VirtualHost *:80>\n  Include @/x.inc\n  ServerName a.example\n</VirtualHost>\n"},
                {"conf.d/" + secure,
                 "<VirtualHost *:443>\n  Include @/x.inc\n  ServerName b.example\n  SSLEngine on\n</VirtualHost>\n"},
                {"x.inc", "# nothing\n"}},
               Layout::dump_of("*:80   a.example (@/conf.d/" + plain + ":1)\n*:443   b.example (@/conf.d/" +
                                   secure + ":1)\n",
                               "    (3) @/conf.d/" + std::min(plain, secure) +
                                   "\n      (2) @/x.inc\n    (2) @/conf.d/" + std::max(plain, secure) +
                                   "\n      (2) @/x.inc\n"))
        .notes();
  };
  CHECK(notes("a.conf", "ssl.conf")
            .find("becomes the default one of *:443, because Apache reads it before E/conf.d/ssl.conf:1") !=
        std::string::npos);
  CHECK(notes("www.conf", "ssl.conf").find("becomes the default") == std::string::npos);
}
