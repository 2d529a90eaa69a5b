// Apache's plans on the disk, and the way back from each step.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>

#include "fixtures/apache_tls_site.h"
#include "webserver/apache_proof.h"
#include "webserver/editing.h"

using namespace certo;
using namespace certo::test;
using namespace certo::webserver;

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

TEST_CASE("the file with a moved text is not readable for more people than the site's") {
  const Bench bench("  ServerName a.example\n  SetEnv KEY secret\n");
  REQUIRE(::chmod(bench.site.path("httpd.conf").c_str(), 0640) == 0);
  bench.install();
  CHECK(mode_of(bench.site.path("certo/a.example.body.conf")) == 0640);
  CHECK(mode_of(bench.site.path("certo/a.example.tls.conf")) == 0644);
}
