#include "webserver/apache_tls.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "fixtures/apache_tls_site.h"
#include "fixtures/certificates.h"
#include "webserver/apache_proof.h"
#include "webserver/editing.h"
#include "webserver/take_back.h"

using namespace certo;
using namespace certo::test;
using namespace certo::webserver;

namespace {

ApacheTlsSite plain_host(const std::string& inside,
                         const std::string& sites = "*:80   a.example (@/httpd.conf:3)\n") {
  return {"<VirtualHost *:80>\n" + inside + "</VirtualHost>\n", sites};
}

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
       "<VirtualHost *:80>\n# a comment \\\n goes on\nServerName a.example\n</VirtualHost> \\\n\nServerAdmin x\n",
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

/// A site on the disk whose plans are carried out.
struct Bench {
  ApacheTlsSite site;
  std::string journal;

  explicit Bench(const std::string& inside)
      : site(plain_host(inside)), journal(site.layout.folder / "one.json") {}
  Editing editing() const {
    return {journal, [] { return std::vector<std::string>{}; }, Millis(0)};
  }
  std::string text() const { return os::read_file(site.path("httpd.conf")); }
  void put_in(const Edits& edits) const {
    Editing now = editing();
    now.put_in(site.path("httpd.conf"), edits, {{site.path("httpd.conf"), text()}}, "apache");
    now.settle();
  }
  void prove() const {
    const ApacheConfig config(site.layout.apache);
    put_in(plan_apache_proof(config, {&config.hosts()[0]}, "/srv/acme").edits);
  }
  void install() const { put_in(site.plan().edits); }
  void undo(EditPart part) const {
    Editing now = editing();
    now.know({site.path("httpd.conf")});
    now.take_out({part});
    now.drop();
    CHECK(now.kept().empty());
  }
};

}  // namespace

TEST_CASE("proof and certificate are undone in either order") {
  const Bench bench("  ServerName a.example\n  Redirect / https://a.example/\n");
  const std::string before = bench.text();
  bool has_proof_first = true;
  SUBCASE("proof first") {}
  SUBCASE("certificate first") { has_proof_first = false; }
  const auto both = [&](const auto& one, const auto& other) {
    one();
    other();
  };
  const auto prove = [&] { bench.prove(); };
  const auto install = [&] { bench.install(); };
  has_proof_first ? both(prove, install) : both(install, prove);
  CHECK(read_edit_journal(bench.journal).server == "apache");
  CHECK(bench.text().find("ServerName") == std::string::npos);
  bool undoes_proof_first = true;
  SUBCASE("undo of the proof first") {}
  SUBCASE("undo of the certificate first") { undoes_proof_first = false; }
  const auto undo_proof = [&] { bench.undo(EditPart::proof); };
  const auto undo_certificate = [&] { bench.undo(EditPart::certificate); };
  undoes_proof_first ? both(undo_proof, undo_certificate) : both(undo_certificate, undo_proof);
  CHECK(bench.text() == before);
  CHECK_FALSE(os::exists(bench.site.path("certo")));
  CHECK_FALSE(os::exists(bench.journal));
}

TEST_CASE("the text of a host that a person has edited since goes back as edited") {
  const Bench bench("  ServerName a.example\n  Redirect / https://a.example/\n");
  bench.install();
  const std::string body = bench.site.path("certo/a.example.body.conf");
  std::string text = os::read_file(body);
  text.replace(text.find("  ServerName"), 0, "  ServerAdmin me@a.example\n");
  os::write_file(body, text, 0644);
  bench.undo(EditPart::certificate);
  CHECK(bench.text() ==
        "Listen 80\nListen 443\n<VirtualHost *:80>\n  ServerAdmin me@a.example\n  ServerName a.example\n"
        "  Redirect / https://a.example/\n</VirtualHost>\n");
  CHECK_FALSE(os::exists(body));
  CHECK_FALSE(os::exists(bench.journal));
}

TEST_CASE("a run that died after any step is undone") {
  const Bench bench("  ServerName a.example\n");
  const std::string before = bench.text();
  const Edits edits = bench.site.plan().edits;
  bench.editing().put_in(bench.site.path("httpd.conf"), edits, {{bench.site.path("httpd.conf"), before}},
                         "apache");
  SUBCASE("all is there") {}
  SUBCASE("the lines are not there yet") { os::write_file(bench.site.path("httpd.conf"), before, 0644); }
  SUBCASE("only the journal is there") {
    os::write_file(bench.site.path("httpd.conf"), before, 0644);
    os::remove_tree(bench.site.path("certo"));
  }
  SUBCASE("the removal died after the lines") {
    Editing dying = bench.editing();
    os::write_file(bench.site.path("certo/a.example.body.conf"), "  ServerName a.example\n  # mine\n", 0644);
    os::write_file(bench.site.path("httpd.conf"),
                   before.substr(0, before.find("</V")) + "  # mine\n</VirtualHost>\n", 0644);
  }
  Editing next = bench.editing();
  next.roll_back();
  next.drop();
  CHECK(next.kept().empty());
  std::string text = bench.text();
  if (const size_t at = text.find("  # mine\n"); at != text.npos) text.erase(at, 9);
  CHECK(text == before);
  CHECK_FALSE(os::exists(bench.site.path("certo")));
}

TEST_CASE("a file of another run is not taken for certo's new one") {
  const Bench bench("  ServerName a.example\n");
  const Edits edits = bench.site.plan().edits;
  os::make_folder(bench.site.path("certo"), 0755);
  os::write_file(bench.site.path("certo/a.example.body.conf"), "other\n", 0644);
  Editing editing = bench.editing();
  CHECK_THROWS_AS(editing.put_in(bench.site.path("httpd.conf"), edits,
                                 {{bench.site.path("httpd.conf"), bench.text()}}, "apache"),
                  ChangedMeanwhile);
  CHECK(editing.journal().unsettled.empty());
  CHECK_FALSE(bench.site.made("certo/a.example-2.body.conf").empty());
}
