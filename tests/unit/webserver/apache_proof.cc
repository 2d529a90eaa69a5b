#include "webserver/apache_proof.h"

#include <doctest/doctest.h>

#include "fixtures/apache_layout.h"
#include "webserver/take_back.h"

using namespace certo;
using namespace certo::test;
using namespace certo::webserver;

namespace {

/// One file with one host at "*:80", which begins in its first line.
struct OneHost {
  Layout layout;
  ApacheConfig config;

  explicit OneHost(const std::string& text)
      : layout({{"httpd.conf", text}}, Layout::dump_of("*:80   a.example (@/httpd.conf:1)\n")),
        config(layout.apache) {}
  ApacheProof proof(const std::string& folder = "/srv/acme") const {
    return plan_apache_proof(config, hosts_to_prove(config, {"a.example"}), folder);
  }
  std::string text() const { return os::read_file(layout.folder / "etc/httpd.conf"); }
  std::string with_lines() const { return with_changes(text(), proof().edits.changes); }
  /// Each mark is "#", and the folder of the included files is "C".
  std::string edited() const {
    std::string result = with_lines();
    for (size_t at; (at = result.find(mark_start)) != result.npos;)
      result.replace(at, mark_after(result, at).size(), "#");
    const std::string folder = layout.folder / "etc/certo";
    for (size_t at; (at = result.find(folder)) != result.npos;) result.replace(at, folder.size(), "C");
    return result;
  }
};

std::string refusal(const std::string& text) {
  try {
    OneHost(text).proof();
  } catch (const Error& error) {
    return error.message;
  }
  return {};
}

}  // namespace

TEST_CASE("a host gets a line at its beginning and one at its end, in the file's own layout") {
  CHECK(OneHost("<VirtualHost *:80>\n  Redirect / https://x/\n</VirtualHost>\n").edited() ==
        "<VirtualHost *:80>\n #\n  Include \"C/challenge-begin.conf\"\n  Redirect / https://x/\n #\n"
        "  Include \"C/challenge-end.conf\"\n</VirtualHost>\n");
  CHECK(OneHost("<VirtualHost *:80>\r\n\tServerName a\r\n</VirtualHost>").edited() ==
        "<VirtualHost *:80>\r\n\t#\r\n\tInclude \"C/challenge-begin.conf\"\r\n\tServerName a\r\n\t#\r\n"
        "\tInclude \"C/challenge-end.conf\"\r\n</VirtualHost>");
  CHECK(OneHost("<VirtualHost *:80>\n</VirtualHost>\n").edited() ==
        "<VirtualHost *:80>\n   #\n    Include \"C/challenge-begin.conf\"\n   #\n"
        "    Include \"C/challenge-end.conf\"\n</VirtualHost>\n");
}

TEST_CASE("the lines go as they came, also after a person's edits") {
  const OneHost host("<VirtualHost *:80>\n  ServerName a\n</VirtualHost>\n");
  const std::vector<Change> changes = host.proof().edits.changes;
  std::string text = with_changes(host.text(), changes);
  CHECK(take_back(text, changes).text == host.text());
  // An editor has changed the blanks, and another line came between.
  text.replace(text.find("  Include"), 2, "\t");
  text.replace(text.find("  ServerName"), 0, "  ServerAlias b\n");
  CHECK(take_back(text, changes).text ==
        "<VirtualHost *:80>\n  ServerAlias b\n  ServerName a\n</VirtualHost>\n");
  text.replace(text.find("challenge-end"), 13, "mine");
  const TakenBack kept = take_back(text, changes);
  REQUIRE(kept.kept.size() == 1);
  CHECK(kept.kept[0].find("/certo/mine.conf") != std::string::npos);
  CHECK(kept.text.find("challenge-begin") == std::string::npos);
  CHECK(kept.text.find("/certo/mine.conf") != std::string::npos);
}

TEST_CASE("lines that are there are not added again") {
  const OneHost before("<VirtualHost *:80>\n  ServerName a\n</VirtualHost>\n");
  os::write_file(before.layout.folder / "etc/httpd.conf", before.with_lines(), 0644);
  const ApacheConfig config(before.layout.apache);
  const ApacheProof again = plan_apache_proof(config, hosts_to_prove(config, {"a.example"}), "/srv/acme");
  CHECK(again.edits.changes.empty());
  REQUIRE(again.marks.size() == 2);
  CHECK(again.marks[0].starts_with(mark_start));
  CHECK(again.marks[0] != again.marks[1]);
  REQUIRE(again.edits.files.size() == 2);
  CHECK(again.edits.files[0].content.find("\"/srv/acme/.well-known/acme-challenge/$1\" [END]") !=
        std::string::npos);
}

TEST_CASE("hosts that could be asked are those of the name, and the default one of port 80") {
  const Layout layout({{"httpd.conf",
                        "<VirtualHost *:80>\n</VirtualHost>\n<VirtualHost 10.0.0.1:80>\n</VirtualHost>\n"
                        "<VirtualHost *:443>\n</VirtualHost>\n<VirtualHost *:8080>\n</VirtualHost>\n"}},
                      Layout::dump_of("10.0.0.1:80   b (@/httpd.conf:3)\n*:80   a (@/httpd.conf:1)\n"
                                      "*:443   a (@/httpd.conf:5)\n*:8080   c (@/httpd.conf:7)\n"));
  const ApacheConfig config(layout.apache);
  const auto lines = [&](const std::string& name) {
    std::string all;
    for (const ApacheHost* host : hosts_to_prove(config, {name}))
      all += std::to_string(host->place.line) + " ";
    return all;
  };
  CHECK(lines("a") == "3 1 5 ");
  CHECK(lines("other") == "3 1 ");
  CHECK(lines("c") == "3 1 7 ");
}

TEST_CASE("what the lines cannot overcome, or would change, is refused") {
  const auto host = [](const std::string& inside) {
    return "<VirtualHost *:80>\n" + inside + "</VirtualHost>\n";
  };
  CHECK(refusal(host("<Location />\nRedirect / https://x/\n</Location>\n"))
            .find(":2: this section redirects") != std::string::npos);
  CHECK(refusal(host("<Location /shop>\nRedirect / https://x/\n</Location>\n")).empty());
  CHECK(refusal(host("RewriteRule ^ https://x/\n")).find(":1: has rewrite rules that are off") !=
        std::string::npos);
  CHECK(refusal(host("RewriteEngine on\nRewriteRule ^ https://x/\nRewriteEngine Off\n")).find("off") !=
        std::string::npos);
  CHECK(refusal(host("RewriteEngine On\nRewriteRule ^ https://x/\n")).empty());
  CHECK(refusal(host("RewriteEngine off\n")).empty());
  const OneHost doubtful(host("<If \"%{HTTPS} != 'on'\">\nRedirect / https://x/\n</If>\n"));
  REQUIRE(doubtful.proof().notes.size() == 1);
  CHECK(doubtful.proof().notes[0].find("httpd.conf:2: if this section redirects") != std::string::npos);
  CHECK_THROWS_AS(doubtful.proof("/srv/$x"), Error);
  CHECK_THROWS_AS(doubtful.proof("/srv/a*"), Error);
}

TEST_CASE("a macro's host is refused with the lines to write, and so is an Apache without mod_rewrite") {
  const Layout layout(apache_debian, apache_debian_dump);
  const ApacheConfig config(layout.apache);
  try {
    plan_apache_proof(config, hosts_to_prove(config, {"m1.example.com"}), "/srv/acme");
    CHECK(false);
  } catch (const Error& error) {
    CHECK(error.code == Exit::usage);
    CHECK(error.message.starts_with("macro 'site' used at "));
    CHECK(error.hint.find("RewriteRule") != std::string::npos);
  }
  Layout bare({{"httpd.conf", "<VirtualHost *:80>\n</VirtualHost>\n"}},
              Layout::dump_of("*:80   a.example (@/httpd.conf:1)\n"));
  bare.apache.dump.modules.erase("rewrite_module");
  const ApacheConfig without(bare.apache);
  try {
    plan_apache_proof(without, hosts_to_prove(without, {"a.example"}), "/srv");
    CHECK(false);
  } catch (const Error& error) {
    CHECK(error.code == Exit::config);
    CHECK(error.message.find("Apache has not loaded mod_rewrite, and its file is not") != std::string::npos);
    CHECK(error.hint == "install it, then run certo again; or prove names with --webroot");
  }
}

TEST_CASE("mod_rewrite is enabled for the proof, as Debian does it") {
  Layout layout({{"httpd.conf", "<VirtualHost *:80>\n</VirtualHost>\n"},
                 {"mods-available/rewrite.load", "LoadModule rewrite_module x.so\n"},
                 {"mods-enabled/x", ""}},
                Layout::dump_of("*:80   a.example (@/httpd.conf:1)\n"));
  const auto links_of = [&] {
    const ApacheConfig config(layout.apache);
    const ApacheProof proof = plan_apache_proof(config, hosts_to_prove(config, {"a.example"}), "/srv");
    std::vector<OwnFile> links = proof.edits.files;
    std::erase_if(links, [](const OwnFile& one) { return one.target.empty(); });
    return std::pair(links, proof.notes);
  };
  CHECK(links_of().first.empty());  // it is loaded otherwise
  layout.apache.dump.modules.erase("rewrite_module");
  const auto [links, notes] = links_of();
  REQUIRE(links.size() == 1);
  CHECK(links[0].part == EditPart::proof);
  CHECK(links[0].path == layout.folder / "etc/mods-enabled/rewrite.load");
  CHECK(links[0].target == "../mods-available/rewrite.load");
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].starts_with("certo enables modules of Apache, as 'a2enmod rewrite' does: rewrite; "));
}
